import type { Heap, PyObject, PyType } from "./heap.ts";
import type { Types } from "./types.ts";

export type Entry = readonly [key: PyObject, value: PyObject];

/** A table of keys (PyDictKeysObject), shared or a dict's own. */
export interface KeysTable {
  readonly address: number;
  readonly bytes: number;
  /** Entries that are used, and those that still could be: as many values a split dict has. */
  readonly usable: number;
  readonly entries: number;
}

interface KeysPlan {
  /** Of the number of slots; 8 at least. */
  readonly log2?: number;
  readonly refs?: number;
  /** Whether all keys are str: entries without hashes since 3.11. */
  readonly isUnicode?: boolean;
  /** Entries whose key and value went. */
  readonly deleted?: readonly number[];
  /** Of a table that several dicts share: values lie elsewhere. */
  readonly isSplit?: boolean;
}

/** Makes dicts, their tables, and values of instances. */
export class Dicts {
  readonly #heap: Heap;
  readonly #types: Types;

  constructor(heap: Heap, types: Types) {
    this.#heap = heap;
    this.#types = types;
  }

  /** PyDictObject with a table of its own: ma_used, ma_version_tag, ma_keys, ma_values. */
  dict(entries: readonly Entry[], plan: KeysPlan = {}, type: PyType = this.#types.get("dict")): PyObject {
    const isUnicode = plan.isUnicode ?? entries.every(([key]) => key.type === this.#types.get("str"));
    const keys = this.keys(entries, { ...plan, isUnicode });
    const told = (plan.refs ?? 1) === 1 ? keys.bytes : 0;
    const object = this.#heap.make(type, type.basicBytes, told);
    this.#heap.memory.u64(object.address + 16, entries.length - (plan.deleted?.length ?? 0));
    this.#heap.memory.u64(object.address + 32, keys.address);
    return object;
  }

  /** Sets an item that is new to a dict whose keys are its own, and all str. */
  put(dict: PyObject, key: PyObject, value: PyObject): void {
    const { memory, minor } = this.#heap;
    const table = memory.readU64(dict.address + 32);
    const [entriesAt, usableAt] = minor >= 11 ? [24, 16] : [32, 24];
    const entries = memory.readU64(table + entriesAt);
    const usable = memory.readU64(table + usableAt);
    if (usable === 0) throw new RangeError("no room for another item");
    const slots = minor >= 11 ? 2 ** memory.readU8(table + 8) : memory.readU64(table + 8);
    const [header, entryBytes] = minor >= 11 ? [32, 16] : [40, 24];
    const entry = table + header + slots * indexBytesOf(slots) + entries * entryBytes;
    this.#heap.hold(entry + entryBytes - 16, key);
    this.#heap.hold(entry + entryBytes - 8, value);
    memory.u64(table + entriesAt, entries + 1);
    memory.u64(table + usableAt, usable - 1);
    memory.u64(dict.address + 16, memory.readU64(dict.address + 16) + 1);
  }

  /** A dict that shares a class's keys: its values are in a block of their own, in the order of the keys. */
  splitDict(keys: KeysTable, values: readonly (PyObject | null)[]): PyObject {
    const { memory, structs } = this.#heap;
    const type = this.#types.get("dict");
    const object = this.#heap.make(type, type.basicBytes, 8 * keys.usable);
    const { start } = this.#heap.table(structs.valuesHeader + 8 * keys.usable);
    memory.u64(object.address + 16, values.filter((value) => value !== null).length);
    memory.u64(object.address + 32, keys.address);
    memory.u64(object.address + 40, start);
    memory.u64(keys.address, memory.readU64(keys.address) + 1);
    values.forEach((value, index) => {
      this.#heap.hold(start + structs.valuesHeader + 8 * index, value);
    });
    return object;
  }

  /**
   * Up to 3.10 (Objects/dict-common.h): dk_refcnt, dk_size, dk_lookup, dk_usable, dk_nentries, indices, entries of hash,
   * key and value. Since (Include/internal/pycore_dict.h): dk_refcnt, the logarithms of slots and of the indices' bytes,
   * kind, version, dk_usable, dk_nentries, indices, and entries of key and value alone where all keys are str.
   */
  keys(entries: readonly Entry[], plan: KeysPlan = {}): KeysTable {
    const { memory, minor } = this.#heap;
    const isNew = minor >= 11;
    const log2 = plan.log2 ?? Math.max(3, Math.ceil(Math.log2(1.5 * entries.length + 1)));
    const slots = 2 ** log2;
    const usable = Math.floor((slots * 2) / 3);
    if (entries.length > usable) throw new RangeError(`${entries.length} entries in ${slots} slots`);
    const indexBytes = indexBytesOf(slots);
    const isSmall = isNew && (plan.isUnicode ?? true);
    const entryBytes = isSmall ? 16 : 24;
    const header = isNew ? 32 : 40;
    const bytes = header + slots * indexBytes + usable * entryBytes;
    const { start: at } = this.#heap.table(bytes);
    memory.u64(at, plan.refs ?? 1);
    if (isNew) {
      memory.u8(at + 8, log2);
      memory.u8(at + 9, log2 + Math.log2(indexBytes));
      memory.u8(at + 10, isSmall ? (plan.isSplit ? 2 : 1) : 0);
      memory.u64(at + 16, usable - entries.length);
      memory.u64(at + 24, entries.length);
    } else {
      memory.u64(at + 8, slots);
      memory.u64(at + 24, usable - entries.length);
      memory.u64(at + 32, entries.length);
    }
    memory.bytes(at + header, new Uint8Array(slots * indexBytes).fill(0xff));
    entries.forEach(([key, value], index) => {
      const entry = at + header + slots * indexBytes + index * entryBytes;
      if (plan.deleted?.includes(index)) return;
      if (!isSmall) memory.u64(entry, 7000 + index);
      this.#heap.hold(entry + entryBytes - 16, key);
      if (plan.isSplit !== true) this.#heap.hold(entry + entryBytes - 8, value);
    });
    return { address: at, bytes, usable, entries: entries.length };
  }
}

/** An index counts entries, and below 0 is none. */
function indexBytesOf(slots: number): number {
  return slots <= 0xff ? 1 : slots <= 0xffff ? 2 : 4;
}
