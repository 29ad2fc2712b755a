// Memory that C code has for itself: blocks in use that hold no object, and words that may lead to them or from them.
import {
  BLOCK_CELLS,
  BLOCK_HASH,
  BLOCK_HASH_MASK,
  BLOCKS,
  CELL_BITS,
  CELL_RECORD_BITS,
  MANAGED_DICT,
  MANAGED_VALUES,
  MANY_OBJECTS,
  OB_SIZE,
  OPEN,
  RECORDS,
  REGION_BITS,
  REGION_CELLS_BITS,
  REGION_MULTIPLIER,
  SCANS,
} from "../../abi/graph";
import { JOB_BYTES, JOB_COUNT, JOB_OWNER, WORDS } from "../../abi/job";
import { BLOCK_ADDRESS, BLOCK_BITS, BLOCK_BYTES, INNER, WORD_MARKS_BYTES } from "../../abi/native";
import { LARGE_POOL, SMALL_POOL } from "../../abi/pages";
import { PAGE_BITS, PAGE_BYTES } from "../../abi/pieces";
import { OBJECT_ADDRESS, OBJECT_TYPE, RECORD_BITS } from "../../abi/record";
import {
  BASIC,
  ITEM,
  LOOSE_FROM,
  LOOSE_ITEMS,
  LOOSE_TO,
  MANAGED,
  SCAN_BYTES,
} from "../../abi/scan-entry";
import { findTarget, MOST_ENTRIES, putJob } from "./edges";
import { placeOf } from "./plan";
import { blockBytes, bytesOfKind, carvedBlocks, markFree, POOL_HEADER } from "./pools";

/** Whether one of the words from `offset` on is where a table begins that an object has. */
// @ts-ignore: a decorator on a function
@inline
function hasTable(tables: usize, offset: usize, bytes: usize): bool {
  for (let word = offset >> 3, end = (offset + bytes) >> 3; word < end; ++word)
    if ((load<u8>(tables + (word >> 3)) & (1 << (<u8>word & 7))) != 0) return true;
  return false;
}

/**
 * Marks the blocks in use that hold no object in the pools among `bytes` bytes at `at`, at `address`; `pages` as
 * `surveyPages` left them. The objects that lie there are the records from `first` to `end`. At `blocks`, a bit a word of
 * the piece, where such a block begins; at `sizes`, a byte a page of a pool, how many words its blocks have.
 */
export function markBlocks(
  at: usize,
  bytes: usize,
  address: u64,
  pages: usize,
  marks: usize,
  records: usize,
  first: u32,
  end: u32,
  blocks: usize,
  sizes: usize,
): void {
  let record = records + (<usize>first << RECORD_BITS);
  const last = records + (<usize>end << RECORD_BITS);
  for (let offset: usize = 0; offset < bytes; offset += PAGE_BYTES) {
    const page = load<u8>(pages + (offset >> PAGE_BITS));
    if (page != <u8>SMALL_POOL && page != <u8>LARGE_POOL) continue;
    const pool = at + offset;
    const poolSize: usize = bytesOfKind(page);
    if (markFree(pool, address + <u64>offset, poolSize, marks) < 0) continue;
    const block = <usize>blockBytes(pool);
    memory.fill(sizes + (offset >> PAGE_BITS), <u8>(block >> 3), poolSize >> PAGE_BITS);
    const carved = carvedBlocks(pool, block);
    for (let index: usize = 0; index < carved; ++index) {
      if (load<u8>(marks + index) != 0) continue;
      const into = offset + POOL_HEADER + index * block;
      const place = address + <u64>into;
      while (record < last && (load<u64>(record, OBJECT_ADDRESS) & 0xffffffffffff) < place) record += 1 << RECORD_BITS;
      if (record < last && (load<u64>(record, OBJECT_ADDRESS) & 0xffffffffffff) - place < <u64>block) continue;
      const mark = blocks + (into >> 6);
      store<u8>(mark, load<u8>(mark) | (<u8>1 << (<u8>(into >> 3) & 7)));
    }
  }
}

/**
 * Of a piece at `address`, the blocks that `markBlocks` has marked and in which no object's table begins: at `tables` a
 * bit a word for those. Returns the bytes written to `to`, 16 a block: address and bytes as f64.
 */
export function poolBlocks(address: u64, blocks: usize, sizes: usize, tables: usize, to: usize): usize {
  const start = to;
  for (let byte: usize = 0; byte < <usize>WORD_MARKS_BYTES; byte += 8) {
    for (let left = load<u64>(blocks + byte) & ~load<u64>(tables + byte); left != 0; left &= left - 1) {
      const offset = ((byte << 3) + <usize>ctz(left)) << 3;
      const block = <usize>load<u8>(sizes + (offset >> PAGE_BITS)) << 3;
      if (!hasTable(tables, offset, block)) to = putBlock(address + <u64>offset, <u64>block, to);
    }
  }
  return to - start;
}

