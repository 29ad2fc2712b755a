import type { Memory } from "../../runtimes/heap/memory.ts";

/** Low bits of a chunk's size (glibc malloc/malloc.c). */
export const PREV_INUSE = 1;
export const IS_MMAPPED = 2;
export const NON_MAIN_ARENA = 4;

const BINS = 127;
/** From a list's head to the chunk that it poses as: fd and bk stand behind prev_size and size. */
const POSE = 16;

/** What of a malloc_state differs between processes, and between versions of glibc. */
export interface StatePlan {
  readonly top: number;
  /** The arena after it in the ring; itself unless given. */
  readonly next?: number;
  readonly systemBytes?: number;
  readonly mostSystemBytes?: number;
  /** Bytes in front of the bins: 112 from 2.27 to 2.42, 104 before, 24 from 2.43 on. */
  readonly lead?: number;
  /** Words between next_free and system_mem: attached_threads, from 2.23 on. */
  readonly between?: number;
}

/** Writes a malloc_state all of whose lists are empty. Returns where its bins are. */
export function putState(memory: Memory, base: number, plan: StatePlan): number {
  const { top, next = base, systemBytes = 0, lead = 112, between = 1 } = plan;
  const bins = base + lead;
  memory.u64(bins - 16, top);
  for (let bin = 0; bin < BINS; bin += 1) {
    const head = bins + 16 * bin;
    memory.u64(head, head - POSE);
    memory.u64(head + 8, head - POSE);
  }
  // The bins, the binmap, next and next_free.
  const behind = bins + 16 * BINS + 16;
  memory.u64(behind, next);
  const system = behind + 16 + 8 * between;
  memory.u64(system, systemBytes);
  memory.u64(system + 8, plan.mostSystemBytes ?? systemBytes);
  return bins;
}

/** Writes the size words of chunks that follow each other, all of them in use. Returns where they end. */
export function putChunks(
  memory: Memory,
  from: number,
  sizes: readonly number[],
  flags = PREV_INUSE,
): number {
  let at = from;
  for (const size of sizes) {
    memory.u64(at + 8, size | flags);
    at += size;
  }
  return at;
}

/** Two chunks of 16 bytes, which end a run (`sysmalloc`). Returns where they end. */
export const putFence = (memory: Memory, at: number): number => putChunks(memory, at, [16, 16], PREV_INUSE);

/** The end of malloc_par (malloc/malloc.c), from n_mmaps to sbrk_base. */
export interface ParPlan {
  readonly sbrkBase: number;
  readonly mapped?: number;
  readonly mostMapped?: number;
  readonly bytes?: number;
  readonly mostBytes?: number;
  /** n_mmaps_max. */
  readonly limit?: number;
  readonly isFixed?: number;
  /** From 2.35 on five int stand there, hp_flags before these four, and 4 bytes of padding behind them. */
  readonly padding?: 0 | 4;
  /** max_total_mem, before 2.24. */
  readonly hasTotal?: boolean;
}

export function putPar(memory: Memory, at: number, plan: ParPlan): void {
  const { padding = 0, mapped = 0, bytes = 0, hasTotal = false } = plan;
  [mapped, plan.limit ?? 65_536, plan.mostMapped ?? mapped, plan.isFixed ?? 0].forEach((word, index) => {
    memory.u32(at + padding + 4 * index, word);
  });
  const behind = at + 16 + 2 * padding;
  memory.u64(behind, bytes);
  memory.u64(behind + 8, plan.mostBytes ?? bytes);
  memory.u64(behind + 16 + (hasTotal ? 8 : 0), plan.sbrkBase);
}
