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
  const wanted = Float64Array.from(words, Number).sort();
  const starts: number[] = [];
  for (let i = 0; i < addresses.length; i += 2) {
    const high = addresses[i + HIGH] ?? 0;
    const start = high * HALF + (addresses[i + LOW] ?? 0);
    const slack = high < EXACT_HIGH ? 0 : HALF;
    const next = wanted[firstFrom(wanted, start - slack)];
    if (next === undefined) continue;
    const size = sizes ? (sizes[i + HIGH] ?? 0) * HALF + (sizes[i + LOW] ?? 0) : 0;
    if (next <= start + Math.max(size - 1, 0) + slack) starts.push(start);
  }
  const found: number[] = [];
  if (starts.length === 0) return found;
  const places = Float64Array.from(starts).sort();
  for (let i = 0; i < addresses.length; i += 2) {
    const start = (addresses[i + HIGH] ?? 0) * HALF + (addresses[i + LOW] ?? 0);
    if (places[firstFrom(places, start)] === start) found.push(i / 2);
  }
  return found;
}

/** The index of the first that is at least `least`. */
function firstFrom(sorted: Float64Array, least: number): number {
  let start = 0;
  let end = sorted.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if ((sorted[middle] ?? 0) < least) start = middle + 1;
    else end = middle;
  }
  return start;
}
