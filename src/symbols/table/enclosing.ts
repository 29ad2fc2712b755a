import { HIGH, halves, LOW } from "./wide.ts";

/** No symbol encloses this one. */
export const NONE = 0xffffffff;

/**
 * For a word past the end of the symbol that starts last before it: which earlier ones to ask.
 * `parent[i]` is the latest j < i that ends after i does, or NONE; ends only grow along that chain, so
 * nothing between may contain the word. `jump[i]` is an ancestor further up (Myers, "An applicative
 * random-access stack", 1983): a chain of any depth is searched in O(log n) steps, however hostile the map.
 */
export interface Enclosing {
  readonly parent: Uint32Array;
  readonly jump: Uint32Array;
}

/**
 * Columns sorted by address, no address twice, no size beyond 2^64 - address. An unknown size (0) counts as
 * one byte. Null where no symbol encloses or overlaps another: then the last start is the only candidate.
 */
export function findEnclosing(addresses: BigUint64Array, sizes: BigUint64Array): Enclosing | null {
  const count = addresses.length;
  if (!hasOverlap(halves(addresses), halves(sizes))) return null;
  const last = halves(lastAddresses(addresses, sizes));
  const parent = new Uint32Array(count);
  const jump = new Uint32Array(count);
  const depth = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    let j = i - 1;
    while (j >= 0 && !isAbove(last, j, last, i)) {
      const up = parent[j] ?? NONE;
      j = up === NONE ? -1 : up;
    }
    if (j < 0) {
      parent[i] = NONE;
      jump[i] = NONE;
      continue;
    }
    parent[i] = j;
    depth[i] = (depth[j] ?? 0) + 1;
    const first = jump[j] ?? NONE;
    const second = first === NONE ? NONE : (jump[first] ?? NONE);
    const isEven =
      second !== NONE && (depth[j] ?? 0) - (depth[first] ?? 0) === (depth[first] ?? 0) - (depth[second] ?? 0);
    jump[i] = isEven ? second : j;
  }
  return { parent, jump };
}

/** Inclusive, so that a symbol may end with the address space. */
function lastAddresses(addresses: BigUint64Array, sizes: BigUint64Array): BigUint64Array {
  const lasts = addresses.slice();
  const last = halves(lasts);
  const size = halves(sizes);
  for (let i = 0; i < lasts.length * 2; i += 2) {
    const sizeLow = size[i + LOW] ?? 0;
    const sizeHigh = size[i + HIGH] ?? 0;
    if (sizeLow === 0 && sizeHigh === 0) continue;
    const low = (last[i + LOW] ?? 0) + sizeLow - 1;
    const carry = low < 0 ? -1 : low > 0xffffffff ? 1 : 0;
    last[i + LOW] = low; // modulo 2^32, as typed arrays store
    last[i + HIGH] = (last[i + HIGH] ?? 0) + sizeHigh + carry;
  }
  return lasts;
}

/** Whether one ends after the next one starts: the difference of their starts is less than the size. */
function hasOverlap(start: Uint32Array, size: Uint32Array): boolean {
  for (let i = 2; i < start.length; i += 2) {
    const low = (start[i + LOW] ?? 0) - (start[i - 2 + LOW] ?? 0);
    const high = (start[i + HIGH] ?? 0) - (start[i - 2 + HIGH] ?? 0) - (low < 0 ? 1 : 0);
    const sizeHigh = size[i - 2 + HIGH] ?? 0;
    if (sizeHigh > high || (sizeHigh === high && (size[i - 2 + LOW] ?? 0) > low >>> 0)) return true;
  }
  return false;
}

function isAbove(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  const aHigh = a[2 * i + HIGH] ?? 0;
  const bHigh = b[2 * j + HIGH] ?? 0;
  return aHigh !== bHigh ? aHigh > bHigh : (a[2 * i + LOW] ?? 0) > (b[2 * j + LOW] ?? 0);
}
