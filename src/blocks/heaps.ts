import type { Image } from "../image/index.ts";
import type { Arena } from "../kernel/index.ts";
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

/** Where the chains of chunks begin among the writable segments: main heap and thread arenas (glibc malloc/arena.c). */
export function findChunkChains(
  image: Image,
  reader: MemoryReader,
  skip: (at: number) => boolean,
): ChunkChain[] {
  const chains: ChunkChain[] = [];
  const { table } = image;
  for (let index = 0; index < table.count; index += 1) {
    const segment = image.segment(index);
    if (!segment.permissions.includes("w") || segment.end >= 1n << 48n) continue;
    const start = Number(segment.start);
    if (skip(start)) continue;
    const end = start + segment.extent.bytes;
    for (let at = start; at < Math.min(end, start + MOST_LEAD); at += 16) {
      const size = reader.u64(at + 8);
      if ((size & IS_MAPPED) !== 0 || !isChain(reader, at, end)) continue;
      chains.push({ kind: (size & NON_MAIN_ARENA) !== 0 ? "thread" : "main", start: at, end });
      break;
    }
  }
  return chains;
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

/** As the kernel's surveyPages writes it. */
const PAGE_MAPPED = 4;

/**
 * The chunks that malloc mapped each on its own, from header to end, by address and disjoint: whole pages that are
 * saved, and lie in no chain and in no module.
 */
export function findMappedChunks(
  arena: Arena,
  image: Image,
  reader: MemoryReader,
  { pieces, pages }: Survey,
  skip: (at: number) => boolean,
): Span[] {
  const chunks: Span[] = [];
  const kinds = new Uint8Array(arena.memory.buffer, pages, pieces.firstPages[pieces.count] ?? 0);
  let end = 0;
  for (let piece = 0; piece < pieces.count; piece += 1) {
    const first = pieces.firstPages[piece] ?? 0;
    const last = pieces.firstPages[piece + 1] ?? 0;
    const start = pieces.starts[piece] ?? 0;
    for (let page = kinds.indexOf(PAGE_MAPPED, first); page >= 0 && page < last; ) {
      const at = start + (page - first) * 4096;
      if (at >= end && !skip(at)) {
        const size = reader.u64(at + 8) - 2;
        const segment = image.segmentAt(BigInt(at));
        if (segment !== null && BigInt(at + size) <= segment.end) {
          chunks.push({ start: at, end: at + size });
          end = at + size;
        }
      }
      page = kinds.indexOf(PAGE_MAPPED, page + 1);
    }
  }
  return chunks;
}
