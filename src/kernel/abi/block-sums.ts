// What `poolObjects` and `chunkObjects` add up: offsets of u64.

/** Of pools with a block in use: those blocks' bytes, of them those that hold objects, freed ones', bytes not carved, headers'. */
export const POOL_BYTES = 0;
export const POOL_OBJECT_BYTES = 8;
export const POOL_FREE_BYTES = 16;
export const POOL_UNCARVED_BYTES = 24;
export const POOL_HEADER_BYTES = 32;
/** All bytes of pools without one. */
export const FREE_POOL_BYTES = 40;
export const POOL_SUMS_BYTES = 48;

/** Chunks in use, their bytes, of them those that hold objects; free chunks, their bytes; those that are only cached, their bytes. */
export const CHUNKS = 0;
export const CHUNK_BYTES = 8;
export const CHUNK_OBJECT_BYTES = 16;
export const FREE_CHUNKS = 24;
export const FREE_CHUNK_BYTES = 32;
export const CACHED_CHUNKS = 40;
export const CACHED_CHUNK_BYTES = 48;
/** Set to 1 where a size makes no sense. */
export const IS_BROKEN = 56;
/** u32: bytes of the records that a call wrote, and of the other blocks in use. */
export const CHUNK_RECORD_BYTES = 64;
export const CHUNK_SUMS_BYTES = 72;
