import type { Image } from "../../image/index.ts";
import { USER_SPACE_END } from "../../terms/index.ts";
import type { MemoryReader } from "../reader.ts";
import { type Span, spanAt, writableSpans } from "../span.ts";
import { findAreas } from "./areas.ts";
import {
  AREA,
  BLOCK,
  MAPPED_CLASS,
  META,
  MOST_METAS,
  RESERVED,
  SIZE_CLASSES,
  STORAGE,
  UNIT,
} from "./layout.ts";

/** What maplen is in, whatever pages the machine has. */
const MAP_UNIT = 4096;

/** Slots of one size, one behind the other. */
export interface Group extends Span {
  /** Where its slots begin, and how far they are apart. */
  readonly storage: number;
  readonly stride: number;
  readonly slots: number;
  /** Bit i: slot i was freed, or never handed out. */
  readonly free: number;
  /** Whether it lies in a slot of another group. */
  readonly isInner: boolean;
}

/** musl's malloc in an image. */
export interface Mallocng {
  /** By address; one that lies in another's slot behind that one. */
  readonly groups: readonly Group[];
  /** Pages of metas. */
  readonly areas: readonly number[];
  /** Metas whose groups make no sense, overlap others, or are not saved as a whole. */
  readonly lostGroups: number;
}

const NONE: Mallocng = { groups: [], areas: [], lostGroups: 0 };

/**
 * Reads the groups of musl's malloc; none where a process has another. A meta and its group have each other's addresses.
 * @param statics modules' writable data
 */
export function readMallocng(image: Image, reader: MemoryReader, statics: readonly Span[]): Mallocng {
  const areas = findAreas(reader, statics);
  if (areas.length === 0) return NONE;
  const saved = writableSpans(image, "saved");
  const found: Candidate[] = [];
  let lostGroups = 0;
  for (const area of areas)
    for (let index = 0; index < Math.min(reader.u32(area + AREA.count), MOST_METAS); index += 1) {
      const meta = area + AREA.slots + index * META.sizeof;
      // Those that wait to be used again have no group.
      if (reader.u64(meta + META.mem) === 0) continue;
      const group = readGroup(reader, meta);
      if (group === null || group.end > (spanAt(saved, group.start)?.end ?? 0)) lostGroups += 1;
      else found.push(group);
    }
  const { groups, lost } = nest(reader, found);
  return { groups, areas, lostGroups: lostGroups + lost };
}

type Candidate = Omit<Group, "isInner"> & { readonly isMapped: boolean };

function readGroup(reader: MemoryReader, meta: number): Candidate | null {
  const start = reader.u64(meta + META.mem);
  if (!(start % UNIT === 0 && start < USER_SPACE_END) || reader.u64(start) !== meta) return null;
  const [low, high] = [reader.u32(meta + META.packed), reader.u32(meta + META.packed + 4)];
  const slots = (low & 31) + 1;
  const sizeClass = (low >>> 6) & 63;
  const mapBytes = (high * 2 ** 20 + (low >>> 12)) * MAP_UNIT;
  const isAlone = slots === 1 && mapBytes > 0;
  const units = SIZE_CLASSES[sizeClass];
  if (units === undefined && !(sizeClass === MAPPED_CLASS && isAlone)) return null;
  const stride = isAlone ? mapBytes - UNIT : UNIT * (units ?? 0);
  const bytes = STORAGE + stride * slots;
  if (mapBytes > 0 && bytes > mapBytes) return null;
  const end = start + (mapBytes > 0 ? mapBytes : bytes);
  if (!(end < USER_SPACE_END)) return null;
  const free = (reader.u32(meta + META.available) | reader.u32(meta + META.freed)) >>> 0;
  return { start, end, storage: start + STORAGE, stride, slots, free, isMapped: mapBytes > 0 };
}

/** In order, and each either apart from all others or the whole content of a slot in use. */
function nest(reader: MemoryReader, found: Candidate[]): { groups: Group[]; lost: number } {
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const groups: Group[] = [];
  const around: Group[] = [];
  for (const { isMapped, ...group } of found) {
    while ((around.at(-1)?.end ?? Number.POSITIVE_INFINITY) <= group.start) around.pop();
    const outer = around.at(-1);
    if (outer !== undefined && (isMapped || !isContent(reader, outer, group))) continue;
    const one = { ...group, isInner: outer !== undefined };
    groups.push(one);
    around.push(one);
  }
  return { groups, lost: found.length - groups.length };
}

function isContent(reader: MemoryReader, outer: Group, { start, end }: Span): boolean {
  const slot = Math.floor((start - outer.storage) / outer.stride);
  if (!(slot >= 0 && slot < outer.slots) || isFreeSlot(outer, slot)) return false;
  const slotStart = outer.storage + slot * outer.stride;
  return (
    blockStart(reader, slotStart, outer) === start &&
    end <= slotStart + outer.stride &&
    isGroup(reader, start)
  );
}

export const isFreeSlot = ({ free }: Group, slot: number): boolean => ((free >>> slot) & 1) === 1;

/** Whether the block that begins at the address is a group. */
export const isGroup = (reader: MemoryReader, at: number): boolean =>
  reader.u8(at + BLOCK.slot) >>> 5 === RESERVED.group;

/** Where the block of a slot begins: musl puts some further on, so that an address is not used again at once, or aligned. */
export function blockStart(reader: MemoryReader, slotStart: number, { storage, stride }: Group): number {
  if (reader.u8(slotStart + BLOCK.slot) !== RESERVED.moved << 5) return slotStart;
  const start = slotStart + UNIT * u16(reader, slotStart + BLOCK.place);
  // Of how far an aligned block was moved there is room for 16 bits; the block itself says which of the places it is.
  for (let at = start; at < slotStart + stride; at += UNIT * 2 ** 16)
    if (reader.u8(at + BLOCK.isFar) !== 0 && reader.u32(at + BLOCK.farPlace) === (at - storage) / UNIT)
      return at;
  return start;
}

export const u16 = (reader: MemoryReader, at: number): number => reader.u8(at) + 256 * reader.u8(at + 1);
