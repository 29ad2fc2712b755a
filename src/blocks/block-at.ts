import type { Image } from "../image/index.ts";
import { USER_SPACE_END } from "../terms/index.ts";
import { type Glibc, readGlibc } from "./glibc/glibc.ts";
import { mappedChunkAt } from "./glibc/mapped.ts";
import type { MemoryReader } from "./reader.ts";
import { type Span, spanAt, writableSpans } from "./span.ts";

/** What an allocator handed out, or may hand out again. */
export interface Block {
  /** `pool`: pymalloc's; `chunk`: of malloc's heaps; `mapped`: malloc mapped it on its own. */
  readonly kind: "pool" | "chunk" | "mapped";
  /** Where its user's bytes begin. */
  readonly start: number;
  /** How many there are. */
  readonly bytes: number;
  /** What was freed and lies in a cache is not. */
  readonly isInUse: boolean;
}

/** What a finder is told of the process. */
export interface FinderPlaces {
  /** Modules' data, where no allocator's blocks are. */
  readonly statics: readonly Span[];
  /** fs_base of each thread; null where that is not known. */
  readonly threadPointers: readonly (number | null)[];
}

/** struct pool_header (CPython, Objects/obmalloc.c). */
const POOL_HEADER = 48;
/** Pools up to 3.9, and since; a size of 16 KiB is looked for first, for its blocks may hold anything. */
const POOL_SIZES = [16_384, 4096] as const;
const MOST_BLOCK_BYTES = 512;
const PAGE = 4096;
/** A mapped chunk's header is looked for that many pages back: 4 GiB. */
const MOST_PAGES_BACK = 2 ** 20;
/** More chunks than that are not walked over. */
const MOST_CHUNKS = 2 ** 24;
/** A walk over a chain remembers where each of that many chunks began, for the next address in it. */
const MARK_EVERY = 256;

/** A run of chunks, and the headers at which a walk over it can begin. */
interface Walk {
  readonly run: Span;
  readonly marks: number[];
}

/** malloc's runs, and the headers of what was freed and is only cached. */
interface Heaps {
  readonly walks: readonly Walk[];
  readonly cached: ReadonlySet<number>;
}

/** Finds the one block that has an address, by the allocators' own structures; no pass over memory is made. */
export class BlockFinder {
  readonly #image: Image;
  readonly #reader: MemoryReader;
  readonly #places: () => FinderPlaces;
  #heaps: Heaps | null = null;
  #mappings: readonly Span[] | null = null;

  /** `places` is asked whenever it matters, for what is known of them can grow. */
  constructor(image: Image, reader: MemoryReader, places: () => FinderPlaces) {
    this.#image = image;
    this.#reader = reader;
    this.#places = places;
  }

