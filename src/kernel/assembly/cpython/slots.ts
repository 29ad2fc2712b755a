// musl's malloc (src/malloc/mallocng/meta.h): groups of slots of one size.
import {
  DAMAGED,
  FAR_PLACE,
  FREE,
  GROUP,
  IN_BAND,
  IN_USE,
  IS_FAR,
  MOVED,
  OTHER_BYTES,
  PLACE,
  SLOT,
  SLOT_BITS,
  STORAGE,
  TAIL,
  UNIT,
} from "../../abi/mallocng-slot";
import { putBlock } from "./native";
import { countFreed, findObject } from "./objects";

/**
 * Finds the objects in the `slots` slots of `stride` bytes of the group that lies at `at`, at `address`; 128 bytes behind it can be
 * read. Those whose bit is set in `free` are. Writes records to `to`, and to `others` the blocks in use that hold no object, each with
 * room for one a slot; at `wrote` what mallocng-slot.ts says. Returns the bytes of records.
 */
export function slotObjects(
  plan: usize,
  at: usize,
  address: u64,
  stride: usize,
  slots: u32,
  free: u32,
  tally: usize,
  to: usize,
  others: usize,
  wrote: usize,
): usize {
  const records = to;
  const firstOther = others;
  let inUse: u32 = 0;
  let freed: u32 = 0;
  let damaged: u32 = 0;
  for (let slot: u32 = 0; slot < slots; ++slot) {
    const bit: u32 = 1 << slot;
    const place = <usize>slot * stride;
    const end = place + stride - IN_BAND;
    const start = blockStart(at + STORAGE, place, stride);
    const block = at + STORAGE + start;
    if (start >= end) {
      damaged |= bit;
      continue;
    }
    const room = <u32>(end - start);
    if ((free & bit) != 0) {
      freed |= bit;
      countFreed(plan, block, <u64>room, tally);
      continue;
    }
    const header = load<u8>(block - SLOT);
    const reserved = header >> <u8>SLOT_BITS;
    if (reserved == <u8>GROUP) continue;
    const spare = reserved == <u8>TAIL ? load<u32>(at + STORAGE + end - 4) : <u32>reserved;
    const isPlaced = (<u32>header & 31) == slot && placeOf(block) == <u32>(start / <usize>UNIT);
    if (!isPlaced || reserved > <u8>TAIL || spare > room) {
      damaged |= bit;
      continue;
    }
    inUse |= bit;
    const here = address + <u64>(<usize>STORAGE + start);
    const record = findObject(plan, block, here, <u64>(room - spare), tally, to);
    to += record;
    if (record == 0) others = putBlock(here, <u64>(room - spare), others);
  }
  store<u32>(wrote, inUse, IN_USE);
  store<u32>(wrote, freed, FREE);
  store<u32>(wrote, damaged, DAMAGED);
  store<u32>(wrote, <u32>(others - firstOther), OTHER_BYTES);
  return to - records;
}

/** Where in the storage at `at` the block of the slot at `place` begins: musl puts some further on, or aligned. */
// @ts-ignore: a decorator on a function
@inline
function blockStart(at: usize, place: usize, stride: usize): usize {
  if (load<u8>(at + place - SLOT) != <u8>(MOVED << SLOT_BITS)) return place;
  const start = place + <usize>UNIT * <usize>load<u16>(at + place - PLACE);
  // Of how far an aligned block was moved there is room for 16 bits; the block itself says which of the places it is.
  for (let here = start; here < place + stride; here += <usize>UNIT << 16)
    if (load<u8>(at + here - IS_FAR) != 0 && <usize>load<u32>(at + here - FAR_PLACE) == here / <usize>UNIT) return here;
  return start;
}

/** How far behind its group's storage a block says that it begins, in units. */
// @ts-ignore: a decorator on a function
@inline
function placeOf(block: usize): u32 {
  return load<u8>(block - IS_FAR) == 0 ? <u32>load<u16>(block - PLACE) : load<u32>(block - FAR_PLACE);
}
