import type { MemoryReader } from "../reader.ts";
import type { Span } from "../span.ts";
import { type Arena, HEAP, stateEnd } from "./arenas.ts";
import { alignedChunk, CHUNK, nextChunk, PAGE, PREV_INUSE } from "./chunk.ts";

/** Chunks that follow each other, from the first one's header to the end of the last, the top or fence posts. */
export interface Run extends Span {
  /** What malloc keeps in front of the chunks: heap_info, and in an arena's first heap malloc_state. Before `start`. */
  readonly infoBytes: number;
}

/** HEAP_MAX_SIZE is 64 MiB, or what hugetlb tunables make of it: heaps are aligned to it. */
const LEAST_HEAP_BITS = 20;
const MOST_HEAP_BITS = 34;
const MOST_HEAPS = 65_536;

/**
 * The heaps of a thread's arena, by address, from the one that has its top down to the first (malloc/arena.c, `new_heap`).
 * A heap that is damaged, and those before it, are left out.
 */
export function threadRuns(reader: MemoryReader, arena: Arena): Run[] {
  const runs: Run[] = [];
  let heap = lastHeap(reader, arena) ?? arena.base - arena.headerBytes;
  while (runs.length < MOST_HEAPS) {
    const bytes = reader.u64(heap + HEAP.size);
    if (reader.u64(heap + HEAP.arena) !== arena.base || !(bytes % PAGE === 0 && bytes <= 2 ** MOST_HEAP_BITS))
      break;
    const end = heap + bytes;
    const isFirst = heap + arena.headerBytes === arena.base;
    const start = isFirst ? firstChunk(reader, arena, end) : alignedChunk(heap + arena.headerBytes);
    runs.push({ start, end, infoBytes: start - heap });
    if (isFirst) break;
    heap = reader.u64(heap + HEAP.previous);
  }
  return runs.reverse();
}

/** The heap that has the arena's top: the nearest place of enough alignment below it that says so. */
function lastHeap(reader: MemoryReader, { base, top }: Arena): number | null {
  for (let bits = LEAST_HEAP_BITS; bits <= MOST_HEAP_BITS; bits += 1) {
    const heap = top - (top % 2 ** bits);
    const bytes = reader.u64(heap + HEAP.size);
    if (reader.u64(heap + HEAP.arena) === base && bytes % PAGE === 0 && top - heap < bytes) return heap;
  }
  return null;
}

/** Behind malloc_state, whose last fields differ between versions by up to 48 bytes. */
function firstChunk(reader: MemoryReader, { bins }: Arena, end: number): number {
  const least = alignedChunk(stateEnd(bins) + 16);
  for (let at = least; at < least + 6 * 16; at += 16)
    if (nextChunk(reader, at, end) !== null && reader.u64(at + CHUNK.size) % 2 === PREV_INUSE) return at;
  return least;
}
