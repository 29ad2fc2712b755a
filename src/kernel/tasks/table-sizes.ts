import { type Pieces, readPiece } from "../pieces.ts";
import type { Take, Thread } from "../thread.ts";

/** Items are places in `order`. */
export interface TableSizesArgs {
  readonly pieces: Pieces;
  /** Pieces that hold tables. */
  readonly order: Uint32Array;
  /** For each item the first of its records' places (u32) in the list at `records`; one more entry holds all. */
  readonly firsts: Uint32Array;
  readonly records: number;
  readonly plan: number;
  /** Room for a piece and its tail, this thread's. */
  readonly buffer: number;
  /** Four u64 a type, this thread's. */
  readonly tally: number;
  /** Dicts of more bytes than this are listed at `found`, this thread's, which has room for `most` places (u32). */
  readonly large: number;
  readonly found: number;
  readonly most: number;
}

/** Completes the records of dicts. Returns how many large ones this thread found; no more than `most` are listed. */
export function* tableSizes(
  thread: Thread,
  args: TableSizesArgs,
  take: Take,
): Generator<void, { thread: number; found: number }> {
  const { kernel, memory } = thread;
  const { pieces, firsts, buffer, most } = args;
  let found = 0;
  for (let item = take(); item !== null; item = take()) {
    const piece = args.order[item] ?? 0;
    const first = firsts[item] ?? 0;
    readPiece(pieces, piece, memory, buffer);
    const kept = Math.min(found, most);
    found += kernel.tableSizes({
      plan: args.plan,
      records: args.records + first * 4,
      count: (firsts[item + 1] ?? 0) - first,
      at: buffer,
      bytes: (pieces.bytes[piece] ?? 0) + (pieces.tails[piece] ?? 0),
      address: BigInt(pieces.starts[piece] ?? 0),
      tally: args.tally,
      large: args.large,
      found: args.found + kept * 4,
      most: most - kept,
    });
    yield;
  }
  return { thread: thread.index, found };
}
