// A 64-bit column is filled and compared as two u32 halves in bulk: a bigint for each of a million symbols
// would be most of the time that reading a map takes.
const isLittle = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Where the low half of element i stands in a Uint32Array over a BigUint64Array: at `2 * i + LOW`. */
export const LOW = isLittle ? 0 : 1;
export const HIGH = 1 - LOW;

/** The halves of a 64-bit column, sharing its memory. */
export function halves(column: BigUint64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2);
}

/** The number above every address. */
export const ADDRESS_END = 1n << 64n;
