// CPython's objects in memory of an allocator that is not known: what looks like one, and what leads to it.
import {
  BROKEN,
  FROM_NEXT,
  FROM_PREVIOUS,
  KEPT_BYTES,
  KEPT_END,
  LINK_BITS,
  LINK_BYTES,
  LINK_NEXT,
  LINK_OBJECT,
  LISTED,
  NOT_LISTED,
  OWN_BYTES,
  PREVIOUS_BYTES,
} from "../../abi/loose";
import { RECORDS, REGION_BITS, REGION_MULTIPLIER } from "../../abi/graph";
import { WORD_MARKS_BYTES } from "../../abi/native";
import { MOST_REFS, OB_TYPE, REFS, TYPES } from "../../abi/object-plan";
import { ZEROS } from "../../abi/pages";
import { PAGE_BITS, PAGE_BYTES } from "../../abi/pieces";
import { OBJECT_ADDRESS, OBJECT_BYTES, OBJECT_TYPE, RECORD_BYTES } from "../../abi/record";
import { LIVE, LIVE_BYTES, TALLY_BITS } from "../../abi/tally";
import { ENTRY_BITS, HEAD, IS_LISTED, IS_METATYPE, ITEM, KIND } from "../../abi/type-entry";
import { DICT } from "../../abi/type-kinds";
import { findTarget } from "./edges";
import { ownBytes } from "./object-bytes";
import { putAny } from "./objects";
import { findType, placeOf, readRefs } from "./plan";

/** Of the collector's links, the lowest bits are flags. */
const LINK: u64 = ~3;
/** Of a count of references, what is no flag in any version with the GIL. */
const COUNT: u64 = 0xffffffffffff;
/** A record that stands for nothing. */
const NO_TYPE: u32 = 0xffffffff;

/**
 * What may be live objects that begin from `from` up to `to` in the piece at `at`, at `address`, of which `end` bytes can be read: any
 * aligned place with a type's address behind what can be a count. `pages` are as `surveyPages` left them; all types are from `low` to `span`
 * bytes behind it; the collector's head has `gcHead` bytes, two links first. Returns the bytes of records written to `records`, room for one
 * a word; see loose.ts for `owns`, `links` and `previous`, with room for as many. At `wrote` the number of links (u32).
 */
export function looseObjects(
  plan: usize,
  at: usize,
  from: usize,
  to: usize,
  end: usize,
  address: u64,
  pages: usize,
  low: u64,
  span: u64,
  gcHead: usize,
  tally: usize,
  records: usize,
  owns: usize,
  links: usize,
  previous: usize,
  wrote: usize,
): usize {
  const start = records;
  const firstLink = links;
  const typeAt = placeOf(plan, OB_TYPE);
  const isBiased = load<u64>(plan, REFS) == 3;
  const mostRefs = max<u64>(load<u64>(plan, MOST_REFS), 0xffffffff);
  const last = min(to, end < 128 ? 0 : end - 127);
  for (let offset = from; offset < last; ) {
    const pageEnd = min(last, (offset | (PAGE_BYTES - 1)) + 1);
    // No count is zero; without the GIL it does not come first.
    if (!isBiased && load<u8>(pages + (offset >> PAGE_BITS)) == <u8>ZEROS) {
      offset = pageEnd;
      continue;
    }
    for (; offset < pageEnd; offset += 8) {
      const type = load<u64>(at + offset + typeAt);
      // Most words are numbers, or have a pointer in front of them.
      if (type - low > span || (!isBiased && (load<u64>(at + offset) & COUNT) - 1 >= mostRefs)) continue;
      const entry = findType(plan, type);
      if (entry == 0 || readRefs(plan, at + offset) <= 0) continue;
      const own = ownBytes(plan, entry, at + offset);
      if (own < 0) continue;
      const object = address + <u64>offset;
      // All types are known by now: what should be one and is none is no object.
      if (load<u8>(entry, IS_METATYPE) != 0 && findType(plan, object) == 0) continue;
      const record = putAny(plan, entry, at + offset, object, <u64>own, tally, records);
      if (record == 0) continue;
      records += record;
      store<u32>(owns, <u32>min<u64>((<u64>own + 7) >> 3, 0xffffffff));
      owns += OWN_BYTES;
      if (load<u8>(entry, IS_LISTED) == 0) continue;
      const isHere = offset >= gcHead;
      const head = at + offset - gcHead;
      const next = isHere ? load<u64>(head) & LINK : u64.MAX_VALUE;
      if (next == 0) continue;
      store<u64>(links, object, LINK_OBJECT);
      store<u64>(links, next, LINK_NEXT);
      links += LINK_BYTES;
      store<u64>(previous, isHere ? load<u64>(head, 8) & LINK : u64.MAX_VALUE);
      previous += PREVIOUS_BYTES;
    }
  }
  store<u32>(wrote, <u32>((links - firstLink) >> LINK_BITS));
  return records - start;
}

