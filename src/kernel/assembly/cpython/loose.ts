// CPython's objects in memory of an allocator that is not known: what looks like one, and what leads to it.
import { MANY_OBJECTS, RECORDS } from "../../abi/graph";
import { FROM_NEXT, FROM_PREVIOUS, LINK_BYTES, LINKED_BYTES, OWN_BYTES } from "../../abi/loose";
import { OB_TYPE } from "../../abi/object-plan";
import { ZEROS } from "../../abi/pages";
import { PAGE_BITS, PAGE_BYTES } from "../../abi/pieces";
import { OBJECT_ADDRESS, RECORD_BITS } from "../../abi/record";
import { findTarget } from "./edges";
import { ownBytes } from "./object-bytes";
import { putAny } from "./objects";
import { findType, placeOf, readRefs } from "./plan";

/** Of the collector's links, the lowest bits are flags. */
const LINK: u64 = ~3;
/** PyGC_Head, since 3.8: two links. */
const GC_HEAD: usize = 16;

/**
 * What may be live objects among `bytes` bytes at `at`, at `address`: any aligned place with a type's address behind what
 * can be a count. Returns the bytes of records written to `to`, room for bytes / 8 of them; see loose.ts for `owns` and `links`, with room
 * for as many.
 */
export function looseObjects(
  plan: usize,
  at: usize,
  bytes: usize,
  tail: usize,
  address: u64,
  tally: usize,
  to: usize,
  owns: usize,
  links: usize,
): usize {
  const start = to;
  const end = bytes + tail;
  for (let offset: usize = 0; offset < bytes && offset + 128 <= end; offset += 8) {
    const entry = findType(plan, load<u64>(at + offset + placeOf(plan, OB_TYPE)));
    if (entry == 0 || readRefs(plan, at + offset) <= 0) continue;
    const own = ownBytes(plan, entry, at + offset);
    if (own < 0) continue;
    const wrote = putAny(plan, entry, at + offset, address + <u64>offset, <u64>own, tally, to);
    if (wrote == 0) continue;
    to += wrote;
    store<u32>(owns, <u32>min<u64>(<u64>own, 0xffffffff));
    owns += OWN_BYTES;
    store<u64>(links, offset < GC_HEAD ? u64.MAX_VALUE : load<u64>(at + offset - GC_HEAD));
    links += LINK_BYTES;
  }
  return to - start;
}

/**
 * Marks which of what may be objects the words among `bytes` bytes at `at`, at `address`, lead to: at `held` a byte each.
 * `pages` are as `surveyPages` left them. Those from `first` to `end` lie here: where the collector's list comes back to one
 * that is in it, that is marked at `linked`, see loose.ts. At `links` are all first words of their heads (u64).
 */
export function holdLoose(
  graph: usize,
  at: usize,
  bytes: usize,
  address: u64,
  pages: usize,
  first: u32,
  end: u32,
  held: usize,
  links: usize,
  linked: usize,
): void {
  const records = <usize>load<u64>(graph, RECORDS);
  const count = load<u32>(graph, MANY_OBJECTS);
  if (count == 0) return;
  // Most words are numbers.
  const low = addressOf(records, 0);
  const span = addressOf(records, count - 1) - low;
  for (let offset: usize = 0; offset < bytes; offset += PAGE_BYTES) {
    if (load<u8>(pages + (offset >> PAGE_BITS)) == <u8>ZEROS) continue;
    const pageEnd = at + min<usize>(offset + PAGE_BYTES, bytes & ~7);
    for (let place = at + offset; place < pageEnd; place += 8) {
      const word = load<u64>(place);
      if (word - low > span) continue;
      const target = findTarget(graph, word);
      if (target >= 0) store<u8>(held + <usize>target, 1);
    }
  }
  for (let index = first; index < end; ++index) {
    if (load<u64>(links + (<usize>index << 3)) == 0) continue;
    const object = addressOf(records, index);
    if (object - address < <u64>GC_HEAD) continue;
    const head = at + <usize>(object - address) - GC_HEAD;
    const previous = findTarget(graph, (load<u64>(head, 8) & LINK) + <u64>GC_HEAD);
    if (previous < 0) continue;
    if ((load<u64>(links + (<usize>previous << 3)) & LINK) != object - <u64>GC_HEAD) continue;
    store<u8>(linked + <usize>index * LINKED_BYTES, 1, FROM_PREVIOUS);
    store<u8>(linked + <usize>previous * LINKED_BYTES, 1, FROM_NEXT);
  }
}

// @ts-ignore: a decorator on a function
@inline
function addressOf(records: usize, index: u32): u64 {
  return load<u64>(records + (<usize>index << RECORD_BITS), OBJECT_ADDRESS) & 0xffffffffffff;
}
