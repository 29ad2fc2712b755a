import type { MemoryReader } from "../../blocks/index.ts";
import type { Arena } from "../../kernel/index.ts";
import { readKeysTable } from "./dict-entries.ts";
import { KIND, type TypePlan } from "./kinds.ts";
import type { Layout } from "./layout.ts";
import { keysBytes, otherSize, type ReadModule } from "./object-size.ts";
import { RECORD_BYTES, type Records } from "./objects.ts";

const MOST_U32 = 0xffffffff;

/** The type's index of a record that does not count. */
export const NO_TYPE = 0xffffffff;

/**
 * Finds the sizes that the kernel left open: dicts, whose tables lie elsewhere and are read in the order of their
 * addresses, and the kinds that otherSize knows. Completes the records and the tally, and takes the interpreter's own
 * dict of interned strings out of them. Returns that one's bytes, or 0.
 */
export function completeSizes(
  arena: Arena,
  reader: MemoryReader,
  readModule: ReadModule,
  layout: Layout,
  plans: readonly TypePlan[],
  records: Records,
): number {
  const kinds = Uint8Array.from(plans, ({ kind }) => kind);
  const tables: number[] = [];
  const places: number[] = [];
  const words = new Uint32Array(arena.memory.buffer);
  for (const range of [...records.pools, ...records.outside]) {
    for (let at = range.at / 4; at < (range.at + range.bytes) / 4; at += RECORD_BYTES / 4) {
      const index = words[at + 2] ?? 0;
      const kind = kinds[index];
      if (kind === KIND.dict) {
        const high = words[at + 1] ?? 0;
        tables.push((words[at + 3] ?? 0) + (high >>> 16) * 2 ** 32);
        places.push(at);
      } else if (kind === KIND.other) {
        const plan = plans[index];
        if (plan === undefined) continue;
        const address = (words[at] ?? 0) + (words[at + 1] ?? 0) * 2 ** 32;
        const bytes = otherSize(reader, readModule, layout, plan, address);
        add(records, index, bytes - (words[at + 3] ?? 0));
        words[at + 3] = Math.min(MOST_U32, bytes);
      }
    }
  }
  // At most one dict is the interpreter's own: which, is known when all are read.
  let interned: { at: number; bytes: number } | null = null;
  const order = sortedBy(Float64Array.from(tables));
  for (const query of order) {
    const table = tables[query] ?? 0;
    const at = places[query] ?? 0;
    const index = words[at + 2] ?? 0;
    const isSplit = table % 2 === 1;
    const bytes = (plans[index]?.basic ?? 0) + keysBytes(reader, layout, table - (table % 8), isSplit);
    const address = (words[at] ?? 0) + ((words[at + 1] ?? 0) & 0xffff) * 2 ** 32;
    if (
      bytes > (interned?.bytes ?? 0) &&
      !isTracked(reader, layout, address) &&
      isInternTable(reader, layout, table - (table % 8))
    )
      interned = { at, bytes };
    add(records, index, bytes);
    words[at + 1] = (words[at + 1] ?? 0) & 0xffff;
    words[at + 3] = Math.min(MOST_U32, bytes);
  }
  if (interned === null) return 0;
  const index = words[interned.at + 2] ?? 0;
  records.tally[index * 4] = (records.tally[index * 4] ?? 0) - 1;
  add(records, index, -interned.bytes);
  words[interned.at + 2] = NO_TYPE;
  return interned.bytes;
}

/**
 * Whether the collector has the object in its lists, which is within a program's reach. Its head is in front of it:
 * the links, and up to 3.7 gc_refs, which is -2 above its lowest bit for objects that are in none.
 */
function isTracked(reader: MemoryReader, layout: Layout, address: number): boolean {
  if (layout.gcHead === 16) return reader.u64(address - 16) !== 0;
  return Math.floor(reader.i64(address - 16) / 2) !== -2;
}

const LEAST_INTERNED = 512;
const SAMPLED_ENTRIES = 64;

/**
 * Whether the table is that of the dict of interned strings (Objects/unicodeobject.c, PyUnicode_InternInPlace): every
 * value is its key, and every key says that it is interned. No program can reach it.
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

function add(records: Records, index: number, bytes: number): void {
  records.tally[index * 4 + 1] = (records.tally[index * 4 + 1] ?? 0) + bytes;
}

/** The indices of the values in their order. */
function sortedBy(values: Float64Array): Uint32Array {
  const order = Uint32Array.from(values, (_, index) => index);
  return order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
}