/**
 * Marks what the words among `bytes` bytes at `at` lead to, from `low` to `span` bytes behind it: a bit a word of the regions in the
 * table of `hash`, see graph.ts, whose marks lie one behind the other at `marks`. `pages` are as `surveyPages` left them.
 */
export function markLoose(
  at: usize,
  bytes: usize,
  pages: usize,
  low: u64,
  span: u64,
  hash: usize,
  hashMask: u32,
  marks: usize,
): void {
  let last: u64 = 0;
  let lastKey: u32 = 0;
  let region: usize = 0;
  for (let offset: usize = 0; offset < bytes; offset += PAGE_BYTES) {
    if (load<u8>(pages + (offset >> PAGE_BITS)) == <u8>ZEROS) continue;
    const end = at + min<usize>(offset + PAGE_BYTES, bytes & ~7);
    for (let place = at + offset; place < end; place += 8) {
      const word = load<u64>(place);
      // Most words are numbers, and many lead to where the one before them does.
      if (word - low > span || word == last || (word & 7) != 0) continue;
      last = word;
      const key = <u32>(word >> REGION_BITS) + 1;
      if (key != lastKey) {
        lastKey = key;
        region = findRegion(hash, hashMask, key, marks);
      }
      if (region == 0) continue;
      const mark = region + (((<usize>word & ((1 << REGION_BITS) - 1)) >> 8) << 2);
      const bit: u32 = 1 << (<u32>(word >> 3) & 31);
      if ((load<u32>(mark) & bit) == 0) atomic.or<u32>(mark, bit);
    }
  }
}

/** Where the region's marks are, or 0. */
// @ts-ignore: a decorator on a function
@inline
function findRegion(hash: usize, mask: u32, key: u32, marks: usize): usize {
  let slot = (key * <u32>REGION_MULTIPLIER) & mask;
  let at = hash + (<usize>slot << 3);
  while (load<u32>(at) != key) {
    if (load<u32>(at) == 0) return 0;
    slot = (slot + 1) & mask;
    at = hash + (<usize>slot << 3);
  }
  return marks + <usize>load<u32>(at, 4) * WORD_MARKS_BYTES;
}

/** Marks at `states` which of the `count` links at RECORDS of `graph` their neighbours lead back to; see loose.ts. */
export function linkLoose(graph: usize, previous: usize, count: u32, gcHead: usize, states: usize): void {
  const links = <usize>load<u64>(graph, RECORDS);
  for (let index: u32 = 0; index < count; ++index) {
    const found = findTarget(graph, load<u64>(previous + <usize>index * PREVIOUS_BYTES) + <u64>gcHead);
    if (found < 0) continue;
    const object = load<u64>(links + (<usize>index << LINK_BITS), LINK_OBJECT);
    if (load<u64>(links + (<usize>found << LINK_BITS), LINK_NEXT) != object - <u64>gcHead) continue;
    store<u8>(states + <usize>index, load<u8>(states + <usize>index) | <u8>FROM_PREVIOUS);
    store<u8>(states + <usize>found, load<u8>(states + <usize>found) | <u8>FROM_NEXT);
  }
}

