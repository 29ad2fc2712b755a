import { type MemoryReader, type Span, wordsOf } from "../../../blocks/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import { V314 } from "../structs/v314.ts";
import { type Entry, type HashTable, type Places, readHashTable, sampleEntries } from "./hash-table.ts";

/** A word of modules' data that points to a hash table. */
export interface TablePointer {
  readonly address: number;
  readonly table: HashTable;
}

/** tracemalloc's tables; null of those that were not told. */
export interface TraceTables {
  readonly traces: HashTable;
  readonly tracebacks: HashTable | null;
  readonly filenames: HashTable | null;
  /** Traces of other domains than 0; up to 3.8 these are in `traces`. */
  readonly domains: HashTable | null;
}

/** Where they were found. */
export interface FoundTables {
  /** In the data of the module that they are in: from 3.12 on that of the state. */
  readonly address: number;
  readonly tables: TraceTables;
}

/** What tells what a table is by what is in it. */
export interface Contents {
  readonly reader: MemoryReader;
  readonly places: Places;
  /** Whether a traceback_t is at the address, as up to 3.8 or as later. */
  isTraceback(isOld: boolean, at: number): boolean;
  /** Whether a str is. */
  isText(at: number): boolean;
}

/** All hash tables that modules' data points to, in the order of the pointers. */
export function findTablePointers(
  reader: MemoryReader,
  places: Places,
  spans: readonly Span[],
): TablePointer[] {
  const seen = new Map<number, HashTable | null>();
  const found: TablePointer[] = [];
  for (const { start, end } of spans)
    for (const [address, word] of wordsOf(reader, start, end)) {
      if (word >= USER_SPACE_END || word % 8 !== 0) continue;
      let table = seen.get(word);
      if (table === undefined) {
        table = places.isWritable(word) ? readHashTable(reader, places, word) : null;
        seen.set(word, table);
      }
      if (table !== null) found.push({ address, table });
    }
  return found;
}

/** struct _tracemalloc_runtime_state, from 3.12 on; the fields that are read are at the same places in all of them. */
const STATE = V314._tracemalloc_runtime_state;
/** MAX_NFRAME (Python/tracemalloc.c). */
const MOST_FRAMES = 65_535;

/** From 3.12 on, where tracemalloc's state is, and its tables; null where no pointers stand as they do in it. */
export function findState(reader: MemoryReader, pointers: readonly TablePointer[]): FoundTables | null {
  const tableAt = new Map(pointers.map(({ address, table }) => [address, table]));
  for (const { address: at, table: filenames } of pointers) {
    const address = at - STATE.filenames;
    const [tracebacks, traces] = [STATE.tracebacks, STATE.traces].map((field) =>
      tableAt.get(address + field),
    );
    const isState =
      filenames.destroysKeys &&
      [0, 1].includes(reader.u32(address + STATE.tracing)) &&
      reader.u32(address + STATE.initialized) === 1 &&
      isLimit(reader.u32(address + STATE.max_nframe));
    if (!isState || tracebacks === undefined || traces === undefined) continue;
    const domains = tableAt.get(address + STATE.domains) ?? null;
    return { address, tables: { traces, tracebacks, filenames, domains } };
  }
  return null;
}

export function isLimit(frames: number): boolean {
  return frames >= 1 && frames <= MOST_FRAMES;
}

/** Entries that are looked at to tell what a table is, and how many of them may be torn. */
const SAMPLE = 512;
const SOUND_SHARE = 0.9;

type Kind = keyof TraceTables;

/**
 * Up to 3.11, where tables are static variables in no fixed order: by what is in them. Of several that look alike, as an
 * allocator's stale copy may, those of the module that has most of them; of these the fullest. Null where none has traces.
 * @param moduleOf what tells the modules of pointers apart
 */
