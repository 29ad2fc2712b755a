// What the runtime tells the kernel of CPython's types: a table that it fills, constant while threads run.
import { GOLDEN_HIGH, GOLDEN_LOW } from "../../abi/hash";
import { HASH, HASH_SHIFT, MOST_REFS, REFS, TYPES } from "../../abi/object-plan";
import { ENTRY_BITS, TYPE_ADDRESS } from "../../abi/type-entry";

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

/** 1 where the word can be a live object's reference count, 0 where it is a freed one's, -1 where it is neither. */
// @ts-ignore: a decorator on a function
@inline
export function readRefs(plan: usize, word: u64): i32 {
  if (word == 0) return 0;
  const how = load<u64>(plan, REFS);
  const most = load<u64>(plan, MOST_REFS);
  if (how == 0) return word <= most ? 1 : -1;
  if (how == 2 && word >> 48 < 256) word &= 0xffffffffffff;
  if (word >> 32 != 0) return -1;
  return word >= 0x80000000 || word <= most ? 1 : -1;
}
