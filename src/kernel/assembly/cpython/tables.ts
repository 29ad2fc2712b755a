// The tables of CPython's dicts, whose sizes are a part of the dicts'.
import {
  KEY_ENTRY_BYTES,
  KEYS_ENTRIES,
  KEYS_INDICES,
  KEYS_KIND,
  KEYS_LOG2_INDEX,
  KEYS_LOG2_SIZE,
  KEYS_REFS,
  KEYS_SIZE,
  KEYS_USABLE,
  NEW_KEYS,
  TYPES,
  UNICODE_ENTRY_BYTES,
} from "../../abi/object-plan";
import { OBJECT_ADDRESS, OBJECT_BYTES, OBJECT_TYPE } from "../../abi/record";
import { LIVE_BYTES, TALLY_BITS } from "../../abi/tally";
import { BASIC, ENTRY_BITS } from "../../abi/type-entry";
import { placeOf } from "./plan";

const MOST_LOG2: u32 = 40;

/**
 * Completes the records of dicts whose tables lie in `bytes` bytes at `at`, at `address`: `count` records' places
 * (u32) at `records`, each with its table's address where its bytes go, see `putRecord`. Adds their bytes to the
 * tally, and lists the places of those that come out larger than `large` at `found`, at most `most`.
 * Returns how many those are.
 */
export function tableSizes(
  plan: usize,
  records: usize,
  count: usize,
  at: usize,
  bytes: usize,
  address: u64,
  tally: usize,
  large: u32,
  found: usize,
  most: usize,
): usize {
  const types = <usize>load<u64>(plan, TYPES);
  const isNew = load<u64>(plan, NEW_KEYS) != 0;
  let out: usize = 0;
  for (let end = records + (count << 2); records < end; records += 4) {
    const record = <usize>load<u32>(records);
    const low = load<u32>(record, OBJECT_BYTES);
    const high = load<u64>(record, OBJECT_ADDRESS) >> 48;
    const offset = (((<u64>high) << 32) | <u64>(low & ~7)) - address;
    let own: u64 = 0;
    if (offset + 40 <= <u64>bytes) own = keysBytes(plan, at + <usize>offset, isNew, (low & 1) != 0);
    const index = <usize>load<u32>(record, OBJECT_TYPE);
    const size = own + <u64>load<u32>(types + (index << ENTRY_BITS), BASIC);
    store<u64>(record, load<u64>(record, OBJECT_ADDRESS) & 0xffffffffffff, OBJECT_ADDRESS);
    store<u32>(record, <u32>min<u64>(size, 0xffffffff), OBJECT_BYTES);
    const sums = tally + (index << TALLY_BITS);
    store<u64>(sums, load<u64>(sums, LIVE_BYTES) + size, LIVE_BYTES);
    if (size > <u64>large) {
      if (out < most) store<u32>(found + (out << 2), <u32>record);
      ++out;
    }
  }
  return out;
}

/**
 * Objects/dictobject.c, _PyDict_SizeOf: the values of a split dict, and the table unless it is shared; 0 where the
 * header makes no sense.
 */
// @ts-ignore: a decorator on a function
@inline
function keysBytes(plan: usize, at: usize, isNew: bool, isSplit: bool): u64 {
  let entryBytes = <u64>placeOf(plan, KEY_ENTRY_BYTES);
  const header = <u64>placeOf(plan, KEYS_INDICES);
  const entries = load<u64>(at + placeOf(plan, KEYS_ENTRIES));
  let size: u64;
  let index: u64;
  let capacity: u64;
  if (isNew) {
    const log2Size = <u32>load<u8>(at + placeOf(plan, KEYS_LOG2_SIZE));
    const log2Index = <u32>load<u8>(at + placeOf(plan, KEYS_LOG2_INDEX));
    if (log2Size > MOST_LOG2 || log2Index > MOST_LOG2 + 3 || log2Index < log2Size) return 0;
    if (load<u8>(at + placeOf(plan, KEYS_KIND)) != 0) entryBytes = <u64>placeOf(plan, UNICODE_ENTRY_BYTES);
    size = (<u64>1) << log2Size;
    index = (<u64>1) << log2Index;
    capacity = entries + load<u64>(at + placeOf(plan, KEYS_USABLE));
  } else {
    size = load<u64>(at + placeOf(plan, KEYS_SIZE));
    if (size == 0 || size >> MOST_LOG2 != 0 || (size & (size - 1)) != 0) return 0;
    index = size * (size <= 0xff ? 1 : size <= 0xffff ? 2 : size <= 0xffffffff ? 4 : 8);
    capacity = (size << 1) / 3;
  }
  const usable = (size << 1) / 3;
  if (entries > usable || capacity > usable) return 0;
  const values = isSplit ? capacity << 3 : 0;
  return values + (load<u64>(at + placeOf(plan, KEYS_REFS)) == 1 ? header + index + usable * entryBytes : 0);
}