/** Writes a block for JavaScript, whose numbers hold any address. Returns where the next goes. */
// @ts-ignore: a decorator on a function
@inline
export function putBlock(address: u64, bytes: u64, to: usize): usize {
  store<f64>(to, <f64>address, BLOCK_ADDRESS);
  store<f64>(to, <f64>bytes, BLOCK_BYTES);
  return to + (1 << BLOCK_BITS);
}

/** The number of the block that the word points into, or -1. */
// @ts-ignore: a decorator on a function
@inline
function findBlock(graph: usize, word: u64): i64 {
  if (word >> 48 != 0) return -1;
  const key = <u32>(word >> REGION_BITS) + 1;
  const hash = <usize>load<u64>(graph, BLOCK_HASH);
  const mask = load<u32>(graph, BLOCK_HASH_MASK);
  let slot = (key * <u32>REGION_MULTIPLIER) & mask;
  let at = hash + (<usize>slot << 3);
  while (load<u32>(at) != key) {
    if (load<u32>(at) == 0) return -1;
    slot = (slot + 1) & mask;
    at = hash + (<usize>slot << 3);
  }
  const cell = <usize>load<u64>(graph, BLOCK_CELLS) + (<usize>load<u32>(at, 4) << REGION_CELLS_BITS) +
    ((<usize>(word & ((1 << REGION_BITS) - 1)) >> CELL_BITS) << CELL_RECORD_BITS);
  // Those that begin at or below the word.
  const upTo = (<u64>2 << ((word >> 3) & 63)) - 1;
  const block = <i64>load<u32>(cell, 8) + popcnt<i64>(<i64>(load<u64>(cell) & upTo)) - 1;
  if (block < 0) return -1;
  const entry = <usize>load<u64>(graph, BLOCKS) + (<usize>block << BLOCK_BITS);
  return word - load<u64>(entry, BLOCK_ADDRESS) < load<u64>(entry, BLOCK_BYTES) ? block : -1;
}

/** Writes the edge to the block that a word may point to, with INNER where it does not point to its start. */
// @ts-ignore: a decorator on a function
@inline
function putBlockEdge(graph: usize, from: u32, word: u64, to: usize): usize {
  const block = findBlock(graph, word);
  if (block < 0) return to;
  const target = load<u32>(graph, MANY_OBJECTS) + <u32>block;
  if (target == from) return to;
  const entry = <usize>load<u64>(graph, BLOCKS) + (<usize>block << BLOCK_BITS);
  store<u32>(to, from);
  store<u32>(to, load<u64>(entry, BLOCK_ADDRESS) == word ? target : target | INNER, 4);
  return to + 8;
}

/** The same for a word that may be an object's address as well: one that something unknown may hold. */
// @ts-ignore: a decorator on a function
@inline
function putLooseEdge(graph: usize, from: u32, word: u64, to: usize): usize {
  if (word == 0) return to;
  const target = findTarget(graph, word);
  if (target < 0) return putBlockEdge(graph, from, word, to);
  if (<u32>target == from || load<u8>(<usize>load<u64>(graph, OPEN) + <usize>target) == 0) return to;
  store<u32>(to, from);
  store<u32>(to, <u32>target, 4);
  return to + 8;
}

/** Whether instances have their attributes' values in a block of their own: 3.11 and 3.12; later they are in the object's. */
// @ts-ignore: a decorator on a function
@inline
function hasValues(managed: u8): bool {
  return managed == 1 || managed == 2;
}

/** Whether there is something for `looseEdges` to do among the objects `first` up to, not including, `end`. */
export function isLoose(graph: usize, first: u32, end: u32): bool {
  const plans = <usize>load<u64>(graph, SCANS);
  let record = <usize>load<u64>(graph, RECORDS) + (<usize>first << RECORD_BITS);
  for (let object = first; object < end; ++object) {
    const plan = plans + <usize>load<u32>(record, OBJECT_TYPE) * SCAN_BYTES;
    if (
      load<u32>(plan, LOOSE_FROM) < load<u32>(plan, LOOSE_TO) || load<u8>(plan, LOOSE_ITEMS) != 0 ||
      hasValues(load<u8>(plan, MANAGED))
    ) return true;
    record += 1 << RECORD_BITS;
  }
  return false;
}

