import { CoregramError } from "../terms/index.ts";

/** Objects of one heap by address. */
export interface Addressed {
  /** User-space addresses, below 2^53, ascending. */
  readonly addresses: Float64Array;
  /** Type of each, numbered alike in both heaps. */
  readonly types: Uint32Array;
  readonly sizes: Uint32Array | Float64Array;
}

/** Objects of a type that have no namesake in the other heap. */
export interface NewObjects {
  readonly type: number;
  readonly count: number;
  readonly bytes: number;
}

/**
 * Objects of the newer heap at whose address the older has none of the same type, by type: most bytes first, then
 * most objects, then by type. Addresses are reused, so what is at the same address with the same type may still be
 * another object: these are the least that are new.
 * @throws CoregramError `format` where addresses do not ascend
 */
export function newObjects(older: Addressed, newer: Addressed): NewObjects[] {
  checkAscending(older.addresses);
  checkAscending(newer.addresses);
  const found = new Map<number, { count: number; bytes: number }>();
  let at = 0;
  for (let i = 0; i < newer.addresses.length; ++i) {
    const address = newer.addresses[i] ?? 0;
    while ((older.addresses[at] ?? Number.POSITIVE_INFINITY) < address) ++at;
    const type = newer.types[i] ?? 0;
    if (older.addresses[at] === address && older.types[at] === type) continue;
    let sum = found.get(type);
    if (sum === undefined) {
      sum = { count: 0, bytes: 0 };
      found.set(type, sum);
    }
    ++sum.count;
    sum.bytes += newer.sizes[i] ?? 0;
  }
  return [...found]
    .map(([type, sum]) => ({ type, ...sum }))
    .sort((a, b) => b.bytes - a.bytes || b.count - a.count || a.type - b.type);
}

function checkAscending(addresses: Float64Array): void {
  for (let i = 1; i < addresses.length; ++i)
    if (!((addresses[i - 1] ?? 0) < (addresses[i] ?? 0)))
      throw new CoregramError("format", `object ${i} at ${addresses[i]} is not above the one before it`);
}
