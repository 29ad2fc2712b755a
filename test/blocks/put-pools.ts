import type { Memory } from "../runtimes/heap/memory.ts";

export const SMALL_POOL = 4096;
export const LARGE_POOL = 16_384;
const HEADER = 48;

/** struct pool_header (CPython, Objects/obmalloc.c). */
export interface PoolPlan {
  readonly pool: number;
  /** Up to 3.9, and since. */
  readonly poolBytes?: number;
  /** Of a block; multiples of 16, or of 8 up to 3.7. */
  readonly block: number;
  readonly alignment?: 8 | 16;
  /** How many blocks were ever handed out. */
  readonly carved: number;
  /** Those of them that are free, by their numbers, the one to be taken next first. */
  readonly free?: readonly number[];
  readonly arena?: number;
}

/** Writes a pool's header and its list of free blocks. */
export function putPool(memory: Memory, plan: PoolPlan): void {
  const { pool, poolBytes = LARGE_POOL, block, alignment = 16, carved, free = [], arena = 0 } = plan;
  const at = (index: number | undefined) => (index === undefined ? 0 : pool + HEADER + block * index);
  memory.u32(pool, carved - free.length);
  memory.u64(pool + 8, at(free[0]));
  memory.u32(pool + 32, arena);
  memory.u32(pool + 36, block / alignment - 1);
  memory.u32(pool + 40, HEADER + block * carved);
  memory.u32(pool + 44, poolBytes - block);
  free.forEach((index, place) => {
    memory.u64(at(index), at(free[place + 1]));
  });
}

/** struct arena_object: where the arena is, and how many pools it has. */
export function putArenaObject(
  memory: Memory,
  table: number,
  index: number,
  plan: { readonly address: number; readonly pools?: number; readonly freePools?: number },
): void {
  const at = table + 48 * index;
  memory.u64(at, plan.address);
  memory.u32(at + 16, plan.freePools ?? 0);
  memory.u32(at + 20, plan.pools ?? 64);
}
