import type { MemoryReader } from "../../../blocks/index.ts";

/** PyArrayObject_fields (numpy/core/include/numpy/ndarraytypes.h, since 1.7 and in 2.x). */
const ARRAY = { data: 16, nd: 24, dimensions: 32, descr: 56, flags: 64 } as const;
/** NPY_ARRAY_OWNDATA. */
const OWNS_DATA = 4;
/**
 * PyArray_Descr of 1.x: type_num, then i32 elsize and i32 alignment, which is never 0; of 2.x in their place u64 flags, of
 * which the upper half is not used, and behind them i64 elsize.
 */
const DESCR = { typeNumber: 28, bytes: 32, alignment: 36, bytesIn2: 40 } as const;
/** NPY_OBJECT. */
const OBJECTS = 17;
/** NPY_MAXDIMS, in 2.x. */
const MOST_DIMENSIONS = 64;
const MOST_BYTES = 2 ** 47;

/** What a numpy array has for itself. */
export interface Ndarray {
  readonly dimensions: number;
  readonly data: number;
  /** Of its elements; 0 of a view, and of what has its memory from elsewhere. */
  readonly ownBytes: number;
  readonly holdsObjects: boolean;
  /** Of its dimensions and strides. */
  readonly shapeBytes: number;
}

/** Null where its fields make no sense. */
export function readNdarray(reader: MemoryReader, at: number): Ndarray | null {
  const count = reader.u32(at + ARRAY.nd);
  if (!(count <= MOST_DIMENSIONS)) return null;
  const dimensions = reader.u64(at + ARRAY.dimensions);
  const descr = reader.u64(at + ARRAY.descr);
  const isOld = reader.u32(descr + DESCR.alignment) !== 0;
  let bytes = isOld ? reader.u32(descr + DESCR.bytes) : reader.u64(descr + DESCR.bytesIn2);
  for (let index = 0; index < count; index += 1) bytes *= reader.u64(dimensions + 8 * index);
  if (!(bytes <= MOST_BYTES)) return null;
  const isOwn = (reader.u32(at + ARRAY.flags) & OWNS_DATA) !== 0;
  return {
    dimensions,
    data: reader.u64(at + ARRAY.data),
    ownBytes: isOwn ? bytes : 0,
    holdsObjects: reader.u32(descr + DESCR.typeNumber) === OBJECTS,
    shapeBytes: 16 * count,
  };
}

/** numpy/core/src/multiarray/methods.c, array_sizeof: the struct, dimensions and strides, and the elements that it owns. */
export function ndarrayBytes(reader: MemoryReader, at: number): number {
  const array = readNdarray(reader, at);
  return array === null ? 0 : array.shapeBytes + array.ownBytes;
}
