// Who points to whom among CPython's objects: words of objects and of the tables that they own.
import {
  BIASED,
  CELLS,
  CELL_BITS,
  CELL_RECORD_BITS,
  DICT_KEYS,
  DICT_USED,
  DICT_VALUES,
  HASH,
  HASH_MASK,
  IMMORTAL,
  KEYS_ENTRIES,
  KEYS_INDICES,
  KEYS_KIND,
  KEYS_LOG2_INDEX,
  KEYS_SIZE,
  LIST_ITEMS,
  MANAGED_DICT,
  MANAGED_VALUES,
  NEW_KEYS,
  OB_SIZE,
  OB_TYPE,
  PARTS,
  RECORDS,
  REFS,
  REGION_BITS,
  REGION_CELLS_BITS,
  REGION_MULTIPLIER,
  SCANS,
  SET_MASK,
  SET_TABLE,
  SET_USED,
  STR_DATA,
  STR_STATE,
  VALUES_HEADER,
} from "../../abi/graph";
import {
  ATTRIBUTES,
  ENTRIES_16,
  ENTRIES_24,
  JOB_BYTES,
  JOB_COUNT,
  JOB_KIND_BITS,
  JOB_MORE,
  JOB_OWNER,
  KEYS,
  PAIRS,
  PLAIN,
  SPECIAL,
  SPLIT,
  WORDS,
} from "../../abi/job";
import { IMMORTAL_LOCAL, LOCAL_COUNT } from "../../abi/biased-count";
import { OBJECT_ADDRESS, OBJECT_TYPE, RECORD_BITS } from "../../abi/record";
import {
  BASIC,
  DICT_FROM_END,
  FROM,
  INLINE,
  ITEM,
  ITEMS,
  MANAGED,
  MASKED_WORDS,
  PART,
  SCAN_BYTES,
  SKIP,
  TABLE,
  TABLE_DICT,
  TABLE_LIST,
  TABLE_SET,
  TABLE_SPECIAL,
  TABLE_STR,
  TABLE_WORDS,
  TO,
  VALUES,
  VISITS_TYPE,
} from "../../abi/scan-entry";
import { biasedCount, placeOf } from "./plan";

export const MOST_ENTRIES: u64 = 1 << 32;

/** The number of the object that begins at the word's address, or -1. */
// @ts-ignore: a decorator on a function
@inline
export function findTarget(graph: usize, word: u64): i64 {
  if ((word & 7) != 0 || word >> 48 != 0) return -1;
  const key = <u32>(word >> REGION_BITS) + 1;
  const hash = <usize>load<u64>(graph, HASH);
  const mask = load<u32>(graph, HASH_MASK);
  let slot = (key * <u32>REGION_MULTIPLIER) & mask;
  let at = hash + (<usize>slot << 3);
  while (load<u32>(at) != key) {
    if (load<u32>(at) == 0) return -1;
    slot = (slot + 1) & mask;
    at = hash + (<usize>slot << 3);
  }
  const region = <usize>load<u32>(at, 4);
  const cell = <usize>load<u64>(graph, CELLS) + (region << REGION_CELLS_BITS) +
    ((<usize>(word & ((1 << REGION_BITS) - 1)) >> CELL_BITS) << CELL_RECORD_BITS);
  const bit = (word >> 3) & 63;
  const bits = load<u64>(cell);
  if (((bits >> bit) & 1) == 0) return -1;
  return <i64>load<u32>(cell, 8) + popcnt<i64>(<i64>(bits & (((<u64>1) << bit) - 1)));
}

/** Writes the edge that a word is, if it is one. Returns where the next goes. */
// @ts-ignore: a decorator on a function
@inline
function putEdge(graph: usize, from: u32, word: u64, to: usize): usize {
  if (word == 0) return to;
  const target = findTarget(graph, word);
  if (target < 0) return to;
  store<u32>(to, from);
  store<u32>(to, <u32>target, 4);
  return to + 8;
}

// @ts-ignore: a decorator on a function
@inline
function putPartEdge(graph: usize, from: u32, word: u64, to: usize): usize {
  const after = putEdge(graph, from, word, to);
  if (after != to) store<u8>(<usize>load<u64>(graph, PARTS) + <usize>load<u32>(to, 4), 1);
  return after;
}

// @ts-ignore: a decorator on a function
@inline
export function putJob(address: u64, kind: u64, owner: u32, count: u64, more: u64, to: usize): usize {
  if (address >> 48 != 0 || count == 0) return to;
  store<u64>(to, address | (kind << JOB_KIND_BITS));
  store<u32>(to, owner, JOB_OWNER);
  store<u32>(to, <u32>min<u64>(count, 0xffffffff), JOB_COUNT);
  store<u64>(to, more, JOB_MORE);
  return to + JOB_BYTES;
}