/**
 * Of `count` records of one region, last first, drops those that are in no list and that no mark is for, those whose head makes no sense,
 * and those that reach into one behind them that is in a list; the first such one behind all begins at `room`. `links` are theirs, the
 * `states` settled. Returns where the first of these that is in a list begins, or `room`.
 */
export function dropLoose(
  plan: usize,
  records: usize,
  owns: usize,
  count: u32,
  links: usize,
  states: usize,
  linkCount: u32,
  marks: usize,
  room: u64,
): u64 {
  const types = <usize>load<u64>(plan, TYPES);
  for (let index = count; index > 0; ) {
    --index;
    const record = records + <usize>index * RECORD_BYTES;
    const entry = types + (<usize>load<u32>(record, OBJECT_TYPE) << ENTRY_BITS);
    const address = addressOf(record);
    let state = <u8>NOT_LISTED;
    if (linkCount > 0 && load<u64>(links + (<usize>(linkCount - 1) << LINK_BITS), LINK_OBJECT) == address) {
      --linkCount;
      state = load<u8>(states + <usize>linkCount);
    }
    const isHeld = state == <u8>LISTED || (state == <u8>NOT_LISTED && isMarked(marks, address));
    if (!isHeld || endOf(entry, address, owns, index) > room) store<u32>(record, NO_TYPE, OBJECT_TYPE);
    if (state == <u8>LISTED) room = address - <u64>load<u8>(entry, HEAD);
  }
  return room;
}

/**
 * Moves the records that are left, of `count`, to the front of them and counts them, less those that begin before one before them ends.
 * Returns their bytes; `kept` is gone on with, see loose.ts.
 */
export function keepLoose(
  plan: usize,
  records: usize,
  owns: usize,
  count: u32,
  tally: usize,
  kept: usize,
): usize {
  const types = <usize>load<u64>(plan, TYPES);
  let end = load<u64>(kept, KEPT_END);
  let bytes = load<u64>(kept, KEPT_BYTES);
  let to = records;
  for (let index: u32 = 0; index < count; ++index) {
    const record = records + <usize>index * RECORD_BYTES;
    const type = load<u32>(record, OBJECT_TYPE);
    if (type == NO_TYPE) continue;
    const entry = types + (<usize>type << ENTRY_BITS);
    const address = addressOf(record);
    const head = <u64>load<u8>(entry, HEAD);
    if (address - head < end) continue;
    end = endOf(entry, address, owns, index);
    bytes += head + (<u64>load<u32>(owns + <usize>index * OWN_BYTES) << 3);
    const sums = tally + (<usize>type << TALLY_BITS);
    store<u64>(sums, load<u64>(sums, LIVE) + 1, LIVE);
    if (load<u8>(entry, KIND) != <u8>DICT)
      store<u64>(sums, load<u64>(sums, LIVE_BYTES) + <u64>load<u32>(record, OBJECT_BYTES), LIVE_BYTES);
    store<u64>(to, load<u64>(record));
    store<u64>(to, load<u64>(record, 8), 8);
    to += RECORD_BYTES;
  }
  store<u64>(kept, end, KEPT_END);
  store<u64>(kept, bytes, KEPT_BYTES);
  return to - records;
}

// @ts-ignore: a decorator on a function
@inline
function addressOf(record: usize): u64 {
  return load<u64>(record, OBJECT_ADDRESS) & 0xffffffffffff;
}

/** datetime.time and datetime without a zone leave out the last word of their struct. */
// @ts-ignore: a decorator on a function
@inline
function endOf(entry: usize, address: u64, owns: usize, index: u32): u64 {
  const lacks: u64 = load<u32>(entry, ITEM) == 0 && load<u8>(entry, IS_LISTED) == 0 ? 8 : 0;
  return address + (<u64>load<u32>(owns + <usize>index * OWN_BYTES) << 3) - lacks;
}

// @ts-ignore: a decorator on a function
@inline
function isMarked(marks: usize, address: u64): bool {
  const mark = marks + ((<usize>address & ((1 << REGION_BITS) - 1)) >> 8 << 2);
  return (load<u32>(mark) & (1 << (<u32>(address >> 3) & 31))) != 0;
}
