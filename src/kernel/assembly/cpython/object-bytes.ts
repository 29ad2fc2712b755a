// How large CPython's objects are, by their own fields: what sys.getsizeof says, as far as that goes.
import {
  BYTEARRAY_ALLOC,
  BYTEARRAY_HEADER,
  DEQUE_BLOCK_BYTES,
  DEQUE_BLOCK_ITEMS,
  DEQUE_LEFT_INDEX,
  INT_SIZE,
  LIST_ALLOCATED,
  MOST_REFS,
  OB_SIZE,
  SET_ENTRY_BYTES,
  SET_MASK,
  SET_SMALL_TABLE,
  SET_TABLE,
  STR_ASCII,
  STR_COMPACT,
  STR_DATA,
  STR_LENGTH,
  STR_STATE,
  STR_UTF8,
  STR_UTF8_LENGTH,
  STR_WHOLE,
  STR_WIDE,
  STR_WIDE_LENGTH,
  STR_WSTR,
} from "../../abi/object-plan";
import { BASIC, HEAD, ITEM, KIND, LEAST_ITEMS, ROUND } from "../../abi/type-entry";
import { BYTEARRAY, DEQUE, LIST, SET, STR, TAGGED_INT } from "../../abi/type-kinds";
import { placeOf } from "./plan";

const MOST_ITEMS: u64 = 1 << 40;

/** Bytes that the object at `at` has in its own block from `at` on, or -1 where its fields make no sense. */
// @ts-ignore: a decorator on a function
@inline
export function ownBytes(plan: usize, entry: usize, at: usize): i64 {
  const kind = load<u8>(entry, KIND);
  const basic = <i64>load<u32>(entry, BASIC) - <i64>load<u8>(entry, HEAD);
  if (kind == STR) {
    const length = load<u64>(at + placeOf(plan, STR_LENGTH));
    if (length > MOST_ITEMS) return -1;
    const state = load<u8>(at + placeOf(plan, STR_STATE));
    if ((state & 0x20) == 0) return <i64>load<u64>(plan, STR_WHOLE);
    if ((state & 0x40) != 0) return <i64>(load<u64>(plan, STR_ASCII) + length + 1);
    return <i64>(load<u64>(plan, STR_COMPACT) + (length + 1) * <u64>((state >> 2) & 7));
  }
  const item = load<u32>(entry, ITEM);
  if (item == 0) return basic;
  let items = load<i64>(at + (kind == TAGGED_INT ? placeOf(plan, INT_SIZE) : placeOf(plan, OB_SIZE)));
  if (kind == TAGGED_INT) items = <i64>(<u64>items >> 3);
  else if (items < 0) items = -items;
  if (<u64>items > MOST_ITEMS) return -1;
  const own = basic + max<i64>(items, <i64>load<u8>(entry, LEAST_ITEMS)) * <i64>item;
  const round = <i64>load<u8>(entry, ROUND);
  return (own + round) & ~round;
}

/** Bytes that the object owns elsewhere, as far as it tells itself; -1 where its fields make no sense. */
// @ts-ignore: a decorator on a function
@inline
export function ownedBytes(plan: usize, entry: usize, at: usize, address: u64): i64 {
  const kind = load<u8>(entry, KIND);
  let count: u64 = 0;
  let each: u64 = 1;
  if (kind == LIST) {
    count = load<u64>(at + placeOf(plan, LIST_ALLOCATED));
    each = 8;
  } else if (kind == STR) {
    const state = load<u8>(at + placeOf(plan, STR_STATE));
    const length = load<u64>(at + placeOf(plan, STR_LENGTH));
    const ascii = (state & 0x60) == 0x60;
    if ((state & 0x20) == 0) {
      if (load<u64>(at + placeOf(plan, STR_DATA)) != 0) count = (length + 1) * <u64>((state >> 2) & 7);
    }
    const data = load<u64>(plan + (ascii ? STR_ASCII : STR_COMPACT));
    if (!ascii) {
      // The text itself may be shared.
      const utf8 = load<u64>(at + placeOf(plan, STR_UTF8));
      const shared = (state & 0x20) != 0 ? address + data : load<u64>(at + placeOf(plan, STR_DATA));
      if (utf8 != 0 && utf8 != shared) count += load<u64>(at + placeOf(plan, STR_UTF8_LENGTH)) + 1;
    }
    if (load<u64>(plan, STR_WSTR) != 0) {
      const wide = load<u64>(at + placeOf(plan, STR_WIDE));
      const shared = (state & 0x20) != 0 ? address + data : load<u64>(at + placeOf(plan, STR_DATA));
      if (wide != 0 && wide != shared) count += ((ascii ? length : load<u64>(at + placeOf(plan, STR_WIDE_LENGTH))) + 1) << 2;
    }
  } else if (kind == SET) {
    if (load<u64>(at + placeOf(plan, SET_TABLE)) != address + <u64>placeOf(plan, SET_SMALL_TABLE)) {
      count = load<u64>(at + placeOf(plan, SET_MASK)) + 1;
      each = <u64>placeOf(plan, SET_ENTRY_BYTES);
    }
  } else if (kind == BYTEARRAY) {
    count = load<u64>(at + placeOf(plan, BYTEARRAY_ALLOC));
    if (count != 0) count += <u64>placeOf(plan, BYTEARRAY_HEADER);
  } else if (kind == DEQUE) {
    const items = <u64>placeOf(plan, DEQUE_BLOCK_ITEMS);
    const slots = load<u64>(at + placeOf(plan, DEQUE_LEFT_INDEX)) + load<u64>(at + placeOf(plan, OB_SIZE));
    count = (slots + items - 1) / items;
    each = <u64>placeOf(plan, DEQUE_BLOCK_BYTES);
  }
  // No object owns more than there is.
  return count > (load<u64>(plan, MOST_REFS) << 3) / each ? -1 : <i64>(count * each);
}
