import { isZeroPiece, type Pieces, readPiece } from "../pieces.ts";
import type { Take, Thread } from "../thread.ts";

/** Items are places in `order`. */
export interface PoolObjectsArgs {
  readonly pieces: Pieces;
  /** The pieces to look at. */
  readonly order: Uint32Array;
  readonly plan: number;
  /** Room for a piece and its tail, this thread's. */
  readonly buffer: number;
  /** 2,048 bytes, this thread's. */
  readonly marks: number;
  /** As the survey left them. */
  readonly pages: number;
  /** Four u64 a type, this thread's, zero at first. */
  readonly tally: number;
  /** Eight u64, this thread's, zero at first. */
  readonly sums: number;
  /** For each item, where its records go: room for one a block in use. */
  readonly places: Float64Array;
  /** For each item, the bytes of its records (u32). */
  readonly wrote: number;
}

/** Finds the objects in pools. Its results are in the memory. */
export function* poolObjects(thread: Thread, args: PoolObjectsArgs, take: Take): Generator<void, void> {
  const { kernel, memory } = thread;
  const { pieces, buffer } = args;
  for (let item = take(); item !== null; item = take()) {
    const piece = args.order[item] ?? 0;
    // Nothing begins there, and nothing there leads anywhere.
    if (isZeroPiece(pieces, piece, memory, args.pages)) continue;
    readPiece(pieces, piece, memory, buffer);
    const wrote = kernel.poolObjects({
      plan: args.plan,
      at: buffer,
      bytes: pieces.bytes[piece] ?? 0,
      address: BigInt(pieces.starts[piece] ?? 0),
      pages: args.pages + (pieces.firstPages[piece] ?? 0),
      marks: args.marks,
      tally: args.tally,
      sums: args.sums,
      to: args.places[item] ?? 0,
    });
    new Uint32Array(memory.buffer, args.wrote, args.order.length)[item] = wrote;
    yield;
  }
}
