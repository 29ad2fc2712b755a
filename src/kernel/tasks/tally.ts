import { Chunks } from "../chunks.ts";
import type { Take, Thread } from "../thread.ts";
import { type KeyTable, TABLE } from "./key-table.ts";

/** Items are chunks. */
export interface TallyArgs {
  readonly chunks: Chunks;
  readonly buffer: number;
  readonly table: KeyTable;
  readonly tableAt: number;
  /** A byte a slot: words that fall where it is not 0 are counted, keys excepted. */
  readonly hot: number;
  /** 2^countsBits entries (word u64, count u64), this thread's, zero at first. */
  readonly counts: number;
  readonly countsBits: number;
}

/** Counts the words of the hot slots exactly. Returns how many words found no place: then the counts are not exact. */
export function* tally(thread: Thread, args: TallyArgs, take: Take): Generator<void, number> {
  const { kernel, memory } = thread;
  const chunks = Chunks.revive(args.chunks);
  const shift = TABLE.shift(args.table);
  let lost = 0;
  for (let item = take(); item !== null; item = take()) {
    const words = chunks.read(chunks.at(item), kernel, memory, args.buffer);
    lost += kernel.tally({
      chunk: args.buffer,
      words,
      table: args.tableAt,
      multiplier: args.table.multiplier,
      shift,
      hot: args.hot,
      counts: args.counts,
      mask: 2 ** args.countsBits - 1,
    });
    yield;
  }
  return lost;
}
