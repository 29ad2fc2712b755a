// What the runtime tells the kernel of CPython's types: a table that it fills, constant while threads run.
import { GOLDEN_HIGH, GOLDEN_LOW } from "../../abi/hash";
import { HASH, HASH_SHIFT, MOST_REFS, REFS, TYPES } from "../../abi/object-plan";
import {
  GC_BITS,
  IMMORTAL_LOCAL,
  IS_DEFERRED,
  LOCAL_COUNT,
  SHARED_COUNT,
  SHARED_FLAG_BITS,
} from "../../abi/biased-count";
import { ENTRY_BITS, TYPE_ADDRESS } from "../../abi/type-entry";

/** What a count begins with where references on stacks are no part of it, from 3.14 on: _Py_REF_DEFERRED, PY_SSIZE_T_MAX / 8. */
const DEFERRED_COUNT: i64 = i64.MAX_VALUE / 8;
const MULTIPLIER: u64 = (<u64>GOLDEN_HIGH << 32) | <u64>GOLDEN_LOW;

/** Where this version has a field of one of CPython's structs; `field` is its place in the plan or the graph. */
// @ts-ignore: a decorator on a function
@inline
export function placeOf(plan: usize, field: usize): usize {
  return <usize>load<u32>(plan + field);
}

/** The entry of the type whose address the word is, or 0. */
// @ts-ignore: a decorator on a function
@inline
export function findType(plan: usize, word: u64): usize {
  if ((word & 7) != 0 || word == 0) return 0;
  const hash = <usize>load<u64>(plan, HASH);
  const shift = load<u64>(plan, HASH_SHIFT);
  const types = <usize>load<u64>(plan, TYPES);
  const mask: u64 = ((<u64>1) << (64 - shift)) - 1;
  let slot = (word * MULTIPLIER) >> shift;
  let index = load<u32>(hash + (<usize>slot << 2));
  while (index != 0) {
    const entry = types + (<usize>(index - 1) << ENTRY_BITS);
    if (load<u64>(entry, TYPE_ADDRESS) == word) return entry;
    slot = (slot + 1) & mask;
    index = load<u32>(hash + (<usize>slot << 2));
  }
  return 0;
}

/** 1 where what is at `at` can be a live object's reference count, 0 where it is a freed one's, -1 where it is neither. */
// @ts-ignore: a decorator on a function
@inline
export function readRefs(plan: usize, at: usize): i32 {
  const how = load<u64>(plan, REFS);
  const most = load<u64>(plan, MOST_REFS);
  if (how == 3) {
    if (load<u32>(at, LOCAL_COUNT) == <u32>IMMORTAL_LOCAL) return 1;
    const count = biasedCount(at);
    return count == 0 ? 0 : count > 0 && <u64>count <= most ? 1 : -1;
  }
  let word = load<u64>(at);
  if (word == 0) return 0;
  if (how == 0) return word <= most ? 1 : -1;
  if (how == 2 && word >> 48 < 256) word &= 0xffffffffffff;
  if (word >> 32 != 0) return -1;
  return word >= 0x80000000 || word <= most ? 1 : -1;
}

/**
 * How many references an object of a build without the GIL has, those of its own thread and of all others together; what a deferred
 * count begins with does not count (Include/internal/pycore_object.h, _PyObject_SetDeferredRefcount).
 */
// @ts-ignore: a decorator on a function
@inline
export function biasedCount(at: usize): i64 {
  let shared = load<i64>(at, SHARED_COUNT) >> SHARED_FLAG_BITS;
  let local = <i64>load<u32>(at, LOCAL_COUNT);
  if (shared > DEFERRED_COUNT / 2) shared -= DEFERRED_COUNT;
  else if ((load<u8>(at, GC_BITS) & IS_DEFERRED) != 0 && local > 1) --local;
  return local + shared;
}
