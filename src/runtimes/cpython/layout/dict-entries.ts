import type { MemoryReader } from "../../../blocks/index.ts";
import type { Layout } from "./layout.ts";

/** Fields of PyDictObject, at the same places in all versions. */
export const DICT = { used: 16, keys: 32, values: 40 } as const;

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
  /** Where the first entry lies. */
  readonly firstEntry: number;
  /** 24 with the hash, 16 without it. */
  readonly entryBytes: 16 | 24;
}

const MOST_LOG2 = 40;

/** Reads the header of a table (Objects/dictobject.c, Include/internal/pycore_dict.h); null where it makes no sense. */
export function readKeysTable(reader: MemoryReader, layout: Layout, at: number): KeysTable | null {
  return layout.newKeys ? readNewKeys(reader, at) : readOldKeys(reader, at);
}

function readNewKeys(reader: MemoryReader, at: number): KeysTable | null {
  const log2Size = reader.u8(at + 8);
  const log2Index = reader.u8(at + 9);
  if (!(log2Size <= MOST_LOG2 && log2Index <= MOST_LOG2 + 3 && log2Index >= log2Size)) return null;
  const entryBytes = reader.u8(at + 10) === 0 ? 24 : 16;
  return checked({
    address: at,
    refs: reader.u64(at),
    bytes: 32 + 2 ** log2Index + Math.floor((2 ** log2Size * 2) / 3) * entryBytes,
    entries: reader.u64(at + 24),
    capacity: reader.u64(at + 24) + reader.u64(at + 16),
    firstEntry: at + 32 + 2 ** log2Index,
    entryBytes,
  });
}

function readOldKeys(reader: MemoryReader, at: number): KeysTable | null {
  const size = reader.u64(at + 8);
  if (!(size > 0 && size <= 2 ** MOST_LOG2 && Number.isInteger(Math.log2(size)))) return null;
  const indexBytes = size <= 0xff ? 1 : size <= 0xffff ? 2 : size <= 0xffffffff ? 4 : 8;
  const usable = Math.floor((size * 2) / 3);
  return checked({
    address: at,
    refs: reader.u64(at),
    bytes: 40 + size * indexBytes + usable * 24,
    entries: reader.u64(at + 32),
    capacity: usable,
    firstEntry: at + 40 + size * indexBytes,
    entryBytes: 24,
  });
}

function checked(table: KeysTable): KeysTable | null {
  const room = Math.floor((table.address + table.bytes - table.firstEntry) / table.entryBytes);
  return table.entries <= room && table.capacity <= room ? table : null;
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
  const table = readKeysTable(reader, layout, reader.u64(dict + DICT.keys));
  if (table === null) return;
  const apart = reader.u64(dict + DICT.values);
  const last = Math.min(table.entries, most);
  for (let index = 0; index < last; index += 1) {
    const entry = table.firstEntry + index * table.entryBytes + (table.entryBytes - 16);
    const key = reader.u64(entry);
    const value = apart > 0 ? reader.u64(apart + layout.valuesHeader + index * 8) : reader.u64(entry + 8);
    if (key > 0 && value > 0) yield { key, value };
  }
}
