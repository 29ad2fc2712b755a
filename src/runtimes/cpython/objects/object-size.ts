import type { MemoryReader } from "../../../blocks/index.ts";
import { readKeysTable } from "../layout/dict-entries.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { readRefs } from "../layout/refs.ts";
import type { TypePlan } from "../types/kinds.ts";
import { ndarrayBytes } from "./ndarray.ts";

/** Bytes that nothing in a process has. */
const MOST_BYTES = 2 ** 47;
/** Modules/_struct.c, formatcode: a format of more codes than this is not followed. */
const MOST_FORMAT_CODES = 4096;

/**
 * What sys.getsizeof says of an object that the kernel does not size: its `__sizeof__` and the bytes in front of it.
 * Fields that make no sense or are not saved count as nothing.
 */
export function otherSize(reader: MemoryReader, layout: Layout, plan: TypePlan, at: number): number {
  const bytes = plan.basic + extraBytes(reader, layout, plan, at);
  return bytes > 0 && bytes < MOST_BYTES ? Math.round(bytes) : plan.basic;
}

function extraBytes(reader: MemoryReader, layout: Layout, plan: TypePlan, at: number): number {
  const { buffered, bytesio } = layout.structs;
  switch (plan.other) {
    case "type":
      return typeBytes(reader, layout, plan, at) - plan.basic;
    case "ordered dict":
      return dictBytes(reader, layout, at) + orderBytes(reader, layout, at);
    case "generator":
      return layout.newKeys ? frameSlots(reader, layout, reader.u64(at + layout.generatorCode)) : 0;
    case "frame":
      return frameBytes(reader, layout, at);
    case "old code":
      return layout.oldCode === null ? 0 : oldCodeBytes(reader, layout, layout.oldCode, at);
    case "array":
      return arrayBytes(reader, layout, at);
    case "decimal":
      return decimalBytes(reader, layout, at);
    case "struct":
      return formatBytes(reader, layout, at);
    case "buffered":
      // Modules/_io/bufferedio.c, buffered_sizeof.
      return reader.u64(at + buffered.buffer) === 0 ? 0 : reader.u64(at + buffered.buffer_size);
    case "bytes io":
      return bufferBytes(reader, layout, reader.u64(at + bytesio.buf));
    case "ndarray":
      return ndarrayBytes(reader, at);
    case null:
      return 0;
  }
}

/** Objects/typeobject.c, type___sizeof___impl: a type of its own is as large as PyHeapTypeObject, whatever it adds. */
function typeBytes(reader: MemoryReader, layout: Layout, plan: TypePlan, at: number): number {
  const { PyTypeObject, PyHeapTypeObject, PyGC_Head } = layout.structs;
  const isHeapType = (reader.u32(at + PyTypeObject.tp_flags) & FLAG.heapType) !== 0;
  if (!isHeapType) return PyTypeObject.sizeof + (layout.staticTypeHead ? PyGC_Head.sizeof : 0);
  const keys = reader.u64(at + PyHeapTypeObject.ht_cached_keys);
  const table = keys > 0 ? readKeysTable(reader, layout, keys) : null;
  return plan.head + PyHeapTypeObject.sizeof + (table?.bytes ?? 0);
}

/** Objects/dictobject.c, _PyDict_SizeOf: its values where they are apart, and its table unless that is shared. */
export function dictBytes(reader: MemoryReader, layout: Layout, at: number): number {
  const { ma_keys, ma_values } = layout.structs.PyDictObject;
  return keysBytes(reader, layout, reader.u64(at + ma_keys), reader.u64(at + ma_values) !== 0);
}

/** The same, where table and kind are known. */
function keysBytes(reader: MemoryReader, layout: Layout, keys: number, isSplit: boolean): number {
  const table = readKeysTable(reader, layout, keys);
  if (table === null) return 0;
  return (isSplit ? table.capacity * 8 : 0) + (table.refs === 1 ? table.bytes : 0);
}

/** Objects/odictobject.c, odict_sizeof: the fast nodes, and a node of 4 words for each item. */
function orderBytes(reader: MemoryReader, { structs }: Layout, at: number): number {
  const { PyODictObject, PyDictObject, _ODictNode } = structs;
  const nodes = reader.u64(at + PyODictObject.od_first) === 0 ? 0 : reader.u64(at + PyDictObject.ma_used);
  return reader.u64(at + PyODictObject.od_fast_nodes_size) * 8 + nodes * _ODictNode.sizeof;
}

