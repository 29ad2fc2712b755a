import type { MemoryReader } from "../../../blocks/index.ts";
import type { Layout } from "../layout/layout.ts";
import { KIND, type TypePlan } from "../types/kinds.ts";
import { dictBytes, otherSize } from "./object-size.ts";

/** Bytes that nothing in a process has. */
const MOST_BYTES = 2 ** 47;
const MOST_ITEMS = 2 ** 40;

/**
 * What sys.getsizeof says of the object at the address: as the kernel sizes it for all objects (its `ownBytes` and
 * `ownedBytes`), for one. Null where its fields make no sense or are not saved.
 */
export function sizeAt(reader: MemoryReader, layout: Layout, plan: TypePlan, at: number): number | null {
  const own = ownSize(reader, layout, plan, at);
  if (own === null) return null;
  const bytes = plan.head + own + elsewhere(reader, layout, plan, at);
  return bytes >= 0 && bytes < MOST_BYTES ? bytes : null;
}

/** The bytes from the object's address on that it has in its own block; null where its fields make no sense. */
export function ownSize(reader: MemoryReader, layout: Layout, plan: TypePlan, at: number): number | null {
  const basic = plan.basic - plan.head;
  if (plan.kind === KIND.str) {
    const length = reader.u64(at + 16);
    const state = reader.u8(at + 32);
    if (!(length <= MOST_ITEMS) || Number.isNaN(state)) return null;
    if ((state & 0x20) === 0) return layout.strWhole;
    return (state & 0x40) !== 0
      ? layout.strAscii + length + 1
      : layout.strCompact + (length + 1) * ((state >> 2) & 7);
  }
  if (plan.item === 0) return basic;
  const count = reader.i64(at + 16);
  const items = plan.kind === KIND.taggedInt ? Math.floor(reader.u64(at + 16) / 8) : Math.abs(count);
  if (!(items <= MOST_ITEMS)) return null;
  const own = basic + Math.max(items, plan.leastItems) * plan.item;
  return plan.isRounded ? Math.ceil(own / 8) * 8 : own;
}

/** Bytes of tables and buffers that it owns. */
function elsewhere(reader: MemoryReader, layout: Layout, plan: TypePlan, at: number): number {
  switch (plan.kind) {
    case KIND.list:
      return reader.u64(at + 32) * 8;
    case KIND.dict:
      return dictBytes(reader, layout, at);
    case KIND.set:
      return reader.u64(at + 40) === at + 64 ? 0 : (reader.u64(at + 32) + 1) * 16;
    case KIND.bytearray:
      return reader.u64(at + 24);
    case KIND.deque:
      // Modules/_collectionsmodule.c: blocks of 64 items and two links.
      return Math.floor((reader.u64(at + 40) + reader.u64(at + 16) + 63) / 64) * 528;
    case KIND.str:
      return strBuffers(reader, layout, at);
    case KIND.other:
      return otherSize(reader, layout, plan, at) - plan.basic;
    default:
      return 0;
  }
}

/** Objects/unicodeobject.c, unicode_sizeof: text that is apart, its UTF-8, and its wide characters up to 3.11. */
function strBuffers(reader: MemoryReader, layout: Layout, at: number): number {
  const length = reader.u64(at + 16);
  const state = reader.u8(at + 32);
  const isAscii = (state & 0x60) === 0x60;
  const isCompact = (state & 0x20) !== 0;
  const apart = reader.u64(at + layout.strWhole - 8);
  let bytes = isCompact || apart === 0 ? 0 : (length + 1) * ((state >> 2) & 7);
  if (!isAscii) {
    const utf8 = reader.u64(at + layout.strAscii + 8);
    if (utf8 !== 0 && utf8 !== (isCompact ? at + layout.strCompact : apart))
      bytes += reader.u64(at + layout.strAscii) + 1;
  }
  if (layout.strHasWide) {
    const wide = reader.u64(at + 40);
    const shared = isCompact ? at + (isAscii ? layout.strAscii : layout.strCompact) : reader.u64(at + 72);
    if (wide !== 0 && wide !== shared) bytes += ((isAscii ? length : reader.u64(at + 64)) + 1) * 4;
  }
  return bytes;
}
