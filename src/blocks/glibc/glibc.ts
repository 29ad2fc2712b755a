import type { Image } from "../../image/index.ts";
import type { MemoryReader } from "../reader.ts";
import { type Span, spanAt, writableSpans } from "../span.ts";
import { type Arena, BINS_BYTES, findArenas } from "./arenas.ts";
import { findChunkChains } from "./chains.ts";
import { ALIGNMENT, CHUNK, chunkSize, isFence, LEAST_CHUNK, nextChunk, PREV_INUSE } from "./chunk.ts";
import { type CachedChunks, findCached, isTcacheSize } from "./free-lists.ts";
import { type Run, threadRuns } from "./heaps.ts";
import { mainHeap } from "./main-heap.ts";
import type { MappedChunk } from "./mapped.ts";

/** HEAP_MAX_SIZE, where no tunable says otherwise. */
const HEAP_BYTES = 2 ** 26;

/** An arena with its chunks' places. */
export interface ArenaRuns extends Arena {
  readonly runs: readonly Run[];
}

/** glibc's malloc in an image: where all chunks are, and which of them are only cached. */
export interface Glibc {
  readonly arenas: readonly ArenaRuns[];
  /** Where arenas are missing: runs of chunks by their form, which may be too few, and whose caches nothing tells. */
  readonly guessed: readonly Run[];
  readonly mapped: readonly MappedChunk[];
  readonly cached: CachedChunks;
}

/** What is known of a process before its malloc is looked for. */
export interface ProcessPlaces {
  /** Modules' writable data: main_arena is in some libc's. */
  readonly statics: readonly Span[];
  /** What other allocators have, and no chunk lies in. */
  readonly isOther: (at: number) => boolean;
  /** fs_base of each thread; null where that is not known. */
  readonly threadPointers: readonly (number | null)[];
}

/** What a chunk is. `fence` ends a run, or a part of it, behind which others' memory is `foreign`; `top` is what is cut next. */
export type ChunkState = "in use" | "free" | "fence" | "foreign" | "top" | "damaged";

/**
 * Finds malloc's arenas, heaps, mapped chunks and caches (glibc 2.23 and later, 64-bit), by the structures that malloc keeps itself.
 * @param mappedChunks finds those that were mapped on their own, where nothing else is known to be
 */
export function readGlibc(
  image: Image,
  reader: MemoryReader,
  { statics, isOther, threadPointers }: ProcessPlaces,
  mappedChunks: (isTaken: (at: number) => boolean) => MappedChunk[],
): Glibc {
  const found = findArenas(reader, statics);
  const spans = writableSpans(image, "saved");
  const data = [...statics].sort((a, b) => a.start - b.start);
  const isStatic = (at: number) => spanAt(data, at) !== null || isOther(at);
  const threads = found.all
    .filter(({ isMain }) => !isMain)
    .map((arena) => ({ ...arena, runs: savedPart(threadRuns(reader, arena), spans) }));
  const taken: Span[] = threads.flatMap(({ runs }) => runs.map(wholeRun));
  const mains = found.all
    .filter(({ isMain }) => isMain)
    .map((arena) => {
      const runs = mainHeap(reader, arena, spans, isStatic, taken);
      taken.push(...runs);
      return { ...arena, runs };
    });
  taken.sort((a, b) => a.start - b.start);
  const isTaken = (at: number) => isStatic(at) || spanAt(taken, at) !== null;
  const guessed: Run[] = found.isComplete
    ? []
    : findChunkChains(image, reader, isTaken).map((chain) => ({ ...chain, infoBytes: 0 }));
  taken.push(...guessed);
  taken.sort((a, b) => a.start - b.start);
  const arenas = [...mains, ...threads];
  const mapped = mappedChunks(isTaken);
  const headers = new Set(mapped.map(({ chunk }) => chunk));
  const runs = arenas.flatMap((arena) => arena.runs).sort((a, b) => a.start - b.start);
  const places = { reader, runs, isMapped: (chunk: number) => headers.has(chunk) };
  const pointers = threadPointers.map((at) => (at !== null && reader.u64(at) === at ? at : null));
  const cached = findCached(places, arenas, pointers, () => tcacheSized(reader, arenas));
  return { arenas, guessed, mapped, cached };
}

/** A run with what malloc keeps in front of its chunks. */
export const wholeRun = ({ start, end, infoBytes }: Run): Span => ({ start: start - infoBytes, end });

