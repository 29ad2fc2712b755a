import type { Image, Module } from "../../image/index.ts";
import type { KernelMemory } from "../../kernel/index.ts";
import { partitionPoint } from "../../terms/index.ts";
import { type ArenaBytes, type ArenaUse, noBytes } from "../arena-use.ts";
import { zeroBytes } from "../arenas.ts";
import { idleSpans } from "../module-data.ts";
import { MemoryReader } from "../reader.ts";
import { type Span, spanAt, writableSpans } from "../span.ts";
import type { Survey } from "../survey.ts";
import { CHUNK, LEAST_CHUNK, PAGE } from "./chunk.ts";
import { type ArenaRuns, chunksOf, type Glibc, reservedSpan } from "./glibc.ts";
import type { Run } from "./heaps.ts";
import type { MappedChunk } from "./mapped.ts";

/** The size word, which the user's bytes do not reach into: they may use the next chunk's prev_size. */
const HEADER = CHUNK.user - CHUNK.size;
/** A mapped chunk has no next one, so that its own prev_size is lost as well. */
const MAPPED_HEADER = CHUNK.user;

/** struct malloc_chunk as a whole: what malloc_trim leaves of a free chunk at its start. */
const FREE_FIELDS = 48;

interface UsePlaces {
  readonly reader: MemoryReader;
  /** Writable and saved memory. */
  readonly saved: readonly Span[];
  /** Saved memory that is neither writable nor a module's: heaps' reserves are in it. */
  readonly idle: readonly Span[];
  /** Bytes of whole pages of zeros in the span. */
  readonly zerosIn: (span: Span) => number;
}

/**
 * What each arena of malloc is used for, main ones first; then what it mapped on its own, and where arenas are missing
 * the chunks that were guessed, as one each. By walking over all chunks.
 * @param memory the one that the survey is in
 * @param modules sorted by start
 */
export function arenaUses(
  memory: KernelMemory,
  image: Image,
  modules: readonly Module[],
  survey: Survey,
  glibc: Glibc,
): ArenaUse[] {
  const places = {
    reader: new MemoryReader(image),
    saved: writableSpans(image, "saved"),
    idle: idleSpans(image, modules),
    zerosIn: (span: Span) => zeroBytes(memory, survey, span),
  };
  const walker = new UseWalker(places, glibc);
  const uses = glibc.arenas.map((arena) => walker.arena(arena));
  if (glibc.mapped.length > 0) uses.push(walker.mapped(glibc.mapped));
  if (glibc.guessed.length > 0) uses.push(walker.guessed(glibc.guessed));
  return uses;
}

class UseWalker {
  readonly #places: UsePlaces;
  readonly #tcache: Headers;
  readonly #fastbins: Headers;
  readonly #structs: Headers;

  constructor(places: UsePlaces, { cached }: Glibc) {
    this.#places = places;
    this.#tcache = new Headers(cached.tcache);
    this.#fastbins = new Headers(cached.fastbins);
    this.#structs = new Headers(cached.structs);
  }