/** Locals, cells and stack: a word each. */
function frameSlots(reader: MemoryReader, layout: Layout, code: number): number {
  return (
    8 * (reader.i32(code + layout.code.locals) + reader.i32(code + layout.structs.PyCodeObject.co_stacksize))
  );
}

function frameBytes(reader: MemoryReader, layout: Layout, at: number): number {
  const data = reader.u64(at + layout.frameData);
  if (layout.frame !== null) {
    // From 3.14 on the low bits of a frame's code are a tag.
    const code = reader.u64(data + layout.frame.code);
    return frameSlots(reader, layout, code - (code % 8));
  }
  if (layout.oldCode === null) return 0;
  // Objects/frameobject.c, frame_sizeof up to 3.10: one slot is in the struct.
  const { co_cellvars, co_freevars } = layout.oldCode;
  const { ob_size } = layout.structs.PyVarObject;
  const names =
    reader.u64(reader.u64(data + co_cellvars) + ob_size) +
    reader.u64(reader.u64(data + co_freevars) + ob_size);
  return frameSlots(reader, layout, data) + 8 * names - 8;
}

/** Objects/codeobject.c, code_sizeof up to 3.10. */
function oldCodeBytes(
  reader: MemoryReader,
  { structs }: Layout,
  fields: NonNullable<Layout["oldCode"]>,
  at: number,
): number {
  const { ob_size } = structs.PyVarObject;
  const hasCells = reader.u64(at + fields.co_cell2arg) !== 0;
  const cells = hasCells ? 8 * reader.u64(reader.u64(at + fields.co_cellvars) + ob_size) : 0;
  // The cache for LOAD_GLOBAL, from 3.8 on.
  if (!("co_opcache" in fields && "_PyOpcache" in structs)) return cells;
  if (reader.u64(at + fields.co_opcache) === 0) return cells;
  // A byte for each instruction of two bytes, and the entries.
  const map = reader.u64(reader.u64(at + fields.co_code) + ob_size) / 2;
  return cells + map + reader.u8(at + fields.co_opcache_size) * structs._PyOpcache.sizeof;
}

/** Modules/arraymodule.c: allocated * ob_descr->itemsize, which is read-only data of the module. */
function arrayBytes(reader: MemoryReader, { structs }: Layout, at: number): number {
  const { arrayobject, arraydescr } = structs;
  const descriptor = reader.u64(at + arrayobject.ob_descr);
  const itemBytes = reader.u32(descriptor + arraydescr.itemsize);
  return Number.isNaN(itemBytes) ? 0 : reader.u64(at + arrayobject.allocated) * itemBytes;
}

/** Modules/_io/bytesio.c, bytesio_sizeof: the bytes object that is its buffer, unless that is shared. */
function bufferBytes(reader: MemoryReader, layout: Layout, buffer: number): number {
  const { PyVarObject, PyBytesObject } = layout.structs;
  if (readRefs(reader, layout, buffer)?.count !== 1) return 0;
  return PyBytesObject.ob_sval + 1 + reader.u64(buffer + PyVarObject.ob_size);
}

const STATIC_OR_SHARED = 0x10 | 0x20 | 0x40;

/** Modules/_decimal/_decimal.c, dec_sizeof: mpd_t's data where it is not in the object. */
function decimalBytes(reader: MemoryReader, { structs }: Layout, at: number): number {
  const flags = reader.u8(at + structs.PyDecObject.flags);
  return (flags & (STATIC_OR_SHARED | 0x80)) === 0 ? reader.u64(at + structs.PyDecObject.alloc) * 8 : 0;
}

/** Modules/_struct.c, s_sizeof: a code each and one at the end, which has no definition. */
function formatBytes(reader: MemoryReader, { structs }: Layout, at: number): number {
  const { PyStructObject, formatcode } = structs;
  const codes = reader.u64(at + PyStructObject.s_codes);
  let count = 0;
  while (count < MOST_FORMAT_CODES && reader.u64(codes + count * formatcode.sizeof + formatcode.fmtdef) > 0)
    count += 1;
  return (count + 1) * formatcode.sizeof;
}
