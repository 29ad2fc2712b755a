// struct pool_header (CPython, Objects/obmalloc.c, since 3.12 Include/internal/pycore_obmalloc.h), 64-bit: offsets of
// ref.count, freeblock (u64), arenaindex, szidx, nextoffset and maxnextoffset; all others are u32.
export const USED_BLOCKS = 0;
export const FREE_BLOCK = 8;
export const ARENA_INDEX = 32;
export const SIZE_CLASS = 36;
export const NEXT_OFFSET = 40;
export const LAST_OFFSET = 44;
/** Bytes of the header; the first block follows. */
export const HEADER_BYTES = 48;

/** Pools have 4 KiB up to CPython 3.9 and 16 KiB since, and are aligned to their size within an arena. */
export const SMALL_POOL_BYTES = 4096;
export const LARGE_POOL_BYTES = 16384;
/** Blocks up to this size are pymalloc's (SMALL_REQUEST_THRESHOLD). */
export const MOST_BLOCK_BYTES = 512;
