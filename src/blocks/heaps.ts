import type { Image } from "../image/index.ts";
import { type KernelMemory, PAGES } from "../kernel/index.ts";
import { USER_SPACE_END } from "../terms/index.ts";
import type { MemoryReader } from "./reader.ts";
import type { Survey } from "./survey.ts";

/** Addresses of user space as numbers, [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A chain of glibc's chunks: the main heap, or a part of a thread's arena. `start` is its first chunk's header. */
export interface ChunkChain extends Span {
  readonly kind: "main" | "thread";
}

/** The first chunk lies within the first page: behind heap_info and malloc_state in a thread's arena. */
const MOST_LEAD = 4096;
/** A chain is believed after that many chunks that follow each other, or at its end. */
const LEAST_CHUNKS = 8;
const NON_MAIN_ARENA = 4;
const IS_MAPPED = 2;
/** A part of a thread's arena begins at a multiple of this and is no longer (glibc malloc/arena.c, HEAP_MAX_SIZE). */
const THREAD_HEAP_BYTES = 2 ** 26;
/** heap_info: the arena, the part before, how many bytes are in use of this one. */
const HEAP_SIZE = 16;

/**
 * Where the chains of chunks begin in writable memory: the main heap and threads' arenas (glibc malloc/arena.c). None
 * begins at what `skip` knows to be something else.
 */
export function findChunkChains(
  image: Image,
  reader: MemoryReader,
  skip: (at: number) => boolean,
): ChunkChain[] {
  const chains: ChunkChain[] = [];
  const { table } = image;
  for (let index = 0; index < table.count; index += 1) {
    const segment = image.segment(index);
    if (!segment.permissions.includes("w") || segment.end >= USER_SPACE_END) continue;
    const start = Number(segment.start);
    const end = start + segment.extent.bytes;
    // The kernel joins mappings that adjoin: a thread's arena may begin anywhere in a segment.
    let at = start;
    while (at < end) {
      const chain = skip(at) ? null : findChain(reader, at, end);
      if (chain !== null) chains.push(chain);
      at = (Math.floor(Math.max(at, (chain?.end ?? 0) - 1) / THREAD_HEAP_BYTES) + 1) * THREAD_HEAP_BYTES;
    }
  }
  return chains;
}

function findChain(reader: MemoryReader, start: number, segmentEnd: number): ChunkChain | null {
  // What a chunk that malloc mapped on its own holds can look like chunks as well.
  if (
    reader.u64(start) === 0 &&
    reader.u64(start + 8) > IS_MAPPED &&
    reader.u64(start + 8) % 4096 === IS_MAPPED
  )
    return null;
  const isPart = start % THREAD_HEAP_BYTES === 0;
  const size = reader.u64(start + HEAP_SIZE);
  const isSized = isPart && size >= 4096 && size % 4096 === 0 && size <= THREAD_HEAP_BYTES;
  const end = isSized ? Math.min(segmentEnd, start + size) : segmentEnd;
  for (let at = start; at < Math.min(end, start + MOST_LEAD); at += 16) {
    if (!isChain(reader, at, end)) continue;
    const isThread = (reader.u64(at + 8) & NON_MAIN_ARENA) !== 0;
    return { kind: isThread ? "thread" : "main", start: at, end };
  }
  return null;
}

function isChain(reader: MemoryReader, first: number, end: number): boolean {
  let at = first;
  const arena = reader.u64(first + 8) & NON_MAIN_ARENA;
  for (let count = 0; count < LEAST_CHUNKS; count += 1) {
    const word = reader.u64(at + 8);
    const size = word - (word % 8);
    if (!(size >= 32 && size % 16 === 0 && at + size <= end)) return false;
    if ((word & IS_MAPPED) !== 0 || (word & NON_MAIN_ARENA) !== arena) return false;
    at += size;
    if (at === end) return count > 0;
  }
  return true;
}

/**
 * The chunks that malloc mapped each on its own, from header to end, by address and disjoint: whole pages that are
 * saved, and lie in no chain and in no module.
 */
export function findMappedChunks(
  memory: KernelMemory,
  image: Image,
  reader: MemoryReader,
  { pieces, pages }: Survey,
  skip: (at: number) => boolean,
): Span[] {
  const chunks: Span[] = [];
  const kinds = new Uint8Array(memory.buffer, pages, pieces.firstPages[pieces.count] ?? 0);
  let end = 0;
  for (let piece = 0; piece < pieces.count; piece += 1) {
    const first = pieces.firstPages[piece] ?? 0;
    const last = pieces.firstPages[piece + 1] ?? 0;
    const start = pieces.starts[piece] ?? 0;
    for (let page = kinds.indexOf(PAGES.MAPPED, first); page >= 0 && page < last; ) {
      const at = start + (page - first) * 4096;
      if (at >= end && !skip(at)) {
        const size = reader.u64(at + 8) - 2;
        const segment = image.segmentAt(BigInt(at));
        if (segment !== null && BigInt(at + size) <= segment.end) {
          chunks.push({ start: at, end: at + size });
          end = at + size;
        }
      }
      page = kinds.indexOf(PAGES.MAPPED, page + 1);
    }
  }
  return chunks;
}
