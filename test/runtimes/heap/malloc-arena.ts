import type { Memory } from "./memory.ts";

/** struct malloc_state of glibc 2.27 to 2.42 (malloc/malloc.c): fastbinsY, top, bins, next, system_mem. */
const STATE = {
  fastbins: 16,
  top: 96,
  bins: 112,
  next: 2160,
  systemBytes: 2184,
  mostSystemBytes: 2192,
} as const;
const BINS = 127;
/** sizeof(struct malloc_state). */
export const STATE_BYTES = 2200;
const SMALLEST = 32;

/** An arena's own fields. */
export interface ArenaPlan {
  readonly top: number;
  /** The arena after it in the ring. */
  readonly next: number;
  readonly systemBytes: number;
  /** Headers of chunks in fastbins, all of one size, the first one first. */
  readonly fastChunks?: readonly number[];
}

/** Writes a malloc_state whose bins are all empty. */
export function putArena(
  memory: Memory,
  at: number,
  { top, next, systemBytes, fastChunks = [] }: ArenaPlan,
): void {
  memory.u64(at + STATE.top, top);
  for (let bin = 0; bin < BINS; bin += 1) {
    const head = at + STATE.bins + 16 * bin;
    memory.u64(head, head - 16);
    memory.u64(head + 8, head - 16);
  }
  memory.u64(at + STATE.next, next);
  memory.u64(at + STATE.systemBytes, systemBytes);
  memory.u64(at + STATE.mostSystemBytes, systemBytes);
  const [first] = fastChunks;
  if (first === undefined) return;
  const bytes = memory.readU64(first + 8) & ~7;
  memory.u64(at + STATE.fastbins + ((bytes - SMALLEST) / 16) * 8, first);
  fastChunks.forEach((chunk, index) => {
    memory.u64(chunk + 16, protect(chunk + 16, fastChunks[index + 1] ?? 0));
  });
}

/** PROTECT_PTR of malloc/malloc.c, from 2.32 on: a link is stored xored with where it lies, less 12 bits. */
function protect(place: number, link: number): bigint {
  return (BigInt(place) >> 12n) ^ BigInt(link);
}

/** Puts chunks, by their blocks' starts, into a cache: tcache_perthread_struct of 2.30 to 2.41, 64 counts of u16 and 64 heads. */
export function putCache(memory: Memory, struct: number, blocks: readonly number[]): void {
  const [first] = blocks;
  if (first === undefined) return;
  const bytes = memory.readU64(first - 8) & ~7;
  const bin = (bytes - SMALLEST) / 16;
  memory.u8(struct + 2 * bin, blocks.length);
  memory.u64(struct + 128 + 8 * bin, first);
  blocks.forEach((block, index) => {
    memory.u64(block, protect(block, blocks[index + 1] ?? 0));
  });
}
