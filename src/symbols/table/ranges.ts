import { ADDRESS_END } from "./wide.ts";

/**
 * Address ranges as sorted pairs `start, end`, [start, end), neither overlapping nor touching.
 * An end of 2^64 does not fit and is stored as 0, so `word - start < end - start` modulo 2^64 holds for
 * exactly the words of a pair; the whole address space is two pairs, split at 2^63, to keep that true.
 */
export type NamedRanges = BigUint64Array;

/** The index of the last pair that starts at or below the word, -1 where none does. A binary search. */
export function lastRangeFrom(ranges: NamedRanges, word: bigint): number {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[2 * middle] ?? 0n) <= word) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The union of several. */
export function mergeRanges(parts: readonly NamedRanges[]): NamedRanges {
  return parts.length === 0 ? new BigUint64Array(0) : parts.reduce(mergeTwo);
}

function mergeTwo(a: NamedRanges, b: NamedRanges): NamedRanges {
  const list = new RangeList();
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const isFirst = j >= b.length || (i < a.length && (a[i] ?? 0n) <= (b[j] ?? 0n));
    const from = isFirst ? a : b;
    const at = isFirst ? i : j;
    list.add(from[at] ?? 0n, from[at + 1] || ADDRESS_END);
    if (isFirst) i += 2;
    else j += 2;
  }
  return list.pack();
}

/** Collects ranges in the order of their starts, joining those that overlap or touch. */
export class RangeList {
  #bounds = new BigUint64Array(64);
  #length = 0;
  #start = 0n;
  #end = 0n;

  /** [start, end) with an end of up to 2^64; no start below the one before. */
  add(start: bigint, end: bigint): void {
    if (start > this.#end) {
      this.#close();
      this.#start = start;
      this.#end = end;
    } else if (end > this.#end) this.#end = end;
  }

  /** Takes one address out of what was added so far; later ranges start above it. */
  cut(at: bigint): void {
    if (at < this.#start || at >= this.#end) return;
    const end = this.#end;
    this.#end = at;
    this.#close();
    this.#start = at + 1n;
    this.#end = end;
  }

  pack(): NamedRanges {
    if (this.#start === 0n && this.#end === ADDRESS_END) {
      return BigUint64Array.of(0n, 1n << 63n, 1n << 63n, 0n);
    }
    this.#close();
    return this.#bounds.slice(0, this.#length);
  }

  #close(): void {
    if (this.#end <= this.#start) return;
    if (this.#length === this.#bounds.length) {
      const grown = new BigUint64Array(2 * this.#length);
      grown.set(this.#bounds);
      this.#bounds = grown;
    }
    this.#bounds[this.#length] = this.#start;
    this.#bounds[this.#length + 1] = this.#end; // stored modulo 2^64
    this.#length += 2;
  }
}
