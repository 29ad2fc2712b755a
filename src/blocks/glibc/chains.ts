import type { Image } from "../../image/index.ts";
import { USER_SPACE_END } from "../../terms/index.ts";
import type { MemoryReader } from "../reader.ts";
import type { Span } from "../span.ts";
import { HEAP } from "./arenas.ts";
import { ALIGNMENT, CHUNK, NON_MAIN_ARENA, nextChunk, PAGE, PREV_INUSE } from "./chunk.ts";
import { isMappedSize } from "./mapped.ts";

/** The first chunk lies within the first page: behind heap_info and malloc_state in a thread's arena. */
const MOST_LEAD = 4096;
/** A chain is believed after that many chunks that follow each other, or at its end. */
const LEAST_CHUNKS = 8;
/** A part of a thread's arena begins at a multiple of this and is no longer (glibc malloc/arena.c, HEAP_MAX_SIZE). */
const THREAD_HEAP_BYTES = 2 ** 26;

/**
 * Chains of chunks in writable memory by their form alone, where main_arena is not to be had: what adjoins in one
 * segment, from the first chunk's header on. None begins at what `skip` knows to be something else. What is only cached,
 * and where a chain's top is, nothing tells here.
 */
export function findChunkChains(image: Image, reader: MemoryReader, skip: (at: number) => boolean): Span[] {
  const chains: Span[] = [];
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

function findChain(reader: MemoryReader, start: number, segmentEnd: number): Span | null {
  // What a chunk that malloc mapped on its own holds can look like chunks as well.
  if (reader.u64(start) === 0 && isMappedSize(reader.u64(start + CHUNK.size))) return null;
  const isPart = start % THREAD_HEAP_BYTES === 0;
  const size = reader.u64(start + HEAP.size);
  const isSized = isPart && size >= PAGE && size % PAGE === 0 && size <= THREAD_HEAP_BYTES;
  const end = isSized ? Math.min(segmentEnd, start + size) : segmentEnd;
  for (let at = start; at < Math.min(end, start + MOST_LEAD); at += ALIGNMENT)
    if (isChain(reader, at, end)) return { start: at, end };
  return null;
}

/** Chunks of one arena. One that is free has no NON_MAIN_ARENA: glibc clears it, or never sets it. */
function isChain(reader: MemoryReader, first: number, end: number): boolean {
  let at = first;
  let arena: number | null = null;
  for (let count = 0; count < LEAST_CHUNKS; count += 1) {
    const word = reader.u64(at + CHUNK.size);
    const next = nextChunk(reader, at, end);
    if (next === null) return false;
    if (next === end) return count > 0;
    const isInUse = (reader.u64(next + CHUNK.size) & PREV_INUSE) !== 0;
    if (isInUse) {
      if (arena !== null && (word & NON_MAIN_ARENA) !== arena) return false;
      arena = word & NON_MAIN_ARENA;
    }
    at = next;
  }
  return true;
}