  /** The block that has the address; null where no allocator's structure says that there is one. */
  blockAt(at: number): Block | null {
    const { statics } = this.#places();
    const isStatic = (place: number) => statics.some(({ start, end }) => place >= start && place < end);
    if (!(at >= 0 && at < USER_SPACE_END) || isStatic(at)) return null;
    for (const size of POOL_SIZES) {
      const pool = at - (at % size);
      const free = freeBlocks(this.#reader, pool, size);
      if (free !== null) return blockInPool(this.#reader, pool, free, at);
    }
    this.#heaps ??= this.#findHeaps();
    const { walks, cached } = this.#heaps;
    const walk = walks.find(({ run: { start, end } }) => at >= start && at < end);
    return walk === undefined ? this.#mappedAt(at) : chunkAt(this.#reader, walk, cached, at);
  }

  #findHeaps(): Heaps {
    const { statics, threadPointers } = this.#places();
    const places = { statics, threadPointers, isOther: () => false };
    const { arenas, guessed, cached }: Glibc = readGlibc(this.#image, this.#reader, places, () => []);
    const runs = [...arenas.flatMap((arena) => arena.runs), ...guessed];
    return {
      walks: runs.map((run) => ({ run, marks: [run.start] })),
      cached: new Set([...cached.tcache, ...cached.fastbins]),
    };
  }

  /** The chunk that malloc mapped on its own and whose mapping has the address. */
  #mappedAt(at: number): Block | null {
    this.#mappings ??= writableSpans(this.#image, "mapped");
    const mapping = spanAt(this.#mappings, at);
    if (mapping === null) return null;
    let page = at - (at % PAGE);
    for (let pages = 0; pages < MOST_PAGES_BACK && page >= mapping.start; pages += 1) {
      const found = mappedChunkAt(this.#reader, page);
      if (found !== null) {
        const start = found.chunk + 16;
        const isWithin = found.end > at && found.end <= mapping.end && at >= start;
        return isWithin ? { kind: "mapped", start, bytes: found.end - start, isInUse: true } : null;
      }
      page -= PAGE;
    }
    return null;
  }
}

/**
 * The blocks on the free list of the pool of that size at the address; null where there is no such pool, or one that
 * does not add up: see the kernel's `poolBytes` and `markFree`, which say the same of all memory.
 */
function freeBlocks(reader: MemoryReader, pool: number, size: number): ReadonlySet<number> | null {
  const block = blockBytes(reader, pool, size);
  if (block === 0) return null;
  const carved = (reader.u32(pool + 40) - POOL_HEADER) / block;
  if (!(carved > 0 && Number.isInteger(carved) && carved * block <= size - POOL_HEADER)) return null;
  const free = new Set<number>();
  for (let at = reader.u64(pool + 8); at !== 0; at = reader.u64(at)) {
    const index = (at - pool - POOL_HEADER) / block;
    if (!(index >= 0 && index < carved && Number.isInteger(index)) || free.has(at)) return null;
    free.add(at);
  }
  return carved - free.size === reader.u32(pool) ? free : null;
}

/** Bytes of a block of the pool of that size, or 0 where there is none. */
function blockBytes(reader: MemoryReader, pool: number, size: number): number {
  const block = size - reader.u32(pool + 44);
  const classes = reader.u32(pool + 36) + 1;
  const isClass = block === classes * 16 || block === classes * 8;
  return isClass && block > 0 && block <= MOST_BLOCK_BYTES ? block : 0;
}

function blockInPool(
  reader: MemoryReader,
  pool: number,
  free: ReadonlySet<number>,
  at: number,
): Block | null {
  const size = pool % 16_384 === 0 && blockBytes(reader, pool, 16_384) > 0 ? 16_384 : 4096;
  const bytes = blockBytes(reader, pool, size);
  const index = Math.floor((at - pool - POOL_HEADER) / bytes);
  const start = pool + POOL_HEADER + index * bytes;
  if (index < 0 || start + bytes > pool + size) return null;
  // What was never carved is free as well.
  const isInUse = start < pool + reader.u32(pool + 40) && !free.has(start);
  return { kind: "pool", start, bytes, isInUse };
}

/** The chunk of glibc's run that has the address: PREV_INUSE of the next one says whether it is in use, unless it is cached. */
function chunkAt(
  reader: MemoryReader,
  { run: { end }, marks }: Walk,
  cached: ReadonlySet<number>,
  at: number,
): Block | null {
  let mark = marks.length - 1;
  while (mark > 0 && (marks[mark] ?? 0) > at - 16) mark -= 1;
  let chunk = marks[mark] ?? 0;
  for (let count = mark * MARK_EVERY; count < MOST_CHUNKS; count += 1) {
    if (count === marks.length * MARK_EVERY) marks.push(chunk);
    const word = reader.u64(chunk + 8);
    const size = word - (word % 8);
    if (!(size >= 32 && size % 16 === 0)) return null;
    const next = chunk + size;
    if (at < chunk + 16) return null;
    // The last bytes are the next chunk's prev_size, which one in use may use.
    if (at < next + 8 || next + 16 > end) {
      const isInUse = next + 16 <= end && reader.u64(next + 8) % 2 === 1 && !cached.has(chunk);
      return at < next + 8 ? { kind: "chunk", start: chunk + 16, bytes: size - 8, isInUse } : null;
    }
    chunk = next;
  }
  return null;
}
