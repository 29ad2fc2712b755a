/**
 * The order that sorts 64-bit keys given as two u32 columns: `order[i]` is the index of the i-th smallest.
 * Stable: equal keys stay in the order they came. Null where the keys are in order already (nm -n, kallsyms).
 * LSD radix sort by bytes; a byte that all keys share costs nothing, so user-space addresses take 3 to 5 passes.
 * Allocates 8 bytes a key, of which 4 are returned.
 */
export function sortOrder(high: Uint32Array, low: Uint32Array): Uint32Array | null {
  const count = low.length;
  if (isSorted(high, low)) return null;
  let from = new Uint32Array(count);
  for (let i = 0; i < count; i++) from[i] = i;
  let to = new Uint32Array(count);
  const starts = new Uint32Array(256);
  for (const column of [low, high]) {
    for (let shift = 0; shift < 32; shift += 8) {
      starts.fill(0);
      for (let i = 0; i < count; i++) {
        const digit = ((column[i] ?? 0) >>> shift) & 255;
        starts[digit] = (starts[digit] ?? 0) + 1;
      }
      if (starts[((column[0] ?? 0) >>> shift) & 255] === count) continue;
      let sum = 0;
      for (let digit = 0; digit < 256; digit++) {
        const here = starts[digit] ?? 0;
        starts[digit] = sum;
        sum += here;
      }
      for (let i = 0; i < count; i++) {
        const index = from[i] ?? 0;
        const digit = ((column[index] ?? 0) >>> shift) & 255;
        const place = starts[digit] ?? 0;
        starts[digit] = place + 1;
        to[place] = index;
      }
      [from, to] = [to, from];
    }
  }
  return from;
}

function isSorted(high: Uint32Array, low: Uint32Array): boolean {
  for (let i = 1; i < low.length; i++) {
    const before = high[i - 1] ?? 0;
    const here = high[i] ?? 0;
    if (before > here || (before === here && (low[i - 1] ?? 0) > (low[i] ?? 0))) return false;
  }
  return true;
}
