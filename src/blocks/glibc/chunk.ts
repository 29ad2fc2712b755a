import type { MemoryReader } from "../reader.ts";

/**
 * struct malloc_chunk (glibc, malloc/malloc.c), 64-bit: mchunk_prev_size, mchunk_size with three flags in its low bits,
 * and then the user's bytes, which in a free chunk begin with the links fd and bk.
 */
export const CHUNK = { prevSize: 0, size: 8, fd: 16, bk: 24, user: 16 } as const;

export const PREV_INUSE = 1;
export const IS_MMAPPED = 2;
export const NON_MAIN_ARENA = 4;
const FLAGS = 8;

/** MALLOC_ALIGNMENT and MINSIZE. A chunk of 16 bytes is a fence post. */
export const ALIGNMENT = 16;
export const LEAST_CHUNK = 32;
export const PAGE = 4096;

/** The size of the chunk at the address, without its flags; NaN where that is not saved. */
export function chunkSize(reader: MemoryReader, chunk: number): number {
  const word = reader.u64(chunk + CHUNK.size);
  return word - (word % FLAGS);
}

/** Whether two fence posts stand at the address, which end a run where other memory follows (malloc/malloc.c, `sysmalloc`). */
export function isFence(reader: MemoryReader, chunk: number): boolean {
  return chunkSize(reader, chunk) === ALIGNMENT && chunkSize(reader, chunk + ALIGNMENT) === ALIGNMENT;
}

/** Where the chunk after this one begins; null where its header makes no sense in a heap that ends at `end`. */
export function nextChunk(reader: MemoryReader, chunk: number, end: number): number | null {
  const word = reader.u64(chunk + CHUNK.size);
  const size = word - (word % FLAGS);
  const isSane = size >= LEAST_CHUNK && size % ALIGNMENT === 0 && size <= end - chunk;
  return isSane && (word & IS_MMAPPED) === 0 ? chunk + size : null;
}

/** Whether `count` chunks follow each other from the address on, or as many as there are up to `end` exactly. */
export function isChain(reader: MemoryReader, first: number, end: number, count: number): boolean {
  let chunk = first;
  for (let seen = 0; seen < count && chunk < end; seen += 1) {
    const next = nextChunk(reader, chunk, end);
    if (next === null) return false;
    chunk = next;
  }
  return chunk > first;
}

/** The first place from the address on at which a chunk's user bytes are aligned. */
export function alignedChunk(at: number): number {
  return Math.ceil((at + CHUNK.user) / ALIGNMENT) * ALIGNMENT - CHUNK.user;
}
