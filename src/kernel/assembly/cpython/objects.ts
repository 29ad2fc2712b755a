// CPython's objects in the blocks that allocators hold: which type, live or freed, how many bytes.
import {
  CACHED_CHUNK_BYTES,
  CACHED_CHUNKS,
  CHUNK_BYTES,
  CHUNK_OBJECT_BYTES,
  CHUNKS,
  FREE_CHUNK_BYTES,
  FREE_CHUNKS,
  FREE_POOL_BYTES,
  IS_BROKEN,
  POOL_BYTES,
  POOL_FREE_BYTES,
  POOL_HEADER_BYTES,
  POOL_OBJECT_BYTES,
  POOL_UNCARVED_BYTES,
} from "../../abi/block-sums";
import {
  DICT_KEYS,
  DICT_VALUES,
  OB_TYPE,
  STATIC_BYTES,
  STATIC_LOW,
  STATIC_MARKS,
  TYPES,
} from "../../abi/object-plan";
import { IN_POOL, LARGE_POOL, SMALL_POOL, ZEROS } from "../../abi/pages";
import { PAGE_BITS, PAGE_BYTES } from "../../abi/pieces";
import { OBJECT_ADDRESS, OBJECT_BYTES, OBJECT_TYPE, RECORD_BYTES } from "../../abi/record";
import { FREED, FREED_BYTES, LIVE, LIVE_BYTES, TALLY_BITS } from "../../abi/tally";
import { BASIC, ENTRY_BITS, HEAD, KIND } from "../../abi/type-entry";
import { DICT } from "../../abi/type-kinds";
import { putBlock } from "./native";
import { ownBytes, ownedBytes } from "./object-bytes";
import { findType, placeOf, readRefs } from "./plan";
import { blockBytes, bytesOfKind, carvedBlocks, markFree, POOL_HEADER } from "./pools";

/**
 * The object that the block at `block` holds, with `capacity` bytes, or 0: no object. An object starts at byte 0,
 * after the collector's head of 16 bytes, or after that and 16 bytes for a managed dict and weak references
 * (Include/internal/pycore_object.h, _PyType_PreHeaderSize). Writes one of 16 bytes to `to`: address, type's index,
 * and its bytes as u32, see `putRecord`. Returns the bytes written.
 */
// @ts-ignore: a decorator on a function
@inline
export function findObject(
  plan: usize,
  block: usize,
  address: u64,
  capacity: u64,
  tally: usize,
  to: usize,
): usize {
  // PYTHONMALLOC=debug: the size, a letter and seven bytes 0xfd stand before what was asked for, eight behind it;
  // twice where pymalloc passed it on to malloc.
  for (let times = 0; times < 2 && load<u64>(block, 8) >> 8 == 0xfdfdfdfdfdfdfd && capacity > 24; ++times) {
    block += 16;
    address += 16;
    capacity -= 24;
  }
  for (let head: usize = 0; head < 48; head += 16) {
    if (<u64>head + 16 > capacity) return 0;
    const entry = findType(plan, load<u64>(block + head + placeOf(plan, OB_TYPE)));
    if (entry == 0 || load<u8>(entry, HEAD) != <u8>head) continue;
    const at = block + head;
    const refs = readRefs(plan, at);
    if (refs < 0) continue;
    const own = ownBytes(plan, entry, at);
    // datetime.time and datetime without a zone leave out the last word of their struct.
    if (own < 0 || <u64>own > capacity - <u64>head + 8) continue;
    const types = <usize>load<u64>(plan, TYPES);
    const index = <u32>((entry - types) >> ENTRY_BITS);
    const sums = tally + (<usize>index << TALLY_BITS);
    if (refs == 0) {
      store<u64>(sums, load<u64>(sums, FREED) + 1, FREED);
      store<u64>(sums, load<u64>(sums, FREED_BYTES) + capacity, FREED_BYTES);
      return 0;
    }
    return putRecord(plan, entry, index, sums, at, address + <u64>head, <u64>own + <u64>head, to);
  }
  return 0;
}

