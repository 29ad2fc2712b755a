import type { MemoryReader } from "../../../blocks/index.ts";
import { DICT, readKeysTable } from "../layout/dict-entries.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import type { TypePlan } from "../types/kinds.ts";

/** Bytes that nothing in a process has. */
const MOST_BYTES = 2 ** 47;
/** Modules/_struct.c, formatcode: a format of more codes than this is not followed. */
const MOST_FORMAT_CODES = 4096;
const FORMAT_CODE_BYTES = 32;

/**
 * What sys.getsizeof says of an object that the kernel does not size: its `__sizeof__` and the bytes in front of it.
 * Fields that make no sense or are not saved count as nothing.
 */
export function otherSize(reader: MemoryReader, layout: Layout, plan: TypePlan, at: number): number {
  const bytes = plan.basic + extraBytes(reader, layout, plan, at);
  return bytes > 0 && bytes < MOST_BYTES ? Math.round(bytes) : plan.basic;
}

function extraBytes(reader: MemoryReader, layout: Layout, plan: TypePlan, at: number): number {
  switch (plan.other) {
    case "type":
      return typeBytes(reader, layout, plan, at) - plan.basic;
    case "ordered dict":
      return dictBytes(reader, layout, at) + orderBytes(reader, at);
    case "generator":
      return layout.newKeys ? frameSlots(reader, layout, reader.u64(at + layout.generatorCode)) : 0;
    case "frame":
      return frameBytes(reader, layout, at);
    case "old code":
      return layout.oldCode === null ? 0 : oldCodeBytes(reader, layout.oldCode, at);
    case "array":
      return arrayBytes(reader, at);
    case "decimal":
      return decimalBytes(reader, at);
    case "struct":
      return formatBytes(reader, at);
    case "buffered":
      // Modules/_io/bufferedio.c, buffered_sizeof.
      return reader.u64(at + 56) === 0 ? 0 : reader.u64(at + 120);
    case "bytes io":
      return bufferBytes(reader, reader.u64(at + 16));
    case null:
      return 0;
  }
}

/** Objects/typeobject.c, type___sizeof___impl: a type of its own is as large as PyHeapTypeObject, whatever it adds. */
function typeBytes(reader: MemoryReader, layout: Layout, plan: TypePlan, at: number): number {
  const isHeapType = (reader.u32(at + 168) & FLAG.heapType) !== 0;
  if (!isHeapType) return layout.typeBytes + (layout.staticTypeHead ? layout.gcHead : 0);
  const keys = reader.u64(at + layout.cachedKeys);
  const table = keys > 0 ? readKeysTable(reader, layout, keys) : null;
  return plan.head + layout.heapTypeBytes + (table?.bytes ?? 0);
}

/** Objects/dictobject.c, _PyDict_SizeOf: its values where they are apart, and its table unless that is shared. */
export function dictBytes(reader: MemoryReader, layout: Layout, at: number): number {
  return keysBytes(reader, layout, reader.u64(at + DICT.keys), reader.u64(at + DICT.values) !== 0);
}

/** The same, where table and kind are known. */
export function keysBytes(reader: MemoryReader, layout: Layout, keys: number, isSplit: boolean): number {
  const table = readKeysTable(reader, layout, keys);
  if (table === null) return 0;
  return (isSplit ? table.capacity * 8 : 0) + (table.refs === 1 ? table.bytes : 0);
}

/** Objects/odictobject.c, odict_sizeof: the fast nodes, and a node of 4 words for each item. */
function orderBytes(reader: MemoryReader, at: number): number {
  const nodes = reader.u64(at + 48) === 0 ? 0 : reader.u64(at + DICT.used);
  return reader.u64(at + 72) * 8 + nodes * 32;
}

/** Locals, cells and stack: a word each. */
function frameSlots(reader: MemoryReader, layout: Layout, code: number): number {
  return 8 * (reader.i32(code + layout.code.locals) + reader.i32(code + layout.code.stackSize));
}

function frameBytes(reader: MemoryReader, layout: Layout, at: number): number {
  const data = reader.u64(at + layout.frameData);
  if (layout.frameCode !== null) {
    // From 3.14 on the low bits of a frame's code are a tag.
    const code = reader.u64(data + layout.frameCode);
    return frameSlots(reader, layout, code - (code % 8));
  }
  if (layout.oldCode === null) return 0;
  // Objects/frameobject.c, frame_sizeof up to 3.10: one slot is in the struct.
  const { cellNames, freeNames } = layout.oldCode;
  const names = reader.u64(reader.u64(data + cellNames) + 16) + reader.u64(reader.u64(data + freeNames) + 16);
  return frameSlots(reader, layout, data) + 8 * names - 8;
}

/** Objects/codeobject.c, code_sizeof up to 3.10. */
function oldCodeBytes(reader: MemoryReader, code: NonNullable<Layout["oldCode"]>, at: number): number {
  const hasCells = reader.u64(at + code.cellToArgument) !== 0;
  const cells = hasCells ? 8 * reader.u64(reader.u64(at + code.cellNames) + 16) : 0;
  if (code.cache === null || reader.u64(at + code.cache) === 0) return cells;
  // A byte for each instruction of two bytes, and the entries.
  const map = reader.u64(reader.u64(at + code.bytecode) + 16) / 2;
  return cells + map + reader.u8(at + code.cache + 12) * 32;
}

/** Modules/arraymodule.c: allocated * ob_descr->itemsize, which is read-only data of the module. */
function arrayBytes(reader: MemoryReader, at: number): number {
  const descriptor = reader.u64(at + 40);
  const itemBytes = reader.u32(descriptor + 4);
  return Number.isNaN(itemBytes) ? 0 : reader.u64(at + 32) * itemBytes;
}

/** Modules/_io/bytesio.c, bytesio_sizeof: the bytes object that is its buffer, unless that is shared. */
function bufferBytes(reader: MemoryReader, buffer: number): number {
  return reader.u64(buffer) === 1 ? 33 + reader.u64(buffer + 16) : 0;
}

const STATIC_OR_SHARED = 0x10 | 0x20 | 0x40;

/** Modules/_decimal/_decimal.c, dec_sizeof: mpd_t's data where it is not in the object. */
function decimalBytes(reader: MemoryReader, at: number): number {
  const flags = reader.u8(at + 24);
  return (flags & (STATIC_OR_SHARED | 0x80)) === 0 ? reader.u64(at + 56) * 8 : 0;
}

/** Modules/_struct.c, s_sizeof: a code each and one at the end, which has no definition. */
function formatBytes(reader: MemoryReader, at: number): number {
  const codes = reader.u64(at + 32);
  let count = 0;
  while (count < MOST_FORMAT_CODES && reader.u64(codes + count * FORMAT_CODE_BYTES) > 0) count += 1;
  return (count + 1) * FORMAT_CODE_BYTES;
}