/** All ones where an object of a build without the GIL has no count of its own any more. */
// @ts-ignore: a decorator on a function
@inline
function countOf(at: usize): u64 {
  if (load<u32>(at, LOCAL_COUNT) == <u32>IMMORTAL_LOCAL) return 0xffffffff;
  return <u64>max<i64>(biasedCount(at), 0);
}

/** Jobs that one object makes at most, beside one for each table that is only marked. */
const MOST_JOBS: usize = 5;

/**
 * Edges out of the objects `first` up to, not including, `end`, whose structs are among `bytes` bytes at `at`, at
 * `address`; what lies elsewhere becomes jobs. Stops where the next object's edges might not fit before `edgesEnd`
 * or its jobs before `jobsEnd`. At `wrote`, two u32: bytes of edges (u32 from, u32 to) and of jobs. Returns the
 * object that it stopped at.
 */
export function objectEdges(
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
  const refs = <usize>load<u64>(graph, REFS);
  const immortal = load<u64>(graph, IMMORTAL);
  const isBiased = load<u32>(graph, BIASED) != 0;
  // The fields that are read of an object begin behind its ob_size.
  const own = placeOf(graph, OB_SIZE) + 8;
  let object = first;
  for (; object < end; ++object) {
    const record = records + (<usize>object << RECORD_BITS);
    const place = load<u64>(record, OBJECT_ADDRESS) & 0xffffffffffff;
    const offset = <usize>(place - address);
    const left = (bytes - offset) & ~7;
    if (offset >= bytes || left < 16) continue;
    const plan = plans + <usize>load<u32>(record, OBJECT_TYPE) * SCAN_BYTES;
    const mostJobs = MOST_JOBS + <usize>popcnt(load<u64>(plan, TABLE_WORDS));
    if (edges + left + 64 > edgesEnd || jobs + mostJobs * JOB_BYTES > jobsEnd) break;
    const here = at + offset;
    const count = isBiased ? countOf(here) : load<u64>(here);
    store<u32>(refs + (<usize>object << 2), count >= immortal ? 0xffffffff : <u32>count);
    if (load<u8>(plan, VISITS_TYPE) != 0) edges = putEdge(graph, object, load<u64>(here + placeOf(graph, OB_TYPE)), edges);
    const from = <usize>load<u32>(plan, FROM);
    const to = <usize>load<u32>(plan, TO);
    const skip = load<u64>(plan, SKIP);
    const part = load<u64>(plan, PART);
    const stop = min(to, left);
    for (let word = from; word < stop; word += 8) {
      const bit = word < <usize>MASKED_WORDS << 3 ? (<u64>1) << (<u64>word >> 3) : 0;
      if ((skip & bit) != 0) continue;
      edges =
        (part & bit) != 0
          ? putPartEdge(graph, object, load<u64>(here + word), edges)
          : putEdge(graph, object, load<u64>(here + word), edges);
    }
    if (to > left) {
      const rest = max(from, left);
      jobs = putJob(place + <u64>rest, WORDS, object, <u64>(to - rest) >> 3, 0, jobs);
    }
    const basic = <usize>load<u32>(plan, BASIC);
    if (load<u8>(plan, ITEMS) != 0 && left >= own) {
      const items = load<u64>(here + placeOf(graph, OB_SIZE));
      if (items < MOST_ENTRIES) {
        const inside = left > basic ? min<u64>(items, <u64>(left - basic) >> 3) : 0;
        const last = here + basic + (<usize>inside << 3);
        for (let item = here + basic; item < last; item += 8) edges = putEdge(graph, object, load<u64>(item), edges);
        jobs = putJob(place + <u64>basic + (inside << 3), WORDS, object, items - inside, 0, jobs);
      }
    }
    const fromEnd = <u64>load<u32>(plan, DICT_FROM_END);
    if (fromEnd != 0 && left >= own) {
      let items = load<i64>(here + placeOf(graph, OB_SIZE));
      if (items < 0) items = -items;
      if (<u64>items < MOST_ENTRIES) {
        const dict = ((<u64>basic + <u64>items * <u64>load<u32>(plan, ITEM) + 7) & ~7) - fromEnd;
        if (dict + 8 <= <u64>left) edges = putPartEdge(graph, object, load<u64>(here + <usize>dict), edges);
        else jobs = putJob(place + dict, WORDS, object, 1, 0, jobs);
      }
    }
    const managed = load<u8>(plan, MANAGED);
    if (managed != 0) {
      if (offset < 32) jobs = putJob(place, SPECIAL, object, 1, 0, jobs);
      else {
        const header = load<u64>(graph, VALUES_HEADER);
        const word = load<u64>(here - placeOf(graph, MANAGED_DICT));
        const values = <u64>load<u32>(plan, VALUES);
        if (managed == 2 && (word & 1) != 0) jobs = putJob(word + 1 + header, ATTRIBUTES, object, values, 0, jobs);
        else edges = putPartEdge(graph, object, word, edges);
        if (managed == 1 && load<u64>(here - placeOf(graph, MANAGED_VALUES)) != 0)
          jobs = putJob(load<u64>(here - placeOf(graph, MANAGED_VALUES)) + header, ATTRIBUTES, object, values, 0, jobs);
      }
    }
    // PyDictValues: u8 capacity, size, embedded, valid.
    if (load<u32>(plan, INLINE) != 0 && basic + 8 <= left && load<u8>(here + basic, 3) != 0) {
      const last = min(basic + 8 + (<usize>load<u8>(here + basic) << 3), left);
      for (let value = basic + 8; value < last; value += 8)
        edges = putEdge(graph, object, load<u64>(here + value), edges);
    }
    let isFollowed = false;
    const table = load<u8>(plan, TABLE);
    if (table == TABLE_SPECIAL) jobs = putJob(place, SPECIAL, object, 1, 0, jobs);
    else if (left >= own + 24) {
      isFollowed =
        (table == TABLE_LIST && load<u64>(here + placeOf(graph, OB_SIZE)) != 0) ||
        (table == TABLE_DICT && load<u64>(here + placeOf(graph, DICT_USED)) != 0) ||
        (table == TABLE_SET && load<u64>(here + placeOf(graph, SET_USED)) != 0);
      if (table == TABLE_LIST)
        jobs = putJob(load<u64>(here + placeOf(graph, LIST_ITEMS)), WORDS, object, load<u64>(here + placeOf(graph, OB_SIZE)), 0, jobs);
      else if (table == TABLE_DICT && load<u64>(here + placeOf(graph, DICT_USED)) != 0) {
        const values = load<u64>(here + placeOf(graph, DICT_VALUES));
        jobs = putJob(load<u64>(here + placeOf(graph, DICT_KEYS)), values == 0 ? KEYS : SPLIT, object, 1, values, jobs);
      } else if (table == TABLE_SET && load<u64>(here + placeOf(graph, SET_USED)) != 0)
        jobs = putJob(load<u64>(here + placeOf(graph, SET_TABLE)), PAIRS, object, load<u64>(here + placeOf(graph, SET_MASK)) + 1, 0, jobs);
    }
    let tables = isFollowed ? 0 : load<u64>(plan, TABLE_WORDS);
    if (table == TABLE_STR) {
      // A compact str has its text where others have more fields: one of ASCII behind the four words from its length on.
      const state = left < own + 24 ? 0x60 : load<u8>(here + placeOf(graph, STR_STATE)) & 0x60;
      if (state == 0x60) tables &= ((<u64>1) << ((<u64>own >> 3) + 3)) - 1;
      else if ((state & 0x20) != 0) tables &= ~((<u64>1) << (<u64>placeOf(graph, STR_DATA) >> 3));
    }
    for (; tables != 0; tables &= tables - 1) {
      const word = <usize>ctz(tables) << 3;
      if (word >= left) break;
      const start = load<u64>(here + word);
      // What the object has in itself is none; text can stand in place of a pointer.
      if ((start & 7) == 0 && start != 0 && start - place >= <u64>basic) jobs = putJob(start, PLAIN, object, 1, 0, jobs);
    }
  }
  store<u32>(wrote, <u32>(edges - edgesStart));
  store<u32>(wrote, <u32>(jobs - jobsStart), 4);
  return object;
}

