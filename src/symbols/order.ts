/**
 * The order that sorts 64-bit keys given as two u32 columns: `order[i]` is the index of the i-th smallest.
 * Stable: equal keys stay in the order they came. Null where the keys are in order already (nm -n, kallsyms).
 * LSD radix sort by bytes; a byte that all keys share costs nothing, so user-space addresses take 3 to 5 passes.
 * Allocates 8 bytes a key, of which 4 are returned.
 */
export function sortOrder(high: Uint32Array, low: Uint32Array): Uint32Array | null {
  const count = low.length;
  if (isSorted(high, low)) return null;
  let from: Uint32Array | null = null;
  let spare: Uint32Array | null = null;
  for (const column of [low, high]) {
    const counts = countDigits(column);
    for (let shift = 0; shift < 32; shift += 8) {
      const starts = counts.subarray(shift * 32, (shift + 8) * 32);
      if (starts[((column[0] ?? 0) >>> shift) & 255] === count) continue;
      let sum = 0;
      for (let digit = 0; digit < 256; digit++) {
        const here = starts[digit] ?? 0;
        starts[digit] = sum;
        sum += here;
      }
      const to: Uint32Array = spare ?? new Uint32Array(count);
      for (let i = 0; i < count; i++) {
        const index = from ? (from[i] ?? 0) : i;
        const digit = ((column[index] ?? 0) >>> shift) & 255;
        const place = starts[digit] ?? 0;
        starts[digit] = place + 1;
        to[place] = index;
      }
      spare = from;
      from = to;
    }
  }
  return from;
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

function isSorted(high: Uint32Array, low: Uint32Array): boolean {
  for (let i = 1; i < low.length; i++) {
    const before = high[i - 1] ?? 0;
    const here = high[i] ?? 0;
    if (before > here || (before === here && (low[i - 1] ?? 0) > (low[i] ?? 0))) return false;
  }
  return true;
}