/** What a heap of a thread's arena may have reserved and did not use yet (malloc/arena.c, `new_heap`): up to its alignment. */
export function reservedSpan(run: Run): Span {
  const { start, end } = wholeRun(run);
  return { start: end, end: Math.max(end, start - (start % HEAP_BYTES) + HEAP_BYTES) };
}

/** That of all heaps of threads' arenas. */
export function reservedSpans({ arenas }: Glibc): Span[] {
  return arenas.filter(({ isMain }) => !isMain).flatMap(({ runs }) => runs.map(reservedSpan));
}

/** The main arenas' states as far as their lists of free chunks reach, which lie in modules' data. */
export function mainStates({ arenas }: Glibc): Span[] {
  return arenas
    .filter(({ isMain }) => isMain)
    .map(({ base, bins }) => ({ start: base, end: bins + BINS_BYTES }));
}

/** Runs as far as they are saved. */
function savedPart(runs: readonly Run[], spans: readonly Span[]): Run[] {
  return runs.flatMap((run) => {
    const end = Math.min(run.end, spanAt(spans, run.start)?.end ?? 0);
    return end > run.start ? [{ ...run, end }] : [];
  });
}

function* tcacheSized(reader: MemoryReader, arenas: readonly ArenaRuns[]): Generator<number> {
  for (const arena of arenas)
    for (const run of arena.runs)
      for (const { chunk, bytes, state } of chunksOf(reader, arena.top, run))
        if (state === "in use" && isTcacheSize(bytes)) yield chunk;
}

interface Chunk {
  readonly chunk: number;
  readonly bytes: number;
  readonly state: ChunkState;
}

/** The chunks of a run in order, by their own headers alone: what is only cached counts as in use. */
export function* chunksOf(reader: MemoryReader, top: number, run: Span): Generator<Chunk> {
  const limit = top >= run.start && top < run.end ? top : run.end;
  let chunk = run.start;
  while (chunk + CHUNK.user <= limit) {
    const size = chunkSize(reader, chunk);
    if (!(size >= LEAST_CHUNK && size % ALIGNMENT === 0)) {
      const { fence, next } = breakAt(reader, chunk, limit);
      if (fence > chunk) yield { chunk, bytes: fence - chunk, state: "fence" };
      const state = fence > chunk ? "foreign" : "damaged";
      if (next > fence) yield { chunk: fence, bytes: next - fence, state };
      chunk = next;
      continue;
    }
    let end = chunk + size;
    let state: ChunkState = "free";
    // Nothing behind it says whether it is in use: the last one where no top is known is what is cut next.
    if (end > limit || end + CHUNK.user > run.end) end = limit;
    else if (reader.u64(end + CHUNK.size) % 2 === PREV_INUSE) state = "in use";
    yield { chunk, bytes: end - chunk, state };
    chunk = end;
  }
  if (limit < run.end) yield { chunk: limit, bytes: run.end - limit, state: "top" };
}

/** A place where chunks do not follow each other. */
interface Break {
  /** Where the fence posts end that stand there; the place itself where there are none. */
  readonly fence: number;
  /** Where chunks go on, or their end. */
  readonly next: number;
}

/** What is at a header that is none of a chunk, in a run whose chunks end at `end`. */
export function breakAt(reader: MemoryReader, chunk: number, end: number): Break {
  const isLast = chunk + 2 * ALIGNMENT >= end;
  // Of the two posts that end a heap, the last one's size is 0.
  const posts = isLast ? chunkSize(reader, chunk) < LEAST_CHUNK : isFence(reader, chunk);
  const fence = posts ? Math.min(chunk + 2 * ALIGNMENT, end) : chunk;
  return { fence, next: fence === end ? end : resumeAt(reader, posts ? fence - ALIGNMENT : chunk, end) };
}

/** The first place behind a header that makes no sense from which chunks follow each other again. */
function resumeAt(reader: MemoryReader, damaged: number, end: number): number {
  for (let at = damaged + ALIGNMENT; at < end; at += ALIGNMENT) {
    let [chunk, seen]: [number | null, number] = [at, 0];
    while (chunk !== null && chunk < end && seen < 8) {
      chunk = nextChunk(reader, chunk, end);
      seen += 1;
    }
    if (chunk !== null && (seen === 8 || (seen > 1 && chunk === end))) return at;
  }
  return end;
}
