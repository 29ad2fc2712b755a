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
    const { PyASCIIObject, PyCompactUnicodeObject, PyUnicodeObject } = layout.structs;
    const length = reader.u64(at + PyASCIIObject.length);
    const state = reader.u8(at + PyASCIIObject.state);
    if (!(length <= MOST_ITEMS) || Number.isNaN(state)) return null;
    if ((state & 0x20) === 0) return PyUnicodeObject.sizeof;
    return (state & 0x40) !== 0
      ? PyASCIIObject.sizeof + length + 1
      : PyCompactUnicodeObject.sizeof + (length + 1) * ((state >> 2) & 7);
  }
  if (plan.item === 0) return basic;
  const isTagged = plan.kind === KIND.taggedInt;
  const count = isTagged
    ? reader.u64(at + layout.intSize)
    : reader.i64(at + layout.structs.PyVarObject.ob_size);
  const items = isTagged ? Math.floor(count / 8) : Math.abs(count);
  if (!(items <= MOST_ITEMS)) return null;
  const own = basic + Math.max(items, plan.leastItems) * plan.item;
  return plan.isRounded ? Math.ceil(own / 8) * 8 : own;
}

/** Bytes of tables and buffers that it owns. */
function elsewhere(reader: MemoryReader, layout: Layout, plan: TypePlan, at: number): number {
  const { PyListObject, PySetObject, PyByteArrayObject, setentry } = layout.structs;
  switch (plan.kind) {
    case KIND.list:
      return reader.u64(at + PyListObject.allocated) * 8;
    case KIND.dict:
      return dictBytes(reader, layout, at);
    case KIND.set:
      if (reader.u64(at + PySetObject.table) === at + PySetObject.smalltable) return 0;
      return (reader.u64(at + PySetObject.mask) + 1) * setentry.sizeof;
    case KIND.bytearray: {
      const room = reader.u64(at + PyByteArrayObject.ob_alloc);
      return room === 0 ? 0 : bufferHeader(layout) + room;
    }
    case KIND.deque:
      return dequeBlocks(reader, layout, at) * layout.structs.block.sizeof;
    case KIND.str:
      return strBuffers(reader, layout, at);
    case KIND.other:
      return otherSize(reader, layout, plan, at) - plan.basic;
    default:
      return 0;
  }
}

/**
 * What stands around the bytes of a bytearray: from 3.15 on they are a bytes object (Objects/bytearrayobject.c,
 * bytearray_sizeof), whose zero at the end ob_alloc no longer counts.
 */
export function bufferHeader({ structs: { PyByteArrayObject, PyBytesObject } }: Layout): number {
  return "ob_bytes_object" in PyByteArrayObject ? PyBytesObject.ob_sval + 1 : 0;
}

/** Objects/unicodeobject.c, unicode_sizeof: text that is apart, its UTF-8, and its wide characters up to 3.11. */
function strBuffers(reader: MemoryReader, layout: Layout, at: number): number {
  const { PyASCIIObject, PyCompactUnicodeObject, PyUnicodeObject } = layout.structs;
  const length = reader.u64(at + PyASCIIObject.length);
  const state = reader.u8(at + PyASCIIObject.state);
  const isAscii = (state & 0x60) === 0x60;
  const isCompact = (state & 0x20) !== 0;
  const apart = reader.u64(at + PyUnicodeObject.data);
  let bytes = isCompact || apart === 0 ? 0 : (length + 1) * ((state >> 2) & 7);
  if (!isAscii) {
    const utf8 = reader.u64(at + PyCompactUnicodeObject.utf8);
    if (utf8 !== 0 && utf8 !== (isCompact ? at + PyCompactUnicodeObject.sizeof : apart))
      bytes += reader.u64(at + PyCompactUnicodeObject.utf8_length) + 1;
  }
  if (layout.wide !== null) {
    const wide = reader.u64(at + layout.wide.text);
    const fields = isAscii ? PyASCIIObject.sizeof : PyCompactUnicodeObject.sizeof;
    const shared = isCompact ? at + fields : apart;
    if (wide !== 0 && wide !== shared)
      bytes += ((isAscii ? length : reader.u64(at + layout.wide.length)) + 1) * 4;
  }
  return bytes;
}

/** Items of a block of Modules/_collectionsmodule.c: what is between its links. */
export function blockItems({ structs: { block } }: Layout): number {
  return (block.rightlink - block.data) / 8;
}

/** Blocks that the items of the deque at the address lie in. */
export function dequeBlocks(reader: MemoryReader, layout: Layout, at: number): number {
  const { PyVarObject, dequeobject } = layout.structs;
  const slots = reader.u64(at + dequeobject.leftindex) + reader.u64(at + PyVarObject.ob_size);
  return Math.ceil(slots / blockItems(layout));
}
