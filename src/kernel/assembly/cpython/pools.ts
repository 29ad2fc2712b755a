// pymalloc's pools (CPython, Objects/obmalloc.c), found by their own arithmetic: no symbol leads to them.
import { DATA_STACK, IN_POOL, LARGE_POOL, MAPPED, SMALL_POOL, ZEROS } from "../../abi/pages";
import { BLOCKS_IN_USE, POOLS, TORN_POOLS } from "../../abi/page-sums";
import { PAGE_BITS, PAGE_BYTES } from "../../abi/pieces";
import {
  FREE_BLOCK,
  HEADER_BYTES,
  LARGE_POOL_BYTES,
  LAST_OFFSET,
  MOST_BLOCK_BYTES,
  NEXT_OFFSET,
  SIZE_CLASS,
  SMALL_POOL_BYTES,
  USED_BLOCKS,
} from "../../abi/pool";

export const POOL_HEADER: usize = HEADER_BYTES;
const SMALL_BYTES: u32 = SMALL_POOL_BYTES;
const LARGE_BYTES: u32 = LARGE_POOL_BYTES;

/**
 * The size of the pool at `pool`, whose address is `address`, or 0 where there is none. `left` bytes can be read.
 * A pool is aligned to its size.
 */
// @ts-ignore: a decorator on a function
@inline
export function poolBytes(pool: usize, address: u64, left: usize): usize {
  const size = blockBytes(pool);
  if (size == 0) return 0;
  const bytes = <usize>load<u32>(pool, LAST_OFFSET) + <usize>size;
  if (bytes != SMALL_BYTES && bytes != LARGE_BYTES) return 0;
  if (bytes > left || (address & (<u64>bytes - 1)) != 0) return 0;
  const carved = load<u32>(pool, NEXT_OFFSET) - <u32>POOL_HEADER;
  return carved > 0 && carved % size == 0 && carved <= <u32>(bytes - POOL_HEADER) ? bytes : 0;
}

/** Bytes of a block of the pool, by its largest offset of a block: (szidx + 1) * 16, or * 8 up to 3.7; else 0. */
// @ts-ignore: a decorator on a function
@inline
export function blockBytes(pool: usize): u32 {
  const classes = load<u32>(pool, SIZE_CLASS) + 1;
  const last = load<u32>(pool, LAST_OFFSET);
  if (classes == 0 || classes > 64 || last > LARGE_BYTES) return 0;
  const pageRest: u32 = last < SMALL_BYTES ? SMALL_BYTES - last : LARGE_BYTES - last;
  if (pageRest > <u32>MOST_BLOCK_BYTES) return 0;
  return pageRest == classes << 4 || pageRest == classes << 3 ? pageRest : 0;
}

/**
 * Marks the blocks on the pool's free list, a byte a block at `marks` (2,048 of them). Returns how many, or -1
 * where the list leaves the pool, runs in a circle, or does not add up with the header: then the pool was torn
 * while it was changed, or is none.
 */
export function markFree(pool: usize, address: u64, bytes: usize, marks: usize): i32 {
  const size = blockBytes(pool);
  const carved = (load<u32>(pool, NEXT_OFFSET) - <u32>POOL_HEADER) / size;
  memory.fill(marks, 0, <usize>carved);
  let free: u32 = 0;
  let block = load<u64>(pool, FREE_BLOCK);
  while (block != 0) {
    const offset = block - address;
    if (offset >= <u64>bytes || offset < <u64>POOL_HEADER) return -1;
    const index = (<u32>offset - <u32>POOL_HEADER) / size;
    if (index * size + <u32>POOL_HEADER != <u32>offset || index >= carved) return -1;
    if (load<u8>(marks + <usize>index) != 0) return -1;
    store<u8>(marks + <usize>index, 1);
    ++free;
    block = load<u64>(pool + <usize>offset);
  }
  return carved - free == load<u32>(pool, USED_BLOCKS) ? <i32>free : -1;
}

/**
 * Looks through `bytes` bytes at `at`, which are at `address` (a multiple of 4 KiB) and may be read `tail` bytes
 * further. Writes what each page of 4 KiB is to `pages`, and the addresses (u64) of what may be type objects in
 * the other pages to `candidates`, at most `most`; `header` is how long that of objects is. At `sums`, three u32: blocks
 * in use, pools, torn pools. Returns how many candidates there are.
 */
