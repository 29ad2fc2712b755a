import type { MemoryReader } from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import type { Traceback, TracedBlocks, TraceGroup } from "../../traced-memory.ts";
import { V314 } from "../structs/v314.ts";
import { TRACE, type TraceTables } from "./find-tables.ts";
import { Gatherer } from "./gather.ts";
import {
  ENTRY,
  type HashTable,
  INLINE_ENTRY,
  type Places,
  readHashTable,
  sampleEntries,
  tableBytes,
} from "./hash-table.ts";
import { visitEntries, wordAt } from "./table-entries.ts";
import { BlockList, NumberList, TracebackNumbers, TraceSums } from "./traced-blocks.ts";

/** What is in tracemalloc's tables. */
export interface TableContents {
  /** Traces that the tables say they have, and what was read of them. */
  readonly said: number;
  readonly count: number;
  readonly bytes: number;
  readonly groups: readonly TraceGroup[];
  /** Addresses of tracebacks, by their numbers. */
  readonly tracebacks: readonly number[];
  /** Null where they were not asked for. */
  readonly blocks: TracedBlocks | null;
  /** All tables that there are. */
  readonly tables: readonly HashTable[];
  /** Whether tables of other domains were lost. */
  readonly lostDomains: number;
}

const { traceback_t: TRACEBACK, frame_t: FRAME } = V314;
/** More domains than any program has. */
const MOST_DOMAINS = 4096;

/**
 * Reads all traces: their sums, and the blocks by themselves where these are wanted. Memory is read in its own order, level
 * by level, and nothing by its address alone.
 * @throws CoregramError as reading does
 */
export function readTables(
  image: Image,
  reader: MemoryReader,
  places: Places,
  { traces, tracebacks, filenames, domains }: TraceTables,
  wantsBlocks: boolean,
): TableContents {
  const tables: [domain: number, table: HashTable][] = [[0, traces]];
  let lostDomains = 0;
  if (domains !== null) {
    const entries = sampleEntries(reader, domains, MOST_DOMAINS);
    for (const { key, value } of entries) {
      const table = readHashTable(reader, places, value);
      if (table === null || key >= 2 ** 32) lostDomains += 1;
      else tables.push([key, table]);
    }
    lostDomains += Math.max(0, domains.entries - entries.length);
  }
  const work: Work = {
    image,
    gatherer: new Gatherer(image),
    numbers: new TracebackNumbers(),
    sums: new TraceSums(),
    blocks: wantsBlocks ? new BlockList() : null,
  };
  for (const [domain, table] of tables)
    if (table.isInline) readInline(work, table);
    else readPointed(work, table, domain);
  const { sums, numbers, blocks } = work;
  const others = [tracebacks, filenames].filter((table) => table !== null);
  return {
    said: tables.reduce((sum, [, { entries }]) => sum + entries, 0),
    count: sums.count,
    bytes: sums.bytes,
    groups: sums.groups(),
    tracebacks: numbers.addresses,
    blocks: blocks?.sorted() ?? null,
    tables: [...tables.map(([, table]) => table), ...others],
    lostDomains,
  };
}

/** The tables alone, as `tracemalloc.get_tracemalloc_memory()` has them, and with the traces and tracebacks in them. */
export function overheadOf(
  { tables, count }: TableContents,
  tracebacks: readonly Traceback[],
): { readonly tablesBytes: number; readonly overheadBytes: number } {
  const tablesBytes = tables.reduce((sum, table) => sum + tableBytes(table), 0);
  const isInline = tables[0]?.isInline === true;
  const kept = tracebacks.reduce(
    (sum, { frames }) => sum + TRACEBACK.frames + FRAME.sizeof * frames.length,
    0,
  );
  return { tablesBytes, overheadBytes: tablesBytes + kept + (isInline ? 0 : TRACE.sizeof * count) };
}

interface Work {
  readonly image: Image;
  readonly gatherer: Gatherer;
  readonly numbers: TracebackNumbers;
  readonly sums: TraceSums;
  readonly blocks: BlockList | null;
}

/** From 3.9 on: entries point to a trace_t each. */
function readPointed(
  { image, gatherer, numbers, sums, blocks }: Work,
  table: HashTable,
  domain: number,
): void {
  const [key, value] = [ENTRY.key / 4, ENTRY.value / 4];
  const positions = new NumberList((length) => new Uint32Array(length), table.entries);
  const starts = blocks === null ? null : new NumberList((length) => new Float64Array(length), table.entries);
  visitEntries(image, gatherer, table, (words, at) => {
    positions.push(gatherer.positionOf(wordAt(words, at + value)));
    starts?.push(wordAt(words, at + key));
  });
  const [size, traceback] = [TRACE.size / 4, TRACE.traceback / 4];
  const own = starts?.numbers;
  gatherer.visit(positions.numbers, TRACE.sizeof, blocks !== null, (words, at, index) => {
    const bytes = wordAt(words, at + size);
    const number = numbers.of(wordAt(words, at + traceback));
    if (sums.add(domain, number, bytes)) blocks?.add(own?.[index] ?? 0, bytes, number, domain);
  });
}

/** Up to 3.8: an entry has the block's address, the domain where there is more than one, and the trace_t. */
function readInline({ image, gatherer, numbers, sums, blocks }: Work, table: HashTable): void {
  const key = INLINE_ENTRY.sizeof / 4;
  const hasDomain = table.keyBytes > 8;
  const data = key + table.keyBytes / 4;
  const [size, traceback] = [data + TRACE.size / 4, data + TRACE.traceback / 4];
  visitEntries(image, gatherer, table, (words, at) => {
    const bytes = wordAt(words, at + size);
    const number = numbers.of(wordAt(words, at + traceback));
    const domain = hasDomain ? (words[at + key + 2] ?? 0) : 0;
    if (sums.add(domain, number, bytes)) blocks?.add(wordAt(words, at + key), bytes, number, domain);
  });
}
