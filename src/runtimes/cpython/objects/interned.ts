import type { MemoryReader } from "../../../blocks/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import { readKeysTable } from "../layout/dict-entries.ts";
import type { Layout } from "../layout/layout.ts";
import { readRefs } from "../layout/refs.ts";
import { takeOut } from "./live-records.ts";
import { recordAddress, recordBytes } from "./record-words.ts";
import type { Records } from "./records.ts";
import type { StaticSpans } from "./statics.ts";

const LEAST_INTERNED = 512;
const SAMPLED_ENTRIES = 64;
/** _PyGC_BITS_TRACKED (Include/internal/pycore_gc.h). */
const TRACKED = 1;

/** The interpreter's dict of interned strings. */
export interface InternTable {
  readonly bytes: number;
  readonly places: readonly number[];
}

/**
 * Takes the interpreter's own dict of interned strings out of the records and the tally: no program can reach it.
 * `large` are the places of large dicts' records, `statics` modules' data. Returns its bytes, 0 where there is none, and where
 * it and its table are.
 */
export function setInternedApart(
  memory: KernelMemory,
  reader: MemoryReader,
  layout: Layout,
  records: Records,
  large: readonly number[],
  statics: StaticSpans,
): InternTable {
  const words = new Uint32Array(memory.buffer);
  const tables = new Map<number, number>();
  for (const place of large) {
    const at = place / 4;
    const address = recordAddress(words, at);
    if (!layout.tracksDicts && isTracked(reader, layout, address)) continue;
    if (isInternTable(reader, layout, reader.u64(address + layout.structs.PyDictObject.ma_keys)))
      tables.set(address, at);
  }
  let interned = -1;
  for (const [address, at] of layout.tracksDicts
    ? heldByInterpreter(reader, layout, statics, tables)
    : tables) {
    const bytes = recordBytes(words, at) - (interned < 0 ? -1 : recordBytes(words, interned));
    if (bytes > 0 || (bytes === 0 && address < recordAddress(words, interned))) interned = at;
  }
  if (interned < 0) return { bytes: 0, places: [] };
  const bytes = takeOut(words, records, interned);
  const address = recordAddress(words, interned);
  return { bytes, places: [address, reader.u64(address + layout.structs.PyDictObject.ma_keys)] };
}

/**
 * Those of the tables that a word of the interpreter's own data leads to, and nothing else does: all dicts are in the collector's
 * lists, and a program may have one of interned strings as well.
 */
function* heldByInterpreter(
  reader: MemoryReader,
  layout: Layout,
  { all, own }: StaticSpans,
  tables: ReadonlyMap<number, number>,
): Generator<[number, number]> {
  if (tables.size === 0) return;
  const seen = new Set<number>();
  for (const { start, end } of all) {
    if (start < own.start || start >= own.end) continue;
    for (let at = start; at < end; at += 8) {
      const address = reader.u64(at);
      const record = tables.get(address);
      if (record === undefined || seen.has(address) || readRefs(reader, layout, address)?.count !== 1)
        continue;
      seen.add(address);
      yield [address, record];
    }
  }
}

/**
 * Whether the collector has the object in its lists, which are within a program's reach. Its head is in front of it:
 * the links, and up to 3.7 gc_refs, which is -2 above its lowest bit for objects that are in none. Without the GIL a bit of
 * the object says it.
 */
export function isTracked(reader: MemoryReader, layout: Layout, address: number): boolean {
  const { PyGC_Head: head, PyObject } = layout.structs;
  if ("ob_gc_bits" in PyObject) return (reader.u8(address + PyObject.ob_gc_bits) & TRACKED) !== 0;
  const start = address - head.sizeof;
  if (!("gc_refs" in head)) return reader.u64(start + head._gc_next) !== 0;
  return Math.floor(reader.i64(start + head.gc_refs) / 2) !== -2;
}

/**
 * Whether the table is that of the dict of interned strings (Objects/unicodeobject.c, PyUnicode_InternInPlace): every
 * value is its key, and every key says that it is interned.
 */
function isInternTable(reader: MemoryReader, layout: Layout, keys: number): boolean {
  const table = readKeysTable(reader, layout, keys);
  if (table === null || table.entries < LEAST_INTERNED) return false;
  let seen = 0;
  for (let index = 0; index < table.entries && seen < SAMPLED_ENTRIES; index += 1) {
    const key = reader.u64(table.firstKey + index * table.entryBytes);
    const value = reader.u64(table.firstValue + index * table.entryBytes);
    if (key === 0 || value === 0) continue;
    if (value !== key || !isInterned(reader, layout, key)) return false;
    seen += 1;
  }
  return seen === SAMPLED_ENTRIES;
}

/** Whether the str at the address says that it is interned: the lowest bits of its state. */
export function isInterned(reader: MemoryReader, { structs }: Layout, at: number): boolean {
  return (reader.u8(at + structs.PyASCIIObject.state) & 3) !== 0;
}
