import { type KernelMemory, PAGES, POOL } from "../kernel/index.ts";
import { partitionPoint } from "../terms/index.ts";
import { arenaEntries } from "./arena-tables.ts";
import { poolAt } from "./pool.ts";
import type { MemoryReader } from "./reader.ts";
import { type Span, spanAt } from "./span.ts";
import type { Survey } from "./survey.ts";

const PAGE = 4096;

/**
 * struct arena_object (CPython, Objects/obmalloc.c, since 3.12 Include/internal/pycore_obmalloc.h): address,
 * pool_address, u32 nfreepools, u32 ntotalpools, and three links.
 */
const ARENA_OBJECT = { address: 0, freePools: 16, pools: 20, bytes: 48 } as const;
/** Of 4 KiB, or of 16 KiB. */
const ARENA_POOLS = 64;
/** Pools that must all lie where a table of arenas says. */
const SAMPLED_POOLS = 16;
/** A table of more is none: 16 TiB of arenas. */
const MOST_ARENAS = 2 ** 24;
/** The first table of arenas has 16, and each one after it twice as many. */
const FIRST_ARENAS = 16;

interface Pool {
  readonly address: number;
  readonly bytes: number;
  /** Number of its arena, as its header says. */
  readonly arena: number;
}

/**
 * pymalloc's arenas, by address and disjoint: 256 KiB each up to 3.9, 1 MiB since. The interpreter's static data `own` points to
 * their table; it is the one that has the pools' arenas where the pools are. Where pools are in none of its arenas, other interpreters
 * have tables of their own (3.12 on, PyInterpreterState.obmalloc). Empty where there is none.
 */
export function findArenas(
  memory: KernelMemory,
  reader: MemoryReader,
  survey: Survey,
  own: Span,
): readonly Span[] {
  const pools = samplePools(memory, reader, survey);
  const [first] = pools;
  if (first === undefined) return [];
  const main = mainTable(reader, own, pools);
  const arenas = main === null ? [] : disjoint(readArenas(reader, main, first.bytes));
  const isInside = (at: number) => spanAt(arenas, at) !== null;
  if (poolSpans(memory, survey).every(({ start }) => isInside(start))) return arenas;
  return disjoint([...arenas, ...otherArenas(memory, reader, survey, first.bytes)]);
}

/** The table that a word of the static data leads to and that has most of the pools. */
function mainTable(reader: MemoryReader, own: Span, pools: readonly Pool[]): number | null {
  let main: number | null = null;
  let most = 0;
  for (let at = own.start; at < own.end && most < pools.length; at += 8) {
    const table = reader.u64(at);
    if (!(table > 0 && table % 16 === 0) || (table >= own.start && table < own.end)) continue;
    if (!mayBeTable(reader, table)) continue;
    const count = pools.filter((pool) => isArenaOf(reader, table, pool)).length;
    if (count <= most) continue;
    main = table;
    most = count;
  }
  return main;
}

/** Whether it begins as a table does: its first entry was the first in use, and keeps the number of pools when it is free. */
function mayBeTable(reader: MemoryReader, table: number): boolean {
  const pools = reader.u32(table + ARENA_OBJECT.pools);
  return (
    (pools === ARENA_POOLS || pools === ARENA_POOLS - 1) &&
    reader.u64(table + ARENA_OBJECT.address) % PAGE === 0
  );
}

/** Arenas of tables that lie anywhere: an entry is one whose arena begins with a pool that has the entry's number. */
function otherArenas(memory: KernelMemory, reader: MemoryReader, survey: Survey, poolBytes: number): Span[] {
  const tables = new Set<number>();
  for (const { at, arena } of arenaEntries(memory, reader, survey, [ARENA_POOLS, ARENA_POOLS - 1], isPool)) {
    const pool = Math.ceil(arena / poolBytes) * poolBytes;
    const index = reader.u32(pool + POOL.ARENA_INDEX);
    const table = at - index * ARENA_OBJECT.bytes;
    if (!(index < MOST_ARENAS && table > 0) || tables.has(table)) continue;
    if (
      poolAt(reader, pool + POOL.HEADER_BYTES) !== null &&
      readArena(reader, table, index, poolBytes) !== null
    )
      tables.add(table);
  }
  return [...tables].flatMap((table) => readArenas(reader, table, poolBytes));
}

/** By address, without those that begin in another. */
function disjoint(arenas: Span[]): Span[] {
  arenas.sort((a, b) => a.start - b.start);
  let end = 0;
  return arenas.filter((arena) => {
    if (arena.start < end) return false;
    end = arena.end;
    return true;
  });
}

const isPool = (kind: number) => kind >= PAGES.SMALL_POOL && kind <= PAGES.IN_POOL;

/** Bytes of saved memory in the span that are in no pool. */
export function bytesOutsidePools(memory: KernelMemory, survey: Survey, span: Span): number {
  return bytesOfPages(memory, survey, span, (kind) => !isPool(kind));
}

