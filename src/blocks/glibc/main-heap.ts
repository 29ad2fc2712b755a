import type { MemoryReader } from "../reader.ts";
import { type Span, spanAt } from "../span.ts";
import { type Arena, BINS_BYTES, systemBytes } from "./arenas.ts";
import {
  ALIGNMENT,
  alignedChunk,
  CHUNK,
  chunkSize,
  isChain,
  isFence,
  nextChunk,
  PAGE,
  PREV_INUSE,
} from "./chunk.ts";
import type { Run } from "./heaps.ts";

/** libc's static malloc_par lies this near to main_arena. */
const NEAR = 16_384;
/** Chunks in a row that are taken for a heap's beginning. */
const PROVING = 64;

/** Memory of the main arena: writable and saved, adjoining segments as one, sorted; what modules hold is none of it. */
interface Places {
  readonly reader: MemoryReader;
  readonly spans: readonly Span[];
  readonly isStatic: (at: number) => boolean;
}

/**
 * The runs of the main arena, by address (malloc/malloc.c, `sysmalloc`): mostly one, from sbrk_base to the end of top. More where others
 * moved brk in between, which leaves fence posts; and where brk could not grow, in pieces that were mapped.
 * @param taken what thread arenas hold, sorted
 */
export function mainHeap(
  reader: MemoryReader,
  arena: Arena,
  spans: readonly Span[],
  isStatic: (at: number) => boolean,
  taken: readonly Span[],
): Run[] {
  const places = { reader, spans, isStatic };
  const { top } = arena;
  // An arena that was never asked has its own bins for a top.
  if (top === arena.bins - CHUNK.user) return [];
  const span = spanAt(spans, top);
  if (span === null) return [];
  const end = Math.min(top + chunkSize(reader, top), span.end);
  const usual = startNear(places, arena, span, end);
  if (usual !== null) return [run(usual, end)];
  const start = startByForm(places, arena);
  const runs = start === null ? [] : runsFrom(places, start, top, end);
  if (!runs.some((known) => known.end === end)) {
    const piece = startBefore(places, arena, span, end);
    if (piece !== null) runs.push(run(piece, end));
  }
  const bytes = heldBytes(runs, start ?? Number.POSITIVE_INFINITY, spans);
  if (systemBytes(reader, arena.bins, bytes) !== bytes)
    runs.push(...mappedPieces(places, [...taken, ...runs]));
  return runs.sort((a, b) => a.start - b.start);
}

const run = (start: number, end: number): Run => ({ start: alignedChunk(start), end, infoBytes: 0 });

/** Words near the arena, those of malloc_state itself aside. */
function* wordsNear({ base, bins }: Arena): Generator<number> {
  for (let at = base - NEAR; at < base; at += 8) yield at;
  for (let at = bins + BINS_BYTES + 64; at < bins + NEAR; at += 8) yield at;
}

/** sbrk_base, the usual case: the word near the arena from which to the end of top it is just what system_mem says. */
function startNear({ reader }: Places, arena: Arena, span: Span, end: number): number | null {
  for (const at of wordsNear(arena)) {
    const start = reader.u64(at);
    if (!(start % 8 === 0 && start >= span.start && start < arena.top)) continue;
    if (systemBytes(reader, arena.bins, end - start) !== end - start) continue;
    if (isChain(reader, alignedChunk(start), end, PROVING)) return start;
  }
  return null;
}

/**
 * sbrk_base, by the form of malloc_par that has it (malloc/malloc.c): n_mmaps, n_mmaps_max (65,536 unless it was set), max_n_mmaps, no_dyn_threshold, mmapped_mem,
 * max_mmapped_mem, before 2.24 max_total_mem, and sbrk_base, at which chunks begin. 2.43 does not keep mmapped_mem right.
 */
function startByForm(places: Places, arena: Arena): number | null {
  const { reader } = places;
  for (const isStrict of [false, true])
    for (const gap of [0, 8])
      for (const at of wordsNear(arena)) {
        const start = reader.u64(at);
        if (!(start % 8 === 0 && start >= PAGE)) continue;
        const [most, bytes] = [reader.u64(at - gap - 8), reader.u64(at - gap - 16)];
        if (!(most < Number.POSITIVE_INFINITY && bytes < Number.POSITIVE_INFINITY)) continue;
        const isOdd = bytes > most || bytes % 16 !== 0 || most % 16 !== 0 || most > 2 ** 46;
        if (isStrict && isOdd) continue;
        for (const padding of [0, 4]) {
          const ends = at - gap - 16 - padding;
          const [mapped, limit, peak, fixed] = [16, 12, 8, 4].map((back) => reader.u32(ends - back));
          if (mapped === undefined || limit === undefined || peak === undefined || fixed === undefined)
            continue;
          if (!(fixed <= 1 && mapped <= peak) || (limit !== 0 && peak > limit)) continue;
          if (isStrict ? (bytes === 0) !== (mapped === 0) : limit !== 65_536) continue;
          if (!beginsHeap(places, arena, start)) continue;
          return start;
        }
      }
  return null;
}

