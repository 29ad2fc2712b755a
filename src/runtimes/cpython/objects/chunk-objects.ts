import {
  breakAt,
  chunkSize,
  type Glibc,
  type MappedChunk,
  type MemoryReader,
  type Span,
  spanAt,
  wholeRun,
  writableSpans,
} from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import { BLOCK_SUMS, PIECE_BUFFER_BYTES, PIECE_BYTES, RECORD } from "../../../kernel/index.ts";
import { type BlockSums, keepRecords, type Places, type RecordRange } from "./records.ts";

/** Chunks are read as much at a time as pieces are. */
const WINDOW_BYTES = PIECE_BYTES;

/** A run of chunks as it is walked over. */
interface Walk extends Span {
  /** Where its arena's top is; NaN where that is not known. */
  readonly top: number;
}

/**
 * Finds the objects in malloc's chunks: those mapped on their own, the main heap's, and threads' arenas'. Returns their
 * records, what of memory the chunks have, and as pairs of address and bytes the blocks in use that hold no object.
 */
export function findInChunks(
  places: Places,
  image: Image,
  reader: MemoryReader,
  glibc: Glibc,
  sums: BlockSums,
): { found: RecordRange[]; spans: Span[]; tops: Span[]; blocks: Float64Array[] } {
  const { memory } = places.crew;
  const cached = Float64Array.from([...glibc.cached.tcache, ...glibc.cached.fastbins]).sort();
  const cachedAt = memory.place(Math.max(8, 8 * cached.length));
  new BigUint64Array(memory.buffer, cachedAt, cached.length).set(Array.from(cached, BigInt));
  const walker = new ChunkWalker(places, image, reader, { at: cachedAt, headers: cached }, sums);
  for (const chunk of glibc.mapped) walker.takeMapped(chunk);
  for (const { runs, top } of glibc.arenas)
    for (const { start, end, infoBytes } of runs) {
      sums.mallocStateBytes += infoBytes;
      walker.walk({ start, end, top });
    }
  for (const { start, end } of glibc.guessed) walker.walk({ start, end, top: Number.NaN });
  walker.settle();
  // Chunks in use by malloc itself, which no program asked for.
  for (const chunk of glibc.cached.structs) {
    const bytes = chunkSize(reader, chunk);
    sums.chunks -= 1;
    sums.chunkBytes -= bytes;
    sums.mallocStateBytes += bytes;
  }
  const runs = [...glibc.arenas.flatMap((arena) => arena.runs), ...glibc.guessed];
  const spans = [...glibc.mapped.map(({ start, end }) => ({ start, end })), ...runs.map(wholeRun)];
  const own = new Set(glibc.cached.structs.map((chunk) => chunk + 16));
  const blocks = walker.blocks.map((pairs) => without(pairs, own));
  return { found: walker.found, spans, tops: walker.tops, blocks };
}

/** Pairs less those whose address is in the set. */
function without(pairs: Float64Array, starts: ReadonlySet<number>): Float64Array {
  return pairs.filter((_, i) => !starts.has(pairs[i - (i % 2)] ?? 0));
}

/** Sorted headers of chunks that are only cached, and where in the kernel's memory they lie. */
interface Cached {
  readonly at: number;
  readonly headers: Float64Array;
}

/** Walks over chunks through one window, and adds up what they are. */
class ChunkWalker {
  readonly found: RecordRange[] = [];
  readonly tops: Span[] = [];
  readonly blocks: Float64Array[] = [];
  readonly #places: Places;
  readonly #image: Image;
  readonly #reader: MemoryReader;
  readonly #cached: Cached;
  readonly #headers: ReadonlySet<number>;
  readonly #saved: readonly Span[];
  readonly #sums: BlockSums;
  readonly #window: number;
  readonly #room: number;
  readonly #sumsAt: number;

  constructor(places: Places, image: Image, reader: MemoryReader, cached: Cached, sums: BlockSums) {
    const { memory } = places.crew;
    this.#places = places;
    this.#image = image;
    this.#reader = reader;
    this.#cached = cached;
    this.#headers = new Set(cached.headers);
    this.#saved = writableSpans(image, "saved");
    this.#sums = sums;
    this.#window = memory.place(PIECE_BUFFER_BYTES);
    this.#room = memory.place(WINDOW_BYTES);
    this.#sumsAt = memory.place(BLOCK_SUMS.CHUNK_SUMS_BYTES);
  }

