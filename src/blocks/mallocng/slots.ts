import { partitionPoint } from "../../terms/index.ts";
import type { MemoryReader } from "../reader.ts";
import { blockStart, type Group, isFreeSlot, isGroup, type Mallocng, u16 } from "./groups.ts";
import { BLOCK, IN_BAND, RESERVED, UNIT } from "./layout.ts";

/** What a slot of musl's malloc holds. */
export interface Slot {
  /** `group`: of other slots; `damaged`: its header makes no sense. */
  readonly state: "in use" | "free" | "group" | "damaged";
  /** Where its block begins. */
  readonly start: number;
  /** What was asked for; of one that is not in use, all that there is room for. */
  readonly bytes: number;
}

/** What the slots of a group hold, in order. */
export function* slotsOf(reader: MemoryReader, group: Group): Generator<Slot> {
  for (let slot = 0; slot < group.slots; slot += 1) yield readSlot(reader, group, slot);
}

function readSlot(reader: MemoryReader, group: Group, slot: number): Slot {
  const slotStart = group.storage + slot * group.stride;
  const end = slotStart + group.stride - IN_BAND;
  const start = blockStart(reader, slotStart, group);
  if (start >= end) return { state: "damaged", start: slotStart, bytes: end - slotStart };
  const room = end - start;
  if (isFreeSlot(group, slot)) return { state: "free", start, bytes: room };
  if (isGroup(reader, start)) return { state: "group", start, bytes: room };
  const header = reader.u8(start + BLOCK.slot);
  const least = header >>> 5;
  const spare = least === RESERVED.tail ? reader.u32(end - 4) : least;
  const isPlaced = (header & 31) === slot && placeOf(reader, start) === (start - group.storage) / UNIT;
  const isSound = isPlaced && least <= RESERVED.tail && spare <= room;
  return isSound ? { state: "in use", start, bytes: room - spare } : { state: "damaged", start, bytes: room };
}

/** How far behind its group's storage a block says that it begins, in units. */
function placeOf(reader: MemoryReader, start: number): number {
  return reader.u8(start + BLOCK.isFar) === 0
    ? u16(reader, start + BLOCK.place)
    : reader.u32(start + BLOCK.farPlace);
}

/** The slot that has the address in its block; null where there is none. */
export function slotAt(reader: MemoryReader, { groups }: Mallocng, at: number): Slot | null {
  let index = partitionPoint(0, groups.length, (place) => (groups[place]?.start ?? 0) <= at) - 1;
  // The innermost group: those behind the one around it that end before.
  while (index >= 0 && groups[index]?.isInner && at >= (groups[index]?.end ?? 0)) index -= 1;
  const group = groups[index];
  if (group === undefined || at >= group.end || at < group.storage) return null;
  const number = Math.floor((at - group.storage) / group.stride);
  if (number >= group.slots) return null;
  const slot = readSlot(reader, group, number);
  return at >= slot.start && at < slot.start + slot.bytes ? slot : null;
}