/** Bytes of a job's item. */
// @ts-ignore: a decorator on a function
@inline
function itemBytes(kind: u64): usize {
  return kind == WORDS ? 8 : kind == ENTRIES_24 ? 24 : 16;
}

/**
 * Does the jobs `first` up to, not including, `end`, of those at `jobs`: their items begin among `bytes` bytes at `at`,
 * at `address`; those that do not are left out. What their tables lead to further off becomes new jobs at `next`.
 * Room and results as in `objectEdges`. At `budget`, two u64 that it changes: entries of dicts' tables that may still be
 * read, and words of entries that were left out because they were more. At `tables`, a bit a word of the piece: 1 where
 * a table begins.
 */
export function tableEdges(
  graph: usize,
  jobs: usize,
  first: u32,
  end: u32,
  at: usize,
  bytes: usize,
  address: u64,
  edges: usize,
  edgesEnd: usize,
  next: usize,
  nextEnd: usize,
  wrote: usize,
  budget: usize,
  tables: usize,
): u32 {
  const edgesStart = edges;
  const nextStart = next;
  let index = first;
  for (; index < end; ++index) {
    const job = jobs + <usize>index * JOB_BYTES;
    let kind = load<u64>(job) >> JOB_KIND_BITS;
    const place = load<u64>(job) & 0xffffffffffff;
    const owner = load<u32>(job, JOB_OWNER);
    let count = <u64>load<u32>(job, JOB_COUNT);
    let offset = place - address;
    if (offset >= <u64>bytes) continue;
    let left = <u64>bytes - offset;
    if (kind == ATTRIBUTES) kind = WORDS;
    else {
      const mark = tables + (<usize>offset >> 6);
      store<u8>(mark, load<u8>(mark) | (<u8>1 << (<u8>(offset >> 3) & 7)));
    }
    if (kind == PLAIN) continue;
    if (edges + <usize>left * 2 + 64 > edgesEnd || next + 2 * JOB_BYTES > nextEnd) break;
    if (kind == KEYS || kind == SPLIT) {
      if (left < 40) continue;
      const table = at + <usize>offset;
      let entries: u64 = 0;
      let header: u64 = 0;
      let isWide = true;
      if (load<u64>(graph, NEW_KEYS) != 0) {
        const indexBits = <u64>load<u8>(table + placeOf(graph, KEYS_LOG2_INDEX));
        if (indexBits > 43) continue;
        header = <u64>placeOf(graph, KEYS_INDICES) + ((<u64>1) << indexBits);
        entries = load<u64>(table + placeOf(graph, KEYS_ENTRIES));
        isWide = load<u8>(table + placeOf(graph, KEYS_KIND)) == 0;
      } else {
        const size = load<u64>(table + placeOf(graph, KEYS_SIZE));
        if (size > MOST_ENTRIES) continue;
        header = <u64>placeOf(graph, KEYS_INDICES) + size * (size <= 0xff ? 1 : size <= 0xffff ? 2 : 4);
        entries = load<u64>(table + placeOf(graph, KEYS_ENTRIES));
      }
      if (entries >= MOST_ENTRIES) continue;
      if (kind == SPLIT) {
        next = putJob(load<u64>(job, JOB_MORE) + load<u64>(graph, VALUES_HEADER), WORDS, owner, min<u64>(entries, 65536), 0, next);
        continue;
      }
      kind = isWide ? ENTRIES_24 : ENTRIES_16;
      const item = <u64>itemBytes(kind);
      const inside = left > header ? min<u64>(entries, (left - header) / item) : 0;
      next = putJob(place + header + inside * item, kind, owner, entries - inside, 0, next);
      if (inside > load<u64>(budget)) {
        store<u64>(budget, load<u64>(budget, 8) + ((inside * item) >> 3), 8);
        continue;
      }
      store<u64>(budget, load<u64>(budget) - inside);
      count = inside;
      offset += header;
      left = left > header ? left - header : 0;
    }
    const step = itemBytes(kind);
    let item = at + <usize>offset;
    const last = item + <usize>min<u64>(count, left / <u64>step) * step;
    if (kind == WORDS || kind == PAIRS) {
      for (; item < last; item += step) edges = putEdge(graph, owner, load<u64>(item), edges);
    } else {
      // An entry that was deleted has no value, and keeps no key.
      const key: usize = kind == ENTRIES_24 ? 8 : 0;
      for (; item < last; item += step) {
        const value = load<u64>(item + key, 8);
        if (value == 0) continue;
        edges = putEdge(graph, owner, load<u64>(item + key), edges);
        edges = putEdge(graph, owner, value, edges);
      }
    }
  }
  store<u32>(wrote, <u32>(edges - edgesStart));
  store<u32>(wrote, <u32>(next - nextStart), 4);
  return index;
}

/**
 * Addresses (u64, at most `most`, to `to`) of what may be a thread state's fields datastack_chunk, datastack_top,
 * datastack_limit (Include/cpython/pystate.h, 3.11 on): a page, a place in what follows it, and its end. Greenlets keep
 * the same three. Returns how many there are, also beyond `most`.
 */
export function findDataStacks(at: usize, bytes: usize, address: u64, to: usize, most: u32): u32 {
  let found: u32 = 0;
  for (let offset: usize = 0; offset + 24 <= bytes; offset += 8) {
    const chunk = load<u64>(at + offset);
    if ((chunk & 0xfff) != 0 || chunk == 0) continue;
    const size = load<u64>(at + offset, 16) - chunk;
    const used = load<u64>(at + offset, 8) - chunk;
    if (size == 0 || size > 1 << 30 || (size & 0x3fff) != 0 || used < 24 || used > size || (used & 7) != 0) continue;
    if (found < most) store<u64>(to + (<usize>found << 3), address + <u64>offset);
    ++found;
  }
  return found;
}
