import type { MemoryReader } from "../../../blocks/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import { V38 } from "../structs/v38.ts";
import { V314 } from "../structs/v314.ts";

/**
 * A `_Py_hashtable_t` that was found: chains of entries behind an array of buckets. From 3.9 on an entry has words for its
 * key and value; up to 3.8 (`isInline`) both stand in it, as large as the table says.
 */
export interface HashTable {
  readonly address: number;
  readonly isInline: boolean;
  /** How many entries it says it has. */
  readonly entries: number;
  /** Where the array of buckets is, and how many these are: a power of two. */
  readonly buckets: number;
  readonly bucketCount: number;
  /** Of inline ones; 8 else. */
  readonly keyBytes: number;
  /** Of inline ones: 0 makes a set. */
  readonly dataBytes: number;
  /** Whether it frees keys and values: never so where they are inline. */
  readonly destroysKeys: boolean;
  readonly destroysValues: boolean;
}

/** What tells code and data apart. */
export interface Places {
  /** Whether a function may be there: memory of a module's that is not writable. */
  isCode(at: number): boolean;
  /** Whether what malloc gives may be there. */
  isWritable(at: number): boolean;
}

/** Where an entry has its parts: the same in all versions with words for them, and in all without. */
export const ENTRY = V314._Py_hashtable_entry_t;
export const INLINE_ENTRY = V38._Py_hashtable_entry_t;

const TABLE = V314._Py_hashtable_t;
const OLD_TABLE = V38._Py_hashtable_t;
/** HASHTABLE_MIN_SIZE (Python/hashtable.c). */
const LEAST_BUCKETS = 16;
const MOST_BUCKETS = 2 ** 40;

/** The table at the address; null where the words there make none. */
export function readHashTable(reader: MemoryReader, places: Places, at: number): HashTable | null {
  const table = readFields(reader, at);
  if (table === null) return null;
  const { entries, bucketCount, buckets } = table;
  const isSane =
    bucketCount >= LEAST_BUCKETS &&
    bucketCount < MOST_BUCKETS &&
    2 ** Math.round(Math.log2(bucketCount)) === bucketCount &&
    entries <= bucketCount &&
    buckets % 8 === 0 &&
    places.isWritable(buckets);
  if (!isSane) return null;
  const functions = table.isInline ? OLD_FUNCTIONS : FUNCTIONS;
  if (!functions.every((offset) => places.isCode(reader.u64(at + offset)))) return null;
  return table;
}

const FUNCTIONS = [
  TABLE.get_entry_func,
  TABLE.hash_func,
  TABLE.compare_func,
  TABLE.malloc,
  TABLE.free,
] as const;
const OLD_FUNCTIONS = [
  OLD_TABLE.hash_func,
  OLD_TABLE.compare_func,
  OLD_TABLE.malloc,
  OLD_TABLE.free,
] as const;
/** Of a pointer, or of a pointer and a domain, packed. */
const KEY_BYTES: readonly number[] = [8, 12];
const MOST_DATA_BYTES = 64;

function readFields(reader: MemoryReader, address: number): HashTable | null {
  const keyBytes = reader.u64(address + OLD_TABLE.key_size);
  const dataBytes = reader.u64(address + OLD_TABLE.data_size);
  // Where the old table has these numbers, the new one has functions.
  if (KEY_BYTES.includes(keyBytes) && dataBytes <= MOST_DATA_BYTES)
    return {
      address,
      isInline: true,
      entries: reader.u64(address + OLD_TABLE.entries),
      buckets: reader.u64(address + OLD_TABLE.buckets),
      bucketCount: reader.u64(address + OLD_TABLE.num_buckets),
      keyBytes,
      dataBytes,
      destroysKeys: false,
      destroysValues: false,
    };
  const [destroysKey, destroysValue] = [
    reader.u64(address + TABLE.key_destroy_func),
    reader.u64(address + TABLE.value_destroy_func),
  ];
  if (!(destroysKey < USER_SPACE_END && destroysValue < USER_SPACE_END)) return null;
  return {
    address,
    isInline: false,
    entries: reader.u64(address + TABLE.nentries),
    buckets: reader.u64(address + TABLE.buckets),
    bucketCount: reader.u64(address + TABLE.nbuckets),
    keyBytes: 8,
    dataBytes: 8,
    destroysKeys: destroysKey !== 0,
    destroysValues: destroysValue !== 0,
  };
}

/** What the table takes, as `_Py_hashtable_size` has it: itself, its buckets, its entries. */
export function tableBytes({ isInline, entries, bucketCount, keyBytes, dataBytes }: HashTable): number {
  const [own, entry] = isInline
    ? [OLD_TABLE.sizeof, INLINE_ENTRY.sizeof + keyBytes + dataBytes]
    : [TABLE.sizeof, ENTRY.sizeof];
  return own + 8 * bucketCount + entry * entries;
}

/** An entry that was looked at by itself. */
export interface Entry {
  readonly address: number;
  readonly hash: bigint;
  readonly key: number;
  /** Up to 3.8 where the data stands. */
  readonly value: number;
}

/** Buckets that are looked at for a sample, and entries of one chain. */
const SAMPLE_BUCKETS = 2 ** 14;
const SAMPLE_CHAIN = 16;

/** Some of its entries, those of the first buckets, read one by one. */
export function sampleEntries(reader: MemoryReader, table: HashTable, most: number): Entry[] {
  const found: Entry[] = [];
  const buckets = Math.min(table.bucketCount, SAMPLE_BUCKETS);
  for (let bucket = 0; bucket < buckets && found.length < most; bucket += 1) {
    let at = reader.u64(table.buckets + 8 * bucket);
    for (let step = 0; at > 0 && step < SAMPLE_CHAIN && found.length < most; step += 1) {
      found.push(readEntry(reader, table, at));
      at = reader.u64(at + ENTRY._Py_slist_item);
    }
  }
  return found;
}

function readEntry(reader: MemoryReader, { isInline, keyBytes }: HashTable, address: number): Entry {
  const { key_hash, key, value, sizeof } = isInline ? { ...ENTRY, ...INLINE_ENTRY } : ENTRY;
  const at = address + key_hash;
  return {
    address,
    // All 64 bits of it count, which no number holds.
    hash: (BigInt(orZero(reader.u32(at + 4))) << 32n) | BigInt(orZero(reader.u32(at))),
    key: reader.u64(address + (isInline ? sizeof : key)),
    value: isInline ? address + sizeof + keyBytes : reader.u64(address + value),
  };
}

function orZero(word: number): number {
  return Number.isNaN(word) ? 0 : word;
}