/**
 * Counts a live object and writes its record: address (u48), type's index (u32 at 8), bytes (u32 at 12, all ones
 * where they are more). A dict's bytes depend on its table: until they are known, the bytes' place and the
 * address's upper 16 bits hold the table's address, its lowest bit set where the values are apart.
 */
// @ts-ignore: a decorator on a function
@inline
function putRecord(
  plan: usize,
  entry: usize,
  index: u32,
  sums: usize,
  at: usize,
  address: u64,
  own: u64,
  to: usize,
): usize {
  store<u32>(to, index, OBJECT_TYPE);
  if (load<u8>(entry, KIND) == DICT) {
    const table = 
      (load<u64>(at + placeOf(plan, DICT_KEYS)) & 0xfffffffffff8) |
      u64(load<u64>(at + placeOf(plan, DICT_VALUES)) != 0);
    store<u64>(to, address | ((table >> 32) << 48), OBJECT_ADDRESS);
    store<u32>(to, <u32>table, OBJECT_BYTES);
    store<u64>(sums, load<u64>(sums, LIVE) + 1, LIVE);
    return RECORD_BYTES;
  }
  const owned = ownedBytes(plan, entry, at, address);
  if (owned < 0) return 0;
  const bytes = own + <u64>owned;
  store<u64>(sums, load<u64>(sums, LIVE) + 1, LIVE);
  store<u64>(sums, load<u64>(sums, LIVE_BYTES) + bytes, LIVE_BYTES);
  store<u64>(to, address, OBJECT_ADDRESS);
  store<u32>(to, <u32>min<u64>(bytes, 0xffffffff), OBJECT_BYTES);
  return RECORD_BYTES;
}

/** The same of an object that was found by itself, in no block: `own` is without the head that sys.getsizeof adds. */
// @ts-ignore: a decorator on a function
@inline
export function putAny(
  plan: usize,
  entry: usize,
  at: usize,
  address: u64,
  own: u64,
  tally: usize,
  to: usize,
): usize {
  const index = <u32>((entry - <usize>load<u64>(plan, TYPES)) >> ENTRY_BITS);
  const sums = tally + (<usize>index << TALLY_BITS);
  return putRecord(plan, entry, index, sums, at, address, own + <u64>load<u8>(entry, HEAD), to);
}

/**
 * Counts the freed object that a free block still shows, if it does: the first word is the free list's, which a count that has its place
 * behind it outlives.
 */
// @ts-ignore: a decorator on a function
@inline
export function countFreed(plan: usize, block: usize, capacity: u64, tally: usize): void {
  for (let head: usize = 0; head < 48; head += 16) {
    if (<u64>head + 16 > capacity) return;
    const entry = findType(plan, load<u64>(block + head + placeOf(plan, OB_TYPE)));
    if (entry == 0 || load<u8>(entry, HEAD) != <u8>head) continue;
    const isCounted = head != 0 || placeOf(plan, OB_TYPE) > 8;
    if (isCounted && readRefs(plan, block + head) != 0) continue;
    if (<u64>load<u32>(entry, BASIC) > capacity) continue;
    const sums = tally + (((entry - <usize>load<u64>(plan, TYPES)) >> ENTRY_BITS) << TALLY_BITS);
    store<u64>(sums, load<u64>(sums, FREED) + 1, FREED);
    store<u64>(sums, load<u64>(sums, FREED_BYTES) + capacity, FREED_BYTES);
    return;
  }
}

/** Marks the static data that the words at `at` point to. */
// @ts-ignore: a decorator on a function
@inline
function markStatics(plan: usize, at: usize, bytes: usize): void {
  const low = load<u64>(plan, STATIC_LOW);
  const span = load<u64>(plan, STATIC_BYTES);
  const marks = <usize>load<u64>(plan, STATIC_MARKS);
  const end = at + bytes;
  for (; at < end; at += 8) {
    const offset = load<u64>(at) - low;
    if (offset < span) store<u8>(marks + <usize>(offset >> 3), 1);
  }
}

// @ts-ignore: a decorator on a function
@inline
function addTo(sums: usize, place: usize, bytes: u64): void {
  store<u64>(sums + place, load<u64>(sums + place) + bytes);
}

