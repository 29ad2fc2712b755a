import type { Image } from "../image/index.ts";
import { POOL } from "../kernel/index.ts";
import { USER_SPACE_END } from "../terms/index.ts";
import { CHUNK, PAGE } from "./glibc/chunk.ts";
import { chunksOf, type Glibc, readGlibc } from "./glibc/glibc.ts";
import { mappedChunkAt } from "./glibc/mapped.ts";
import { type Mallocng, readMallocng } from "./mallocng/groups.ts";
import { slotAt } from "./mallocng/slots.ts";
import { mimallocBlockAt } from "./mimalloc/page-at.ts";
import { type Pool, poolAt } from "./pool.ts";
import type { MemoryReader } from "./reader.ts";
import { type Span, spanAt, writableSpans } from "./span.ts";

/** What an allocator handed out, or may hand out again. */
export interface Block {
  /** `pool`: pymalloc's; `page`: mimalloc's; `slot`: musl's; `chunk`: of malloc's heaps; `mapped`: malloc mapped it on its own. */
  readonly kind: "pool" | "page" | "slot" | "chunk" | "mapped";
  /** Where its user's bytes begin. */
  readonly start: number;
  /** How many there are. */
  readonly bytes: number;
  /** What was freed and lies in a cache is not. */
  readonly isInUse: boolean;
}

/** What a finder is told of the process. */
export interface FinderPlaces {
  /** Modules' data, where no allocator's blocks are: by address, disjoint. */
  readonly statics: readonly Span[];
  /** fs_base of each thread; null where that is not known. */
  readonly threadPointers: readonly (number | null)[];
}

/** A mapped chunk's header is looked for that many pages back: 4 GiB. */
const MOST_PAGES_BACK = 2 ** 20;
/** A walk over a chain remembers where each of that many chunks began, for the next address in it. */
const MARK_EVERY = 256;

/** A run of chunks, and the headers at which a walk over it can begin. */
interface Walk extends Span {
  /** Where its arena's top is; NaN where that is not known. */
  readonly top: number;
  readonly marks: number[];
}

/** malloc's runs by address, and the headers of what was freed and is only cached. */
interface Heaps {
  readonly walks: readonly Walk[];
  readonly cached: ReadonlySet<number>;
}

/** Finds the one block that has an address, by the allocators' own structures; no pass over memory is made. */
export class BlockFinder {
  readonly #image: Image;
  readonly #reader: MemoryReader;
  readonly #places: () => FinderPlaces;
  #mallocng: Mallocng | null = null;
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
    if (!(at >= 0 && at < USER_SPACE_END)) return null;
    // musl's malloc has some of modules' data: what their pages have left over.
    this.#mallocng ??= readMallocng(this.#image, this.#reader, statics);
    const slot = slotAt(this.#reader, this.#mallocng, at);
    if (slot?.state === "in use" || slot?.state === "free")
      return { kind: "slot", start: slot.start, bytes: slot.bytes, isInUse: slot.state === "in use" };
    if (spanAt(statics, at) !== null) return null;
    const pool = poolAt(this.#reader, at);
    if (pool !== null) return blockInPool(pool, at);
    const inPage = mimallocBlockAt(this.#reader, at);
    if (inPage !== null) return { kind: "page", ...inPage };
    this.#heaps ??= this.#findHeaps();
    const { walks, cached } = this.#heaps;
    const walk = spanAt(walks, at);
    return walk === null ? this.#mappedAt(at) : chunkAt(this.#reader, walk, cached, at);
  }

  #findHeaps(): Heaps {
    const { statics, threadPointers } = this.#places();
    const places = { statics, threadPointers, isOther: () => false };
    const { arenas, guessed, cached }: Glibc = readGlibc(this.#image, this.#reader, places, () => []);
    const walkOf = ({ start, end }: Span, top: number): Walk => ({ start, end, top, marks: [start] });
    const walks = [
      ...arenas.flatMap(({ runs, top }) => runs.map((run) => walkOf(run, top))),
      ...guessed.map((run) => walkOf(run, Number.NaN)),
    ];
    return {
      walks: walks.sort((a, b) => a.start - b.start),
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
        const start = found.chunk + CHUNK.user;
        const isWithin = found.end > at && found.end <= mapping.end && at >= start;
        return isWithin ? { kind: "mapped", start, bytes: found.end - start, isInUse: true } : null;
      }
      page -= PAGE;
    }
    return null;
  }
}

function blockInPool({ start: pool, bytes, blockBytes, carved, free }: Pool, at: number): Block | null {
  const index = Math.floor((at - pool - POOL.HEADER_BYTES) / blockBytes);
  const start = pool + POOL.HEADER_BYTES + index * blockBytes;
  if (index < 0 || start + blockBytes > pool + bytes) return null;
  return { kind: "pool", start, bytes: blockBytes, isInUse: index < carved && !free.has(start) };
}

/** The chunk of glibc's run that has the address. */
function chunkAt(
  reader: MemoryReader,
  { end, top, marks }: Walk,
  cached: ReadonlySet<number>,
  at: number,
): Block | null {
  let mark = marks.length - 1;
  while (mark > 0 && (marks[mark] ?? 0) + CHUNK.user > at) mark -= 1;
  let count = mark * MARK_EVERY;
  for (const { chunk, bytes, state } of chunksOf(reader, top, { start: marks[mark] ?? 0, end })) {
    if (count === marks.length * MARK_EVERY) marks.push(chunk);
    count += 1;
    if (at < chunk + CHUNK.user) return null;
    // The last bytes are the next chunk's prev_size, which one in use may use.
    const userEnd = chunk + bytes + CHUNK.size;
    if (at >= userEnd) continue;
    if (state !== "in use" && state !== "free" && state !== "top") return null;
    const start = chunk + CHUNK.user;
    return {
      kind: "chunk",
      start,
      bytes: userEnd - start,
      isInUse: state === "in use" && !cached.has(chunk),
    };
  }
  return null;
}
