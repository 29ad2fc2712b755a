import { HIGH, LOW } from "./wide.ts";

/**
 * The order that sorts 64-bit keys given as their u32 halves: `order[i]` is the index of the i-th smallest.
 * Stable: equal keys stay in the order they came. Null where the keys are in order already (nm -n, kallsyms).
 * LSD radix sort by bytes; a byte that all keys share costs nothing, so user-space addresses take 3 to 5 passes.
 * The half that is sorted by goes along with the index, for to fetch it by the index is a cache miss a key.
 * Allocates 16 bytes a key, of which 4 are returned.
 */
export function sortOrder(keys: Uint32Array): Uint32Array | null {
  if (isSorted(keys)) return null;
  const count = keys.length / 2;
  let from = { half: new Uint32Array(count), order: new Uint32Array(count) };
  let to = { half: new Uint32Array(count), order: new Uint32Array(count) };
  for (let i = 0; i < count; i++) from.order[i] = i;
  for (const which of [LOW, HIGH]) {
    if (isShared(keys, which)) continue;
    fetchHalves(keys, which, from);
    const counts = countDigits(from.half);
    for (let shift = 0; shift < 32; shift += 8) {
      const places = counts.subarray(shift * 32, (shift + 8) * 32);
      if (places[((from.half[0] ?? 0) >>> shift) & 255] === count) continue;
      sumUp(places);
      distribute(from, to, shift, places);
      [from, to] = [to, from];
    }
  }
  return from.order;
}

function isShared(keys: Uint32Array, which: number): boolean {
  for (let i = which; i < keys.length; i += 2) if (keys[i] !== keys[which]) return false;
  return true;
}

/** Some keys' halves, and which keys they are of. */
interface Keys {
  readonly half: Uint32Array;
  readonly order: Uint32Array;
}

function fetchHalves(keys: Uint32Array, which: number, { half, order }: Keys): void {
  for (let i = 0; i < order.length; i++) half[i] = keys[2 * (order[i] ?? 0) + which] ?? 0;
}

/** One pass: a function of its own, which is compiled once for all of them. */
function distribute(from: Keys, to: Keys, shift: number, places: Uint32Array): void {
  const { half, order } = from;
  const { half: toHalf, order: toOrder } = to;
  for (let i = 0; i < half.length; i++) {
    const key = half[i] ?? 0;
    const digit = (key >>> shift) & 255;
    const place = places[digit] ?? 0;
    places[digit] = place + 1;
    toHalf[place] = key;
    toOrder[place] = order[i] ?? 0;
  }
}

/** Turns how often each digit occurs into where the first of it goes. */
function sumUp(counts: Uint32Array): void {
  let sum = 0;
  for (let digit = 0; digit < 256; digit++) {
    const here = counts[digit] ?? 0;
    counts[digit] = sum;
    sum += here;
  }
}

/** How often every byte value occurs at each of a column's 4 bytes: 256 counts a byte, the lowest first. */
function countDigits(column: Uint32Array): Uint32Array {
  const counts = new Uint32Array(4 * 256);
  for (let i = 0; i < column.length; i++) {
    const key = column[i] ?? 0;
    const a = key & 255;
    const b = 256 + ((key >>> 8) & 255);
    const c = 512 + ((key >>> 16) & 255);
    const d = 768 + (key >>> 24);
    counts[a] = (counts[a] ?? 0) + 1;
    counts[b] = (counts[b] ?? 0) + 1;
    counts[c] = (counts[c] ?? 0) + 1;
    counts[d] = (counts[d] ?? 0) + 1;
  }
  return counts;
}

function isSorted(keys: Uint32Array): boolean {
  for (let i = 2; i < keys.length; i += 2) {
    const before = keys[i - 2 + HIGH] ?? 0;
    const here = keys[i + HIGH] ?? 0;
    if (before > here || (before === here && (keys[i - 2 + LOW] ?? 0) > (keys[i + LOW] ?? 0))) return false;
  }
  return true;
}