/**
 * Finds the objects in the pools among `bytes` bytes at `at`, at `address`; `pages` as `surveyPages` left them.
 * It adds to `sums`, see block-sums.ts.
 * Returns the bytes of records written to `to`, one a block in use at most.
 */
export function poolObjects(
  plan: usize,
  at: usize,
  bytes: usize,
  address: u64,
  pages: usize,
  marks: usize,
  tally: usize,
  sums: usize,
  to: usize,
): usize {
  const start = to;
  for (let offset: usize = 0; offset < bytes; offset += PAGE_BYTES) {
    const page = load<u8>(pages + (offset >> PAGE_BITS));
    if (page != <u8>SMALL_POOL && page != <u8>LARGE_POOL) {
      if (page != <u8>IN_POOL && page != <u8>ZEROS && address + <u64>offset - load<u64>(plan, STATIC_LOW) >= load<u64>(plan, STATIC_BYTES))
        markStatics(plan, at + offset, min<usize>(PAGE_BYTES, bytes - offset) & ~7);
      continue;
    }
    const size: usize = bytesOfKind(page);
    const pool = at + offset;
    const poolAddress = address + <u64>offset;
    const free = markFree(pool, poolAddress, size, marks);
    if (free < 0) continue;
    const block = <usize>blockBytes(pool);
    const carved = carvedBlocks(pool, block);
    let holding: u64 = 0;
    for (let index: usize = 0; index < carved; ++index) {
      const into = POOL_HEADER + index * block;
      if (load<u8>(marks + index) != 0) {
        countFreed(plan, pool + into, <u64>block, tally);
        continue;
      }
      const wrote = findObject(plan, pool + into, poolAddress + <u64>into, <u64>block, tally, to);
      markStatics(plan, pool + into, block);
      to += wrote;
      holding += <u64>block * u64(wrote != 0);
    }
    const used = <u64>carved - <u64>free;
    if (used == 0) {
      addTo(sums, FREE_POOL_BYTES, <u64>size);
      continue;
    }
    addTo(sums, POOL_BYTES, used * <u64>block);
    addTo(sums, POOL_OBJECT_BYTES, holding);
    addTo(sums, POOL_FREE_BYTES, <u64>free * <u64>block);
    addTo(sums, POOL_UNCARVED_BYTES, <u64>(size - POOL_HEADER - carved * block));
    addTo(sums, POOL_HEADER_BYTES, <u64>POOL_HEADER);
  }
  return to - start;
}

/** The object in one block, of which at least 128 bytes can be read. Returns the bytes written to `to`: 16 or 0. */
export function blockObject(
  plan: usize,
  block: usize,
  address: u64,
  capacity: u64,
  tally: usize,
  to: usize,
): usize {
  return findObject(plan, block, address, capacity, tally, to);
}

/** Counts the object that a free block still shows, if it does; at least 128 bytes of it can be read. */
export function freedObject(plan: usize, block: usize, capacity: u64, tally: usize): void {
  countFreed(plan, block, capacity, tally);
}

/** Objects compiled into 3.11 began with a count of 999,999,999 (_PyObject_IMMORTAL_REFCNT). */
// @ts-ignore: a decorator on a function
@inline
function isFrozen(refs: u64): bool {
  return refs > 990_000_000 && refs < 1_010_000_000;
}

/**
 * Whether the place is in a table of types rather than an object: a type stands before the type, or, as in
 * _PyRuntime's since 3.13, ones between types: how many interpreters use them.
 */
// @ts-ignore: a decorator on a function
@inline
function isInTable(plan: usize, at: usize, hasBefore: bool): bool {
  const refs = load<u64>(at);
  if (findType(plan, refs) != 0) return true;
  if (refs != 1) return false;
  if (load<u64>(at, 16) == refs && findType(plan, load<u64>(at, 24)) != 0) return true;
  return hasBefore && load<u64>(at - 16) == refs && findType(plan, load<u64>(at - 8)) != 0;
}

