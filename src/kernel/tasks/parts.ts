import type { Spill } from "./spill.ts";

/** The blocks of all parts: those of part p are [firsts[p], firsts[p + 1]). Shared between threads. */
export interface BlockList {
  readonly firsts: Uint32Array;
  readonly words: Uint32Array;
  /** In memory or in the spill file, as `Spill` has them. */
  readonly place: Float64Array;
}

/** Items are parts. */
export interface GroupArgs {
  readonly blocks: BlockList;
  /** Two buffers of `room` words and `known.slack` more, this thread's. */
  readonly buffers: readonly [number, number];
  readonly room: number;
  /** (word u64, count u64) of the keys, greatest word first; those of part p are [firsts[p], firsts[p + 1]). */
  readonly known: { readonly at: number; readonly firsts: Uint32Array; readonly slack: number };
  /** 8 KiB, this thread's. */
  readonly histogram: number;
  /** A u32, this thread's. */
  readonly once: number;
  /** Room for (count u64, rows u64) of each different count in a part, this thread's. */
  readonly steps: number;
  readonly spill: Spill | null;
}

/** Rows of one part, or of one round of a part too large for the buffers. */
export interface Group {
  readonly part: number;
  /** Rounds of one part hold lesser and lesser words. */
  readonly round: number;
  /** Where its words are, in the order of the rows; null: in the part's own blocks, from the first on. */
  readonly place: number | null;
  /** (count, rows) in turn, greatest count first. */
  readonly steps: Float64Array;
}
