// How large CPython's objects are, by their own fields: what sys.getsizeof says, as far as that goes.
import { MOST_REFS, STR_ASCII, STR_COMPACT, STR_WHOLE, STR_WSTR } from "../../abi/object-plan";
import { BASIC, HEAD, ITEM, KIND, LEAST_ITEMS, ROUND } from "../../abi/type-entry";
import { BYTEARRAY, DEQUE, LIST, SET, STR, TAGGED_INT } from "../../abi/type-kinds";

const MOST_ITEMS: u64 = 1 << 40;

/** Bytes that the object at `at` has in its own block from `at` on, or -1 where its fields make no sense. */
// @ts-ignore: a decorator on a function
@inline
export function ownBytes(plan: usize, entry: usize, at: usize): i64 {
  const kind = load<u8>(entry, KIND);
  const basic = <i64>load<u32>(entry, BASIC) - <i64>load<u8>(entry, HEAD);
  if (kind == STR) {
    const length = load<u64>(at, 16);
    if (length > MOST_ITEMS) return -1;
    const state = load<u8>(at, 32);
    if ((state & 0x20) == 0) return <i64>load<u64>(plan, STR_WHOLE);
    if ((state & 0x40) != 0) return <i64>(load<u64>(plan, STR_ASCII) + length + 1);
    return <i64>(load<u64>(plan, STR_COMPACT) + (length + 1) * <u64>((state >> 2) & 7));
  }
  const item = load<u32>(entry, ITEM);
  if (item == 0) return basic;
  let items = load<i64>(at, 16);
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
    count = load<u64>(at, 32);
    each = 8;
  } else if (kind == STR) {
    const state = load<u8>(at, 32);
    const length = load<u64>(at, 16);
    const ascii = (state & 0x60) == 0x60;
    if ((state & 0x20) == 0) {
      const fields = <usize>load<u64>(plan, STR_WHOLE);
      if (load<u64>(at + fields - 8) != 0) count = (length + 1) * <u64>((state >> 2) & 7);
    }
    const data = load<u64>(plan + (ascii ? STR_ASCII : STR_COMPACT));
    if (!ascii) {
      // utf8_length and utf8 follow the fields of PyASCIIObject; the text itself may be shared.
      const fields = <usize>load<u64>(plan, STR_ASCII);
      const utf8 = load<u64>(at + fields, 8);
      const shared = (state & 0x20) != 0 ? address + data : load<u64>(at + <usize>load<u64>(plan, STR_WHOLE) - 8);
      if (utf8 != 0 && utf8 != shared) count += load<u64>(at + fields) + 1;
    }
    if (load<u64>(plan, STR_WSTR) != 0) {
      const wide = load<u64>(at, 40);
      const shared = (state & 0x20) != 0 ? address + data : load<u64>(at, 72);
      if (wide != 0 && wide != shared) count += ((ascii ? length : load<u64>(at, 64)) + 1) << 2;
    }
  } else if (kind == SET) {
    if (load<u64>(at, 40) != address + 64) {
      count = load<u64>(at, 32) + 1;
      each = 16;
    }
  } else if (kind == BYTEARRAY) {
    count = load<u64>(at, 24);
  } else if (kind == DEQUE) {
    // Modules/_collectionsmodule.c: blocks of 64 items and two links.
    count = (load<u64>(at, 40) + load<u64>(at, 16) + 63) >> 6;
    each = 528;
  }
  // No object owns more than there is.
  return count > (load<u64>(plan, MOST_REFS) << 3) / each ? -1 : <i64>(count * each);
}
