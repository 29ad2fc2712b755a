import { Chunks } from "../chunks.ts";
import type { Take, Thread } from "../thread.ts";
import { type KeyTable, TABLE } from "./key-table.ts";

/** Items are chunks. */
export interface SketchArgs {
  readonly chunks: Chunks;
  /** Room for a chunk, this thread's. */
  readonly buffer: number;
  readonly table: KeyTable;
  /** This thread's copy of the table, keys written. */
  readonly tableAt: number;
  /** Others (u64) and equals (u64) a slot, this thread's, zero at first. */
  readonly totals: number;
  /** Words after which the 32-bit counters are emptied into the totals: below 2^32 less a chunk. */
  readonly foldAfter: number;
}

/** Counts the keys and bounds all other words. Its result is in the totals; returns the words it saw. */
export function* sketch(thread: Thread, args: SketchArgs, take: Take): Generator<void, number> {
  const { kernel, memory } = thread;
  const { table, tableAt, buffer } = args;
  const chunks = Chunks.revive(args.chunks);
  const shift = TABLE.shift(table);
  const fold = () => kernel.fold(tableAt, 2 ** table.bits, args.totals);
  let all = 0;
  let unfolded = 0;
  for (let item = take(); item !== null; item = take()) {
    const words = chunks.read(chunks.at(item), kernel, memory, buffer);
    if (unfolded + words > args.foldAfter) {
      fold();
      unfolded = 0;
    }
    kernel.sketch({ chunk: buffer, words, table: tableAt, multiplier: table.multiplier, shift });
    unfolded += words;
    all += words;
    yield;
  }
  fold();
  return all;
}