function beginsHeap({ reader, spans, isStatic }: Places, { top }: Arena, start: number): boolean {
  const first = alignedChunk(start);
  const span = spanAt(spans, first);
  if (span === null || isStatic(first)) return false;
  return first === top || isChain(reader, first, span.end, 4);
}

/** From sbrk_base on: runs that end in fence posts, each followed by foreign memory, until one reaches top. */
function runsFrom({ reader, spans }: Places, start: number, top: number, topEnd: number): Run[] {
  const runs: Run[] = [];
  const limit = spanAt(spans, start)?.end ?? start;
  let at = alignedChunk(start);
  while (at < limit) {
    const { end, why } = walk(reader, at, top, limit);
    if (why === "top") return [...runs, run(at, topEnd)];
    if (why === "fence") {
      runs.push(run(at, end));
      at = end;
      continue;
    }
    // Foreign memory: on to the next header that may be a run's first.
    if (runs.length === 0) return end > at ? [run(at, top >= at && top < limit ? topEnd : limit)] : [];
    at += ALIGNMENT;
    while (at < limit && reader.u64(at + CHUNK.size) % 8 !== PREV_INUSE) at += ALIGNMENT;
  }
  return runs;
}

interface Stop {
  readonly end: number;
  readonly why: "top" | "fence" | "limit" | "nonsense";
}

/** Follows chunks until top, two fence posts (`end` is behind them), the limit, or a header that makes no sense. */
function walk(reader: MemoryReader, first: number, top: number, limit: number): Stop {
  let chunk = first;
  while (chunk < limit) {
    if (chunk === top) return { end: chunk, why: "top" };
    if (chunkSize(reader, chunk) === ALIGNMENT) {
      return chunk > first && isFence(reader, chunk)
        ? { end: chunk + 2 * ALIGNMENT, why: "fence" }
        : { end: chunk, why: "nonsense" };
    }
    const next = nextChunk(reader, chunk, limit);
    if (next === null) return { end: chunk, why: "nonsense" };
    chunk = next;
  }
  return { end: chunk, why: "limit" };
}

/** Where brk failed, top is in a piece that was mapped: the lowest page start in its span from which chunks reach it. */
function startBefore({ reader }: Places, arena: Arena, span: Span, end: number): number | null {
  const reaches = (at: number) => walk(reader, at, arena.top, end).why === "top";
  for (let at = Math.ceil(span.start / PAGE) * PAGE; at <= arena.top; at += PAGE)
    if (reader.u64(at + CHUNK.size) % 8 === PREV_INUSE && reaches(at)) return at;
  for (const word of wordsNear(arena)) {
    const at = reader.u64(word);
    if (at % ALIGNMENT === 0 && at >= span.start && at < arena.top && reaches(at)) return at;
  }
  return null;
}

/** As system_mem counts: all of the brk part, foreign memory in it too, and each mapped piece. */
function heldBytes(runs: readonly Run[], start: number, spans: readonly Span[]): number {
  const brkEnd = spanAt(spans, start)?.end ?? 0;
  let [brk, other] = [0, 0];
  for (const { start: from, end } of runs)
    if (from >= start && end <= brkEnd) brk = Math.max(brk, end - start);
    else other += end - from;
  return brk + other;
}

/** Pieces that were mapped because brk could not grow: at page starts of other memory, chunks that end in fence posts. */
function mappedPieces({ reader, spans, isStatic }: Places, taken: readonly Span[]): Run[] {
  const known = [...taken].sort((a, b) => a.start - b.start);
  const pieces: Run[] = [];
  for (const span of spans)
    for (let at = Math.ceil(span.start / PAGE) * PAGE; at + PAGE <= span.end; ) {
      const other = spanAt(known, at) ?? spanAt(known, at + CHUNK.user);
      if (other !== null) {
        at = Math.ceil(other.end / PAGE) * PAGE;
        continue;
      }
      const mayBegin =
        reader.u64(at) === 0 && reader.u64(at + CHUNK.size) % 8 === PREV_INUSE && !isStatic(at);
      const { end, why } = mayBegin ? walk(reader, at, -1, span.end) : { end: at, why: "nonsense" };
      if (why === "fence") pieces.push(run(at, end));
      at = why === "fence" ? Math.ceil(end / PAGE) * PAGE : at + PAGE;
    }
  return pieces;
}
