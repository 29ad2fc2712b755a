import { SUMS_BYTES } from "../abi/page-sums.ts";
import { type Pieces, readPiece } from "../pieces.ts";
import type { Take, Thread } from "../thread.ts";

/** Items are pieces. */
export interface SurveyArgs {
  readonly pieces: Pieces;
  /** Room for a piece and its tail, this thread's. */
  readonly buffer: number;
  /** 2,048 bytes, this thread's. */
  readonly marks: number;
  /** A byte a page: what it is. */
  readonly pages: number;
  /** For each piece three u32: blocks in use, pools, torn pools. */
  readonly sums: number;
  /** Room for `most` addresses (u64), this thread's. */
  readonly candidates: number;
  readonly most: number;
  /** Bytes of an object's header. */
  readonly header: number;
}

/**
 * Finds pools and what may be type objects. Returns how many candidates this thread found: they are at `candidates`,
 * but no more than `most`.
 */
export function* survey(
  thread: Thread,
  args: SurveyArgs,
  take: Take,
): Generator<void, { thread: number; found: number }> {
  const { kernel, memory } = thread;
  const { pieces, buffer, most } = args;
  let found = 0;
  for (let piece = take(); piece !== null; piece = take()) {
    readPiece(pieces, piece, memory, buffer);
    const kept = Math.min(found, most);
    found += kernel.surveyPages({
      at: buffer,
      bytes: pieces.bytes[piece] ?? 0,
      tail: pieces.tails[piece] ?? 0,
      address: BigInt(pieces.starts[piece] ?? 0),
      pages: args.pages + (pieces.firstPages[piece] ?? 0),
      candidates: args.candidates + kept * 8,
      most: most - kept,
      header: args.header,
      marks: args.marks,
      sums: args.sums + piece * SUMS_BYTES,
    });
    yield;
  }
  return { thread: thread.index, found };
}