/** Bytes of saved memory in the span that are whole pages of zeros. */
export function zeroBytes(memory: KernelMemory, survey: Survey, span: Span): number {
  return bytesOfPages(memory, survey, span, (kind) => kind === PAGES.ZEROS);
}

/** Pools, those that adjoin as one, by address. */
export function poolSpans(memory: KernelMemory, { pieces, pages }: Survey): Span[] {
  const kinds = new Uint8Array(memory.buffer, pages, pieces.firstPages[pieces.count] ?? 0);
  const spans: { start: number; end: number }[] = [];
  for (let piece = 0; piece < pieces.count; piece += 1) {
    const first = pieces.firstPages[piece] ?? 0;
    for (let page = first; page < (pieces.firstPages[piece + 1] ?? 0); page += 1) {
      if (!isPool(kinds[page] ?? 0)) continue;
      const at = (pieces.starts[piece] ?? 0) + (page - first) * PAGE;
      const last = spans.at(-1);
      if (last?.end === at) last.end = at + PAGE;
      else spans.push({ start: at, end: at + PAGE });
    }
  }
  return spans;
}

function bytesOfPages(
  memory: KernelMemory,
  { pieces, pages }: Survey,
  span: Span,
  isWanted: (kind: number) => boolean,
): number {
  const kinds = new Uint8Array(memory.buffer, pages, pieces.firstPages[pieces.count] ?? 0);
  const first = partitionPoint(
    0,
    pieces.count,
    (piece) => (pieces.starts[piece] ?? 0) + (pieces.bytes[piece] ?? 0) <= span.start,
  );
  let sum = 0;
  for (let piece = first; piece < pieces.count && (pieces.starts[piece] ?? 0) < span.end; piece += 1) {
    const start = pieces.starts[piece] ?? 0;
    const from = Math.max(start, span.start);
    const to = Math.min(start + (pieces.bytes[piece] ?? 0), span.end);
    for (let at = from; at < to; ) {
      const page = Math.floor((at - start) / PAGE);
      const next = Math.min(to, start + (page + 1) * PAGE);
      if (isWanted(kinds[(pieces.firstPages[piece] ?? 0) + page] ?? 0)) sum += next - at;
      at = next;
    }
  }
  return sum;
}

/** Pools from all over memory. */
function samplePools(memory: KernelMemory, reader: MemoryReader, { pieces, pages }: Survey): Pool[] {
  const kinds = new Uint8Array(memory.buffer, pages, pieces.firstPages[pieces.count] ?? 0);
  const pools: Pool[] = [];
  const step = Math.max(1, Math.floor(pieces.count / (4 * SAMPLED_POOLS)));
  for (const stride of step === 1 ? [1] : [step, 1])
    for (let piece = 0; piece < pieces.count && pools.length < SAMPLED_POOLS; piece += stride) {
      const first = pieces.firstPages[piece] ?? 0;
      const own = kinds.subarray(first, pieces.firstPages[piece + 1] ?? 0);
      const page = own.findIndex((kind) => kind === PAGES.SMALL_POOL || kind === PAGES.LARGE_POOL);
      if (page < 0) continue;
      const bytes = own[page] === PAGES.SMALL_POOL ? POOL.SMALL_POOL_BYTES : POOL.LARGE_POOL_BYTES;
      const address = (pieces.starts[piece] ?? 0) + page * PAGE;
      pools.push({ address, bytes, arena: reader.u32(address + POOL.ARENA_INDEX) });
    }
  return pools;
}

function isArenaOf(reader: MemoryReader, table: number, pool: Pool): boolean {
  const arena = readArena(reader, table, pool.arena, pool.bytes);
  return arena !== null && pool.address >= arena.start && pool.address + pool.bytes <= arena.end;
}

/** The arena of that number; null where the table has none that makes sense. */
function readArena(reader: MemoryReader, table: number, index: number, poolBytes: number): Span | null {
  const at = table + index * ARENA_OBJECT.bytes;
  const start = reader.u64(at + ARENA_OBJECT.address);
  const pools = reader.u32(at + ARENA_OBJECT.pools);
  // One pool is lost where the arena is not aligned to pools.
  const most = start % poolBytes === 0 ? ARENA_POOLS : ARENA_POOLS - 1;
  const isSane = start > 0 && start % PAGE === 0 && pools === most;
  return isSane && reader.u32(at + ARENA_OBJECT.freePools) <= pools
    ? { start, end: start + ARENA_POOLS * poolBytes }
    : null;
}

/** All arenas of the table: its length is not known, but it doubles as arenas come, and each has its first pool. */
function readArenas(reader: MemoryReader, table: number, poolBytes: number): Span[] {
  const arenas: Span[] = [];
  let known = 0;
  for (let index = 0; index < 2 * Math.max(known, FIRST_ARENAS); index += 1) {
    const arena = readArena(reader, table, index, poolBytes);
    if (arena === null) continue;
    const pool = Math.ceil(arena.start / poolBytes) * poolBytes;
    if (reader.u32(pool + POOL.ARENA_INDEX) !== index) continue;
    arenas.push(arena);
    known = index + 1;
  }
  return arenas;
}