export function findByContents(
  contents: Contents,
  pointers: readonly TablePointer[],
  moduleOf: (at: number) => unknown,
): FoundTables | null {
  const kinds = new Map<HashTable, Kind | null>();
  const told = pointers.flatMap(({ address, table }) => {
    const kind = kinds.has(table) ? (kinds.get(table) ?? null) : kindOf(contents, table);
    kinds.set(table, kind);
    return kind === null ? [] : [{ address, kind, table, module: moduleOf(address) }];
  });
  const kindsIn = (module: unknown) =>
    new Set(told.filter((one) => one.module === module).map(({ kind }) => kind)).size;
  const best = (kind: Kind) => {
    const [first] = told
      .filter((one) => one.kind === kind)
      .sort((a, b) => kindsIn(b.module) - kindsIn(a.module) || b.table.entries - a.table.entries);
    return first ?? null;
  };
  const traces = best("traces");
  if (traces === null) return null;
  const [tracebacks, filenames, domains] = (["tracebacks", "filenames", "domains"] as const).map(
    (kind) => best(kind)?.table ?? null,
  );
  return {
    address: traces.address,
    tables: {
      traces: traces.table,
      tracebacks: tracebacks ?? null,
      filenames: filenames ?? null,
      domains: domains ?? null,
    },
  };
}

/** What a table with entries is; null where it is none of tracemalloc's. */
function kindOf(contents: Contents, table: HashTable): Kind | null {
  const { reader } = contents;
  const sample = sampleEntries(reader, table, SAMPLE);
  if (sample.length === 0) return null;
  const most = (isSound: (entry: Entry) => boolean) =>
    sample.filter(isSound).length > SOUND_SHARE * sample.length;
  const isSet = table.isInline ? table.dataBytes === 0 : sample.every(({ value }) => value === 0);
  if (isSet) {
    if (most(({ hash, key }) => isHashOf(reader, hash, key) && contents.isTraceback(table.isInline, key)))
      return "tracebacks";
    return most(({ key }) => contents.isText(key)) ? "filenames" : null;
  }
  if (table.isInline)
    return table.dataBytes === TRACE.sizeof &&
      most(({ value }) => contents.isTraceback(table.isInline, reader.u64(value + TRACE.traceback)))
      ? "traces"
      : null;
  if (
    most(
      ({ hash, key, value }) =>
        // Of what is not saved there is no number.
        Number.isSafeInteger(key) &&
        hash === pointerHash(key) &&
        contents.isTraceback(table.isInline, reader.u64(value + TRACE.traceback)),
    )
  )
    return "traces";
  const isDomain = ({ hash, key, value }: Entry) =>
    key < 2 ** 32 && hash === BigInt(key) && readHashTable(reader, contents.places, value) !== null;
  return most(isDomain) ? "domains" : null;
}

export const TRACE = V314.trace_t;

/** Whether a traceback's own hash, its first word, is that of the entry. */
function isHashOf(reader: MemoryReader, hash: bigint, traceback: number): boolean {
  return BigInt(reader.u32(traceback) || 0) === (hash & 0xffffffffn);
}

/** _Py_HashPointerRaw: the address, rotated by 4 bits. */
function pointerHash(at: number): bigint {
  const address = BigInt(at);
  return (address >> 4n) | ((address & 15n) << 60n);
}

/**
 * Whether tracemalloc was loaded, although none of its tables has anything in it: up to 3.11. From 3.9 on three of them free
 * values and not keys; before, there is one of traces and two sets (Modules/_tracemalloc.c, tracemalloc_init).
 */
export function looksEmptied(pointers: readonly TablePointer[]): boolean {
  const tables = new Set(pointers.map(({ table }) => table));
  const empty = [...tables].filter(({ entries }) => entries === 0);
  const count = (isKind: (table: HashTable) => boolean) => empty.filter(isKind).length;
  const hasTraces = count(({ isInline, dataBytes }) => isInline && dataBytes === TRACE.sizeof) >= 1;
  const hasSets = count(({ isInline, dataBytes }) => isInline && dataBytes === 0) >= 2;
  return (
    (hasTraces && hasSets) ||
    count(({ destroysKeys, destroysValues }) => destroysValues && !destroysKeys) >= 3
  );
}