/**
 * Static objects among `bytes` bytes at `at`, at `address`: any aligned place with a type's address behind what
 * can be a count. They have no head in front, though sys.getsizeof mostly adds it. Returns the bytes written to `to`, room for bytes / 16 records.
 */
export function staticObjects(
  plan: usize,
  at: usize,
  bytes: usize,
  tail: usize,
  address: u64,
  tally: usize,
  to: usize,
): usize {
  const start = to;
  const end = bytes + tail;
  for (let offset: usize = 0; offset < bytes && offset + 128 <= end; offset += 8) {
    const entry = findType(plan, load<u64>(at + offset + placeOf(plan, OB_TYPE)));
    if (entry == 0) continue;
    const refs = load<u64>(at + offset);
    if (readRefs(plan, at + offset) <= 0 && !isFrozen(refs)) continue;
    if (isInTable(plan, at + offset, offset >= 16)) continue;
    const own = ownBytes(plan, entry, at + offset);
    if (own < 0 || own > 1 << 20) continue;
    to += putAny(plan, entry, at + offset, address + <u64>offset, <u64>own, tally, to);
  }
  return to - start;
}

/**
 * Walks glibc's chunks (malloc/malloc.c) from the header at `at`, at `address`, as far as the next one's header is
 * within `bytes` bytes; 128 more can be read. At `cached` are the sorted addresses (u64) of the headers of `cachedCount`
 * chunks that were freed and look as if they were in use. It adds to `sums`, see block-sums.ts. Stops when `to` has
 * reached `toEnd`. Writes records to `to`, and to `others`, which has as much room, what other blocks are in use, see
 * native.ts; the bytes of both as u32 at `wrote`. Returns how far it came.
 */
export function chunkObjects(
  plan: usize,
  at: usize,
  bytes: usize,
  address: u64,
  cached: usize,
  cachedCount: usize,
  tally: usize,
  sums: usize,
  to: usize,
  toEnd: usize,
  others: usize,
  wrote: usize,
): usize {
  const start = to;
  const othersStart = others;
  let offset: usize = 0;
  let nextCached = firstFrom(cached, cachedCount, address);
  const cachedEnd = cached + (cachedCount << 3);
  while (offset + 16 <= bytes && to < toEnd && others - othersStart < toEnd - start) {
    const size = load<u64>(at + offset, 8) & ~7;
    if (size < 32 || (size & 15) != 0) {
      store<u64>(sums, 1, IS_BROKEN);
      break;
    }
    if (size > <u64>(bytes - offset) - 16) break;
    while (nextCached < cachedEnd && load<u64>(nextCached) < address + <u64>offset) nextCached += 8;
    if (nextCached < cachedEnd && load<u64>(nextCached) == address + <u64>offset) {
      countFreed(plan, at + offset + 16, size - 8, tally);
      addTo(sums, CACHED_CHUNKS, 1);
      addTo(sums, CACHED_CHUNK_BYTES, size);
      // PREV_INUSE of the next chunk tells; the block reaches into its prev_size.
    } else if ((load<u64>(at + offset + <usize>size, 8) & 1) != 0) {
      const found = findObject(plan, at + offset + 16, address + <u64>offset + 16, size - 8, tally, to);
      to += found;
      if (found == 0) others = putBlock(address + <u64>offset + 16, size - 8, others);
      addTo(sums, CHUNKS, 1);
      addTo(sums, CHUNK_BYTES, size);
      addTo(sums, CHUNK_OBJECT_BYTES, size * u64(found != 0));
    } else {
      addTo(sums, FREE_CHUNKS, 1);
      addTo(sums, FREE_CHUNK_BYTES, size);
    }
    offset += <usize>size;
  }
  store<u32>(wrote, <u32>(to - start));
  store<u32>(wrote, <u32>(others - othersStart), 4);
  return offset;
}

/** Where the first of `count` sorted u64 at `list` lies that is not less than `value`, or behind them. */
function firstFrom(list: usize, count: usize, value: u64): usize {
  let low: usize = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u64>(list + (middle << 3)) < value) low = middle + 1;
    else high = middle;
  }
  return list + (low << 3);
}
