import type { SizeClass, SmallArena } from "../runtimes/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import type { Heap } from "./read-heap.ts";
import type { DiagnoseTotals } from "./results/index.ts";

/** Types of what was freed, and sizes of blocks, that are named. */
const MOST_NAMED = 3;
const MOST_TYPES = 10;

/** How full the allocators' parts are, and what was where they are empty now, as a result has it. */
export function occupancyOf(heap: Heap): Pick<DiagnoseTotals, "sizeClasses" | "arenas" | "freedTypes"> {
  const sizeClasses = sizeClassesOf(heap.references.traits?.smallArenas() ?? []);
  return {
    sizeClasses,
    arenas: heap.arenas.map(({ allocator, kind, usedCount, usedBytes, freeBytes, topBytes, trimBytes }) => ({
      ...{ allocator, arena: kind, usedCount, usedBytes, freeBytes, topBytes, trimBytes },
    })),
    freedTypes: freedTypesOf(heap).slice(0, MOST_TYPES),
  };
}

/** `32 B (12.0 MiB free, 8 % in use), 512 B (…)`: blocks of which the most is free; empty where nothing is. */
export function describeSizes(arenas: readonly SmallArena[]): string {
  const free = ({ blockBytes, freeBlocks }: SizeClass) => blockBytes * freeBlocks;
  const sizes = sizeClassesOf(arenas)
    .filter((each) => free(each) > 0)
    .sort((a, b) => free(b) - free(a));
  return sizes
    .slice(0, MOST_NAMED)
    .map((each) => {
      const percent = (100 * each.usedBlocks) / (each.usedBlocks + each.freeBlocks);
      return `${each.blockBytes} B (${formatBytes(free(each))} free, ${percent.toFixed(0)} % in use)`;
    })
    .join(", ");
}

/** What was there at the peak, as far as freed blocks still show it: `120,000 builtins.dict (7.3 MiB)`; empty where none do. */
export function describeFreed(heap: Heap): string {
  return freedTypesOf(heap)
    .slice(0, MOST_NAMED)
    .map(({ type, count, bytes }) => `${formatCount(count)} ${type} (${formatBytes(bytes)})`)
    .join(", ");
}

function freedTypesOf({ found }: Heap): { type: string; count: number; bytes: number }[] {
  return found
    .totals()
    .map(({ name, freedCount, freedBytes }) => ({
      type: name,
      count: freedCount ?? 0,
      bytes: freedBytes ?? 0,
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.bytes - a.bytes || b.count - a.count);
}

/** Of all arenas, the smallest blocks first. */
function sizeClassesOf(arenas: readonly SmallArena[]): SizeClass[] {
  const sums = new Map<number, SizeClass>();
  for (const { blockBytes, pools, usedBlocks, freeBlocks } of arenas.flatMap((arena) => arena.sizeClasses)) {
    const sum = sums.get(blockBytes);
    sums.set(blockBytes, {
      blockBytes,
      pools: pools + (sum?.pools ?? 0),
      usedBlocks: usedBlocks + (sum?.usedBlocks ?? 0),
      freeBlocks: freeBlocks + (sum?.freeBlocks ?? 0),
    });
  }
  return [...sums.values()].sort((a, b) => a.blockBytes - b.blockBytes);
}
