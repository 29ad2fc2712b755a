import type { MemoryReader } from "../../../blocks/index.ts";
import type { NewStructs, OldStructs } from "../structs/structs.ts";
import type { Layout } from "./layout.ts";

/** A dict's table of keys (PyDictKeysObject), as its header describes it. */
export interface KeysTable {
  readonly address: number;
  readonly refs: number;
  /** Bytes from the header to the end of the last entry that there is room for. */
  readonly bytes: number;
  /** Entries that were ever used; deleted ones among them. */
  readonly entries: number;
  /** Entries in use and those that could still be used: as many values a split table has. */
  readonly capacity: number;
  /** Where the first entry lies, and its key and value. */
  readonly firstEntry: number;
  readonly firstKey: number;
  readonly firstValue: number;
  /** 24 with the hash, 16 without it. */
  readonly entryBytes: 16 | 24;
}

const MOST_LOG2 = 40;

/** Reads the header of a table (Objects/dictobject.c, Include/internal/pycore_dict.h); null where it makes no sense. */
export function readKeysTable(reader: MemoryReader, { structs }: Layout, at: number): KeysTable | null {
  return "PyDictUnicodeEntry" in structs
    ? readNewKeys(reader, structs, at)
    : readOldKeys(reader, structs, at);
}

function readNewKeys(reader: MemoryReader, structs: NewStructs, at: number): KeysTable | null {
  const { PyDictKeysObject: fields, PyDictKeyEntry, PyDictUnicodeEntry } = structs;
  const log2Size = reader.u8(at + fields.dk_log2_size);
  const log2Index = reader.u8(at + fields.dk_log2_index_bytes);
  if (!(log2Size <= MOST_LOG2 && log2Index <= MOST_LOG2 + 3 && log2Index >= log2Size)) return null;
  const entry = reader.u8(at + fields.dk_kind) === 0 ? PyDictKeyEntry : PyDictUnicodeEntry;
  const entries = reader.u64(at + fields.dk_nentries);
  const firstEntry = at + fields.dk_indices + 2 ** log2Index;
  return checked({
    address: at,
    refs: reader.u64(at + fields.dk_refcnt),
    bytes: fields.dk_indices + 2 ** log2Index + Math.floor((2 ** log2Size * 2) / 3) * entry.sizeof,
    entries,
    capacity: entries + reader.u64(at + fields.dk_usable),
    firstEntry,
    firstKey: firstEntry + entry.me_key,
    firstValue: firstEntry + entry.me_value,
    entryBytes: entry.sizeof,
  });
}

function readOldKeys(reader: MemoryReader, structs: OldStructs, at: number): KeysTable | null {
  const { PyDictKeysObject: fields, PyDictKeyEntry: entry } = structs;
  const size = reader.u64(at + fields.dk_size);
  if (!(size > 0 && size <= 2 ** MOST_LOG2 && Number.isInteger(Math.log2(size)))) return null;
  const indexBytes = size <= 0xff ? 1 : size <= 0xffff ? 2 : size <= 0xffffffff ? 4 : 8;
  const usable = Math.floor((size * 2) / 3);
  const firstEntry = at + fields.dk_indices + size * indexBytes;
  return checked({
    address: at,
    refs: reader.u64(at + fields.dk_refcnt),
    bytes: fields.dk_indices + size * indexBytes + usable * entry.sizeof,
    entries: reader.u64(at + fields.dk_nentries),
    capacity: usable,
    firstEntry,
    firstKey: firstEntry + entry.me_key,
    firstValue: firstEntry + entry.me_value,
    entryBytes: entry.sizeof,
  });
}

function checked(table: KeysTable): KeysTable | null {
  const room = Math.floor((table.address + table.bytes - table.firstEntry) / table.entryBytes);
  return table.entries <= room && table.capacity <= room ? table : null;
}

/** Whether the PyDictValues at the end of an instance are in use: they are not where a dict took their place. */
export function areValid(reader: MemoryReader, { structs }: Layout, values: number): boolean {
  const fields = "PyDictValues" in structs ? structs.PyDictValues : null;
  return fields !== null && "valid" in fields && reader.u8(values + fields.valid) === 1;
}

/** A key and a value of a dict, by their addresses. */
export interface DictEntry {
  readonly key: number;
  readonly value: number;
}

/**
 * The entries in use of the dict at the address, in their order, among the first `most` of its table.
 * None where its table makes no sense or is not saved.
 */
export function* dictEntries(
  reader: MemoryReader,
  layout: Layout,
  dict: number,
  most = 65_536,
): Generator<DictEntry> {
  const { ma_keys, ma_values } = layout.structs.PyDictObject;
  const table = readKeysTable(reader, layout, reader.u64(dict + ma_keys));
  if (table === null) return;
  const apart = reader.u64(dict + ma_values);
  const last = Math.min(table.entries, most);
  for (let index = 0; index < last; index += 1) {
    const entry = index * table.entryBytes;
    const key = reader.u64(table.firstKey + entry);
    const value = reader.u64(apart > 0 ? apart + layout.valuesHeader + index * 8 : table.firstValue + entry);
    if (key > 0 && value > 0) yield { key, value };
  }
}