  arena({ base, isMain, top, runs }: ArenaRuns): ArenaUse {
    const sums = noBytes();
    for (const run of runs) {
      this.#addRun(sums, run, top, isMain);
      // The main arena's heap grows by brk, and reserves nothing.
      if (!isMain) sums.reservedBytes += overlap(this.#places.idle, reservedSpan(run));
    }
    return { allocator: "malloc", kind: isMain ? "main" : "thread", address: base, ...sums };
  }

  mapped(chunks: readonly MappedChunk[]): ArenaUse {
    const sums = noBytes();
    for (const { start, end, chunk } of chunks) {
      const saved = Math.min(end, spanAt(this.#places.saved, start)?.end ?? start) - start;
      if (this.#addCached(sums, chunk, saved)) continue;
      const lead = chunk - start;
      sums.usedCount += 1;
      sums.usedBytes += saved - lead - MAPPED_HEADER;
      sums.headerBytes += lead + MAPPED_HEADER;
    }
    return { allocator: "malloc", kind: "mapped", address: null, ...sums };
  }

  guessed(runs: readonly Run[]): ArenaUse {
    const sums = noBytes();
    for (const run of runs) this.#addRun(sums, run, Number.NaN, false);
    return { allocator: "malloc", kind: "guessed", address: null, ...sums };
  }

  #addRun(sums: ArenaBytes, run: Run, top: number, isMain: boolean): void {
    sums.headerBytes += run.infoBytes;
    for (const { chunk, bytes, state } of chunksOf(this.#places.reader, top, run)) {
      if (state === "damaged") sums.damagedBytes += bytes;
      else if (state === "foreign") sums.foreignBytes += bytes;
      else if (state === "fence") sums.headerBytes += bytes;
      else if (state === "top") this.#addTop(sums, { start: chunk, end: chunk + bytes }, isMain);
      else if (this.#structs.has(chunk)) sums.headerBytes += bytes;
      else if (this.#addCached(sums, chunk, bytes)) continue;
      else {
        sums.headerBytes += HEADER;
        if (state === "free") {
          sums.freeCount = (sums.freeCount ?? 0) + 1;
          sums.freeBytes += bytes - HEADER;
          sums.trimBytes += this.#wholePages({ start: chunk + FREE_FIELDS, end: chunk + bytes });
        } else {
          sums.usedCount += 1;
          sums.usedBytes += bytes - HEADER;
        }
      }
    }
  }

  #addTop(sums: ArenaBytes, span: Span, isMain: boolean): void {
    if (isMain) sums.trimBytes += this.#wholePages({ start: span.start + LEAST_CHUNK + 1, end: span.end });
    const zeros = this.#places.zerosIn(span);
    sums.headerBytes += HEADER;
    sums.topBytes += span.end - span.start - HEADER - zeros;
    sums.untouchedBytes += zeros;
  }

  /** Bytes of the whole pages in a span, but for those of zeros, which no memory stands behind. */
  #wholePages({ start, end }: Span): number {
    const pages = { start: Math.ceil(start / PAGE) * PAGE, end: Math.floor(end / PAGE) * PAGE };
    return pages.end > pages.start ? pages.end - pages.start - this.#places.zerosIn(pages) : 0;
  }

  /** Whether the chunk was freed and lies in a cache. */
  #addCached(sums: ArenaBytes, chunk: number, bytes: number): boolean {
    const inTcache = this.#tcache.has(chunk);
    if (!inTcache && !this.#fastbins.has(chunk)) return false;
    sums.headerBytes += HEADER;
    sums[inTcache ? "tcacheCount" : "fastbinCount"] += 1;
    sums[inTcache ? "tcacheBytes" : "fastbinBytes"] += bytes - HEADER;
    return true;
  }
}

/** Headers of chunks. Millions of numbers are asked for in the order of their addresses: no Set answers as fast. */
class Headers {
  readonly #sorted: Float64Array;
  /** The first that is not less than what was asked for last. */
  #next = 0;
  #last = 0;

  constructor(headers: readonly number[]) {
    this.#sorted = Float64Array.from(headers).sort();
  }

  has(chunk: number): boolean {
    const sorted = this.#sorted;
    if (chunk < this.#last)
      this.#next = partitionPoint(0, sorted.length, (index) => (sorted[index] ?? 0) < chunk);
    this.#last = chunk;
    while ((sorted[this.#next] ?? Number.POSITIVE_INFINITY) < chunk) this.#next += 1;
    return sorted[this.#next] === chunk;
  }
}

/** Bytes of the span that the others have. */
function overlap(spans: readonly Span[], { start, end }: Span): number {
  return spans.reduce(
    (sum, other) => sum + Math.max(0, Math.min(end, other.end) - Math.max(start, other.start)),
    0,
  );
}