  takeMapped({ start, end, chunk }: MappedChunk): void {
    const sums = this.#sums;
    const saved = Math.min(end, spanAt(this.#saved, start)?.end ?? start) - start;
    if (this.#headers.has(chunk)) {
      sums.cachedChunks += 1;
      sums.cachedBytes += saved;
      return;
    }
    this.#read(chunk, 4096);
    const isObject = this.#takeBlock(chunk, end - chunk - 16);
    sums.mapped += 1;
    sums.mappedBytes += saved;
    sums.mappedLeads += chunk - start;
    if (!isObject) return;
    sums.objectsMapped += 1;
    sums.mappedObjectBytes += saved - (chunk - start);
  }

  walk({ start, end, top }: Walk): void {
    const { memory, kernel } = this.#places.crew;
    const sums = this.#sums;
    const chunksEnd = top >= start && top < end ? top : end;
    let at = start;
    while (at + 16 <= chunksEnd) {
      // The header behind the last chunk, top's, says whether that one is in use.
      const got = this.#read(at, Math.min(WINDOW_BYTES, end - at));
      const came = kernel.chunkObjects({
        plan: this.#places.plan,
        at: this.#window,
        bytes: Math.min(got, chunksEnd + 16 - at),
        address: BigInt(at),
        cached: this.#cached.at,
        cachedCount: this.#cached.headers.length,
        tally: this.#places.tally,
        sums: this.#sumsAt,
        to: this.#room,
        toEnd: this.#room + WINDOW_BYTES / 2,
        others: this.#room + WINDOW_BYTES / 2,
        wrote: this.#sumsAt + BLOCK_SUMS.CHUNK_RECORD_BYTES,
      });
      const wrote = new Uint32Array(memory.buffer, this.#sumsAt + BLOCK_SUMS.CHUNK_RECORD_BYTES, 2);
      this.#keep(wrote[0] ?? 0, wrote[1] ?? 0);
      const broken = new BigUint64Array(memory.buffer, this.#sumsAt + BLOCK_SUMS.IS_BROKEN, 1);
      const isBroken = broken[0] !== 0n;
      broken[0] = 0n;
      at += came;
      if (at === chunksEnd) break;
      if (isBroken) at = this.#passBroken(at, chunksEnd);
      else if (came === 0) at = this.#passLarge(at, chunksEnd, end);
    }
    if (chunksEnd === end) return;
    this.tops.push({ start: chunksEnd, end });
    sums.tops += 1;
    sums.topBytes += end - chunksEnd;
  }

  /** Adds what the kernel has added up. */
  settle(): void {
    const { memory } = this.#places.crew;
    const own = new BigUint64Array(memory.buffer, this.#sumsAt, BLOCK_SUMS.CHUNK_SUMS_BYTES / 8);
    const sum = (offset: number) => Number(own[offset / 8] ?? 0n);
    const sums = this.#sums;
    sums.chunks += sum(BLOCK_SUMS.CHUNKS);
    sums.chunkBytes += sum(BLOCK_SUMS.CHUNK_BYTES);
    sums.chunkObjectBytes += sum(BLOCK_SUMS.CHUNK_OBJECT_BYTES);
    sums.freeChunks += sum(BLOCK_SUMS.FREE_CHUNKS);
    sums.freeChunkBytes += sum(BLOCK_SUMS.FREE_CHUNK_BYTES);
    sums.cachedChunks += sum(BLOCK_SUMS.CACHED_CHUNKS);
    sums.cachedBytes += sum(BLOCK_SUMS.CACHED_CHUNK_BYTES);
  }

  #read(at: number, bytes: number): number {
    const into = new Uint8Array(this.#places.crew.memory.buffer, this.#window, bytes);
    return this.#image.read(BigInt(at), into);
  }

  /** Looks at one block whose first bytes are in the window, its header first. */
  #takeBlock(chunk: number, capacity: number): boolean {
    const { crew, plan, tally } = this.#places;
    const wrote = crew.kernel.blockObject({
      plan,
      block: this.#window + 16,
      address: BigInt(chunk + 16),
      capacity: BigInt(capacity),
      tally,
      to: this.#room,
    });
    keepRecords(crew, this.#room, wrote, this.found);
    if (wrote === 0) this.blocks.push(Float64Array.of(chunk + 16, capacity));
    return wrote > 0;
  }

  #keep(bytes: number, otherBytes: number): void {
    keepRecords(this.#places.crew, this.#room, bytes, this.found);
    this.#sums.objectChunks += bytes / RECORD.RECORD_BYTES;
    if (otherBytes === 0) return;
    const { buffer } = this.#places.crew.memory;
    this.blocks.push(new Float64Array(buffer, this.#room + WINDOW_BYTES / 2, otherBytes / 8).slice());
  }

  /** Behind fence posts and the foreign memory after them, or what makes no sense. */
  #passBroken(at: number, end: number): number {
    const { fence, next } = breakAt(this.#reader, at, end);
    this.#sums.mallocStateBytes += fence - at;
    this.#sums[fence > at ? "foreignBytes" : "lostChunkBytes"] += next - fence;
    return next;
  }

  /** Behind a chunk that is larger than the window, or the last one where no top is known: that is free. */
  #passLarge(at: number, chunksEnd: number, end: number): number {
    const sums = this.#sums;
    const size = chunkSize(this.#reader, at);
    const next = this.#reader.u64(at + size + 8);
    if (!(at + size <= chunksEnd && at + size + 16 <= end) || Number.isNaN(next)) {
      sums.freeChunks += 1;
      sums.freeChunkBytes += chunksEnd - at;
      return chunksEnd;
    }
    if (this.#headers.has(at)) {
      sums.cachedChunks += 1;
      sums.cachedBytes += size;
    } else if (next % 2 === 1) {
      const isObject = this.#takeBlock(at, size - 8);
      sums.chunks += 1;
      sums.chunkBytes += size;
      if (isObject) {
        sums.objectChunks += 1;
        sums.chunkObjectBytes += size;
      }
    } else {
      sums.freeChunks += 1;
      sums.freeChunkBytes += size;
    }
    return at + size;
  }
}
