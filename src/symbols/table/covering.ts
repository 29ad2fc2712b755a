import { HIGH, LOW } from "./wide.ts";

const HALF = 2 ** 32;
/** Numbers are exact with a high half below this; of larger ones that are rounded a few more are found. */
const EXACT_HIGH = 2 ** 21;

/**
 * Which symbols can name one of the words, as indices that ascend: all that start where one starts that contains a word
 * or starts at it, and hardly any other. Among all symbols these name the words as they do among themselves.
 * @param addresses as halves, two a symbol
 * @param sizes likewise, 0 = unknown; null while all are
 */
export function findCovering(
  addresses: Uint32Array,
  sizes: Uint32Array | null,
  words: readonly bigint[],
): number[] {
  const wanted = new Ascending(words.map(Number));
  const starts: number[] = [];
  for (let i = 0; i < addresses.length; i += 2) {
    const high = addresses[i + HIGH] ?? 0;
    const start = high * HALF + (addresses[i + LOW] ?? 0);
    const slack = high < EXACT_HIGH ? 0 : HALF;
    const size = sizes ? (sizes[i + HIGH] ?? 0) * HALF + (sizes[i + LOW] ?? 0) : 0;
    if (wanted.next(start - slack) <= start + Math.max(size - 1, 0) + slack) starts.push(start);
  }
  const found: number[] = [];
  if (starts.length === 0) return found;
  const covering = new Ascending(starts);
  for (let i = 0; i < addresses.length; i += 2) {
    const start = (addresses[i + HIGH] ?? 0) * HALF + (addresses[i + LOW] ?? 0);
    if (covering.next(start) === start) found.push(i / 2);
  }
  return found;
}

/** Sorted numbers, to be asked for many times. */
class Ascending {
  readonly #values: Float64Array;
  /** The last answer and the number before it: most symbols lie between the same two words. */
  #before = Number.POSITIVE_INFINITY;
  #next = Number.NEGATIVE_INFINITY;

  constructor(values: readonly number[]) {
    this.#values = Float64Array.from(values).sort();
  }

  /** The first that is at least `least`, or Infinity. */
  next(least: number): number {
    return least > this.#before && least <= this.#next ? this.#next : this.#find(least);
  }

  #find(least: number): number {
    let start = 0;
    let end = this.#values.length;
    while (start < end) {
      const middle = (start + end) >>> 1;
      if ((this.#values[middle] ?? 0) < least) start = middle + 1;
      else end = middle;
    }
    this.#before = this.#values[start - 1] ?? Number.NEGATIVE_INFINITY;
    this.#next = this.#values[start] ?? Number.POSITIVE_INFINITY;
    return this.#next;
  }
}