export function surveyPages(
  at: usize,
  bytes: usize,
  tail: usize,
  address: u64,
  pages: usize,
  candidates: usize,
  most: usize,
  header: usize,
  marks: usize,
  sums: usize,
): usize {
  const shift = header - DEFAULT_HEADER;
  let used: u32 = 0;
  let pools: u32 = 0;
  let torn: u32 = 0;
  let found: usize = 0;
  const end = bytes + tail;
  for (let offset: usize = 0; offset < bytes; ) {
    const pool = at + offset;
    const size = bytes - offset >= <usize>PAGE_BYTES ? poolBytes(pool, address + <u64>offset, bytes - offset) : 0;
    if (size != 0) {
      const page = pages + (offset >> PAGE_BITS);
      const free = markFree(pool, address + <u64>offset, size, marks);
      if (free >= 0) {
        memory.fill(page, <u8>IN_POOL, size >> PAGE_BITS);
        store<u8>(page, size == <usize>PAGE_BYTES ? <u8>SMALL_POOL : <u8>LARGE_POOL);
        used += load<u32>(pool, USED_BLOCKS);
        ++pools;
        offset += size;
        continue;
      }
      ++torn;
    }
    const isMapped = bytes - offset >= <usize>PAGE_BYTES && mayBeMapped(pool);
    const isDataStack = bytes - offset >= <usize>PAGE_BYTES && mayBeDataStack(pool);
    store<u8>(pages + (offset >> PAGE_BITS), isMapped ? <u8>MAPPED : isDataStack ? <u8>DATA_STACK : 0);
    const stop = min(offset + <usize>PAGE_BYTES, bytes);
    if (!isMapped && isZero(pool, stop - offset)) {
      if (stop - offset == <usize>PAGE_BYTES) store<u8>(pages + (offset >> PAGE_BITS), <u8>ZEROS);
      offset = stop;
      continue;
    }
    for (let here = offset; here < stop && here + shift + 272 <= end; here += 8) {
      if (!mayBeType(at + here + shift) || (shift == 0 && load<u64>(at + here) == 0)) continue;
      if (found < most) store<u64>(candidates + (found << 3), address + <u64>here);
      ++found;
    }
    offset = stop;
  }
  store<u32>(sums, used, BLOCKS_IN_USE);
  store<u32>(sums, pools, POOLS);
  store<u32>(sums, torn, TORN_POOLS);
  return found;
}

// @ts-ignore: a decorator on a function
@inline
function isZero(at: usize, bytes: usize): bool {
  let offset: usize = 0;
  while (offset + 8 <= bytes && load<u64>(at + offset) == 0) offset += 8;
  return offset + 8 > bytes;
}

// prev_size is 0; the size is whole pages, from 2.43 on less 16 bytes, and has IS_MMAPPED alone of the low bits.
// @ts-ignore: a decorator on a function
@inline
function mayBeMapped(at: usize): bool {
  const size = load<u64>(at, 8);
  const rest = size & 0xfff;
  return load<u64>(at) == 0 && (rest == 2 || rest == 0xff2) && size >> 47 == 0 && size > 2;
}

// The chunk before it, if any, and how many bytes it has: 16 KiB, or twice that and so on, up to 1 GiB.
// @ts-ignore: a decorator on a function
@inline
function mayBeDataStack(at: usize): bool {
  const size = load<u64>(at, 8);
  return size >= 1 << 14 && size <= 1 << 30 && (size & (size - 1)) == 0 && (load<u64>(at) & (PAGE_BYTES - 1)) == 0;
}

/** Bytes of a PyObject of the default build, which the offsets below are for. */
const DEFAULT_HEADER: usize = 16;

/**
 * Whether the words at `at` can be a PyTypeObject that PyType_Ready has seen: tp_flags at +168 has READY
 * (1 << 12) and nothing above 32 bits, sizes are sane, and name, type and base are aligned pointers or so. Where objects have
 * a longer header, ob_type still ends it.
 */
// @ts-ignore: a decorator on a function
@inline
function mayBeType(at: usize): bool {
  const flags = load<u64>(at, 168);
  if ((flags & 0x1000) == 0 || flags >> 32 != 0) return false;
  const type = load<u64>(at, 8);
  const base = load<u64>(at, 256);
  return (
    type != 0 &&
    ((type | base) & 7) == 0 &&
    (type | base) >> 48 == 0 &&
    load<u64>(at, 24) != 0 &&
    load<u64>(at, 24) >> 48 == 0 &&
    load<u64>(at, 32) < 1 << 24 &&
    load<u64>(at, 40) < 1 << 16
  );
}

/** Blocks of the pool that were ever handed out. */
// @ts-ignore: a decorator on a function
@inline
export function carvedBlocks(pool: usize, block: usize): usize {
  return (<usize>load<u32>(pool, NEXT_OFFSET) - POOL_HEADER) / block;
}

/** Bytes of the pool that begins at a page of the kind, see pages.ts. */
// @ts-ignore: a decorator on a function
@inline
export function bytesOfKind(kind: u8): usize {
  return kind == <u8>SMALL_POOL ? SMALL_POOL_BYTES : LARGE_POOL_BYTES;
}
