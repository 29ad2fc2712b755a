import type { MemoryReader } from "../../../blocks/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import { DICT, readKeysTable } from "../layout/dict-entries.ts";
import type { Layout } from "../layout/layout.ts";
import {
  dropRecord,
  LIVE,
  LIVE_BYTES,
  recordAddress,
  recordBytes,
  recordType,
  TALLY_WORDS,
} from "./record-words.ts";
import type { Records } from "./records.ts";

const LEAST_INTERNED = 512;
const SAMPLED_ENTRIES = 64;

/**
 * Takes the interpreter's own dict of interned strings out of the records and the tally: no program can reach it.
 * `large` are the places of large dicts' records. Returns its bytes; 0 where there is none.
 */
export function setInternedApart(
  memory: KernelMemory,
  reader: MemoryReader,
  layout: Layout,
  { tally }: Records,
  large: readonly number[],
): number {
  const words = new Uint32Array(memory.buffer);
  let interned = -1;
  for (const place of large) {
    const at = place / 4;
    const address = recordAddress(words, at);
    if (interned >= 0 && recordBytes(words, at) <= recordBytes(words, interned)) continue;
    if (isTracked(reader, layout, address)) continue;
    if (isInternTable(reader, layout, reader.u64(address + DICT.keys))) interned = at;
  }
  if (interned < 0) return 0;
  const own = recordType(words, interned) * TALLY_WORDS;
  const bytes = recordBytes(words, interned);
  tally[own + LIVE] = (tally[own + LIVE] ?? 0) - 1;
  tally[own + LIVE_BYTES] = (tally[own + LIVE_BYTES] ?? 0) - bytes;
  dropRecord(words, interned);
  return bytes;
}

/**
 * Whether the collector has the object in its lists, which are within a program's reach. Its head is in front of it:
 * the links, and up to 3.7 gc_refs, which is -2 above its lowest bit for objects that are in none.
 */
function isTracked(reader: MemoryReader, layout: Layout, address: number): boolean {
  if (layout.gcHead === 16) return reader.u64(address - 16) !== 0;
  return Math.floor(reader.i64(address - 16) / 2) !== -2;
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
    const entry = table.firstEntry + index * table.entryBytes + (table.entryBytes - 16);
    const key = reader.u64(entry);
    if (key === 0 || reader.u64(entry + 8) === 0) continue;
    if (reader.u64(entry + 8) !== key || (reader.u8(key + 32) & 3) === 0) return false;
    seen += 1;
  }
  return seen === SAMPLED_ENTRIES;
}
