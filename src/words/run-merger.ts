import { type Crew, KernelMemory } from "../kernel/index.ts";

/** A (word u64, count u64) in the kernel's memory. */
const PAIR_BYTES = 16;

/** Words of one column, their counts in another. */
export interface WordCounts {
  readonly words: BigUint64Array;
  /** As many, each at least 1. */
  readonly counts: BigUint64Array | BigInt64Array;
}

/** Merges sorted runs of words with their counts, in the kernel; the counts of equal words are added. */
export class RunMerger {
  readonly #crew: Crew;
  readonly #room: number;
  #runs: number;
  #spare: number;
  /** How many of each run, one behind the other from `#runs` on. */
  #counts: number[] = [];
  #filled = 0;

  /** @param room that all runs between two calls of `merge` need at the most, in rows */
  constructor(crew: Crew, room: number) {
    this.#crew = crew;
    this.#room = room;
    this.#runs = crew.memory.place(room * PAIR_BYTES);
    this.#spare = crew.memory.place(room * PAIR_BYTES);
  }

  /** Bytes that one with so much room takes. */
  static bytes(room: number): number {
    return 2 * room * PAIR_BYTES;
  }

  /** A run of words that descend, all of which occur `count` times. */
  addEqual(words: BigUint64Array, count: number): void {
    const pairs = this.#add(words.length);
    const times = BigInt(count);
    for (let row = 0; row < words.length; row += 1) {
      pairs[2 * row] = words[row] ?? 0n;
      pairs[2 * row + 1] = times;
    }
  }

  /** Rows [from, to) of words that ascend. */
  addAscending({ words, counts }: WordCounts, from: number, to: number): void {
    const pairs = this.#add(to - from);
    for (let row = to - 1, at = 0; row >= from; row -= 1, at += 2) {
      pairs[at] = words[row] ?? 0n;
      pairs[at + 1] = counts[row] ?? 0n;
    }
  }

  #add(rows: number): BigUint64Array {
    if (this.#filled + rows > this.#room) throw new RangeError(`${rows} rows more than there is room for`);
    const pairs = new BigUint64Array(
      this.#crew.memory.buffer,
      this.#runs + this.#filled * PAIR_BYTES,
      2 * rows,
    );
    this.#filled += rows;
    this.#counts.push(rows);
    return pairs;
  }

  /**
   * Makes one of the runs that were added, the greatest word first.
   * @returns where its (word, count) are, how many, and room for as many that is free until more is added
   */
  merge(): { readonly at: number; readonly rows: number; readonly spare: number } {
    const { kernel } = this.#crew;
    while (this.#counts.length > 1) {
      const merged: number[] = [];
      let from = this.#runs;
      let to = this.#spare;
      for (let index = 0; index < this.#counts.length; index += 2) {
        const aCount = this.#counts[index] ?? 0;
        const bCount = this.#counts[index + 1] ?? 0;
        const b = from + aCount * PAIR_BYTES;
        const rows = kernel.mergeRuns({ a: from, aCount, b, bCount, to });
        from = b + bCount * PAIR_BYTES;
        to += rows * PAIR_BYTES;
        merged.push(rows);
      }
      [this.#runs, this.#spare, this.#counts] = [this.#spare, this.#runs, merged];
    }
    const rows = this.#counts[0] ?? 0;
    this.#counts = [];
    this.#filled = 0;
    return { at: this.#runs, rows, spare: this.#spare };
  }

  /** What `merge` made as columns of their own, the least word first. */
  ascending({ at, rows }: { readonly at: number; readonly rows: number }): WordCounts {
    const pairs = new BigUint64Array(this.#crew.memory.buffer, at, 2 * rows);
    const words = new BigUint64Array(rows);
    const counts = new BigUint64Array(rows);
    for (let row = 0, pair = 2 * rows - 2; row < rows; row += 1, pair -= 2) {
      words[row] = pairs[pair] ?? 0n;
      counts[row] = pairs[pair + 1] ?? 0n;
    }
    return { words, counts };
  }

  /** Calls `each` with the rows of what `merge` made that occur `least` times at least; it may raise that. */
  scan(
    { at, rows }: { readonly at: number; readonly rows: number },
    least: () => number,
    each: (word: bigint, count: number) => void,
  ): void {
    const pairs = new BigUint64Array(this.#crew.memory.buffer, at, 2 * rows);
    const halves = new Uint32Array(this.#crew.memory.buffer, at, 4 * rows);
    for (let row = 0; row < rows; row += 1) {
      const count = KernelMemory.count(halves, 2 * row + 1);
      if (count >= least()) each(pairs[2 * row] ?? 0n, count);
    }
  }
}