/**
 * What the structs of the objects `first` up to, not including, `end` may lead to beside what `objectEdges` follows:
 * words that point into blocks, and items of types that are not known. Arguments and results are as in `objectEdges`; a
 * block's number counts from the number of objects, with INNER where a word points inside it.
 */
export function looseEdges(
  graph: usize,
  first: u32,
  end: u32,
  at: usize,
  bytes: usize,
  address: u64,
  edges: usize,
  edgesEnd: usize,
  jobs: usize,
  jobsEnd: usize,
  wrote: usize,
): u32 {
  const edgesStart = edges;
  const jobsStart = jobs;
  const records = <usize>load<u64>(graph, RECORDS);
  const plans = <usize>load<u64>(graph, SCANS);
  let object = first;
  for (; object < end; ++object) {
    const record = records + (<usize>object << RECORD_BITS);
    const plan = plans + <usize>load<u32>(record, OBJECT_TYPE) * SCAN_BYTES;
    const from = <usize>load<u32>(plan, LOOSE_FROM);
    const to = <usize>load<u32>(plan, LOOSE_TO);
    const hasItems = load<u8>(plan, LOOSE_ITEMS) != 0;
    const managed = load<u8>(plan, MANAGED);
    if (from >= to && !hasItems && !hasValues(managed)) continue;
    const place = load<u64>(record, OBJECT_ADDRESS) & 0xffffffffffff;
    const offset = <usize>(place - address);
    const left = (bytes - offset) & ~7;
    if (offset >= bytes || left < 16) continue;
    if (edges + left + 64 > edgesEnd || jobs + 3 * JOB_BYTES > jobsEnd) break;
    const here = at + offset;
    if (hasValues(managed)) {
      // Attributes' values; the tag of a word that leads to them leaves it in their block.
      const before = <usize>placeOf(graph, managed == 1 ? MANAGED_VALUES : MANAGED_DICT);
      if (before > offset) jobs = putJob(place - <u64>before, WORDS, object, 1, 0, jobs);
      else edges = putBlockEdge(graph, object, load<u64>(here - before), edges);
    }
    for (let word = from, stop = min(to, left); word < stop; word += 8)
      edges = putBlockEdge(graph, object, load<u64>(here + word), edges);
    if (to > left) jobs = putJob(place + <u64>max(from, left), WORDS, object, <u64>(to - max(from, left)) >> 3, 0, jobs);
    if (!hasItems || left < 24) continue;
    let items = load<i64>(here + placeOf(graph, OB_SIZE));
    if (items < 0) items = -items;
    if (<u64>items >= MOST_ENTRIES) continue;
    const basic = (<usize>load<u32>(plan, BASIC) + 7) & ~7;
    const words = (<u64>items * <u64>load<u32>(plan, ITEM)) >> 3;
    const inside = left > basic ? min<u64>(words, <u64>(left - basic) >> 3) : 0;
    for (let item = here + basic, last = item + (<usize>inside << 3); item < last; item += 8)
      edges = putLooseEdge(graph, object, load<u64>(item), edges);
    jobs = putJob(place + <u64>basic + (inside << 3), WORDS, object, words - inside, 0, jobs);
  }
  store<u32>(wrote, <u32>(edges - edgesStart));
  store<u32>(wrote, <u32>(jobs - jobsStart), 4);
  return object;
}

/**
 * What words may lead to: the jobs `first` up to, not including, `end`, of those at `jobs`, all of words, whose owners
 * are objects or, counted from the number of objects, blocks. Room and results as in `looseEdges`.
 */
export function looseWords(
  graph: usize,
  jobs: usize,
  first: u32,
  end: u32,
  at: usize,
  bytes: usize,
  address: u64,
  edges: usize,
  edgesEnd: usize,
  wrote: usize,
): u32 {
  const edgesStart = edges;
  let index = first;
  for (; index < end; ++index) {
    const job = jobs + <usize>index * JOB_BYTES;
    const owner = load<u32>(job, JOB_OWNER);
    const offset = (load<u64>(job) & 0xffffffffffff) - address;
    if (offset >= <u64>bytes) continue;
    const left = <usize>(<u64>bytes - offset);
    if (edges + left + 64 > edgesEnd) break;
    let word = at + <usize>offset;
    const last = word + <usize>min<u64>(<u64>load<u32>(job, JOB_COUNT), <u64>left >> 3) * 8;
    for (; word < last; word += 8) edges = putLooseEdge(graph, owner, load<u64>(word), edges);
  }
  store<u32>(wrote, <u32>(edges - edgesStart));
  store<u32>(wrote, 0, 4);
  return index;
}
