import { blocksHeldBy, type Owners } from "../heap/index.ts";
import type { BalanceParts } from "../runtimes/index.ts";
import { untouchedBytes } from "./coverage.ts";
import type { Heap } from "./read-heap.ts";

/** What the process's memory is, in bytes: the first five and `returnable`, which is in `free`, are told on the screen. */
export interface MemoryParts {
  /** Less what was only reserved: the sum of `live` to `other`. */
  readonly memory: number;
  readonly live: number;
  readonly native: number;
  readonly garbage: number;
  readonly free: number;
  readonly other: number;
  readonly returnable: number;
}

/** What the memory of a process is, garbage told from what lives. */
export function memoryParts(
  { tree, graph, found, arenas }: Heap,
  { garbage, garbageBlockBytes }: Owners,
): MemoryParts {
  const { parts } = found.balance;
  const memory = processBytes(found);
  const blocks = parts.objectBlocks + parts.tables + parts.internTable;
  const dead = Math.min(garbage.bytes, blocks);
  const held = Math.min(
    parts.otherBlocks + parts.mapped,
    blocksHeldBy(tree, graph.nodes).bytes - garbageBlockBytes,
  );
  const free = freeBytes(parts);
  const [live, native] = [blocks - dead, held];
  return {
    ...{ memory, live, native, garbage: dead + garbageBlockBytes, free },
    other: memory - live - native - dead - garbageBlockBytes - free,
    returnable: Math.min(
      free,
      arenas.reduce((sum, { trimBytes }) => sum + trimBytes, 0),
    ),
  };
}

/** What is free, and kept by the allocators. */
export function freeBytes(parts: BalanceParts): number {
  return (
    parts.freedBlocks +
    parts.uncarved +
    parts.freePools +
    parts.unusedArenas +
    parts.mimallocFreed +
    parts.mimallocFree +
    parts.mallocCached +
    parts.mallocFree +
    parts.mallocTop
  );
}

/** What stacks go by among what is compared with an earlier core. */
export const STACKS = "<stacks>";

/** Bytes of stacks of threads, and of what waits: as far as they were touched. */
export function stackBytes({ balance: { parts } }: Heap["found"]): number {
  return parts.stacks + parts.dataStacks;
}

/** Bytes of a process's memory: what is saved, less what was only reserved. */
export function processBytes({ balance: { saved, parts } }: Heap["found"]): number {
  return saved - untouchedBytes(parts);
}
