import { MemoryReader } from "../../src/blocks/index.ts";
import type { Image } from "../../src/image/index.ts";
import { openPlan } from "../image/open-plan.ts";
import type { Memory } from "../runtimes/heap/memory.ts";

const FLAGS = { "rw-": 6, "r--": 4, "r-x": 5 } as const;

/** A core of that memory. */
export function imageOf(memory: Memory): Image {
  const sorted = [...memory.regions].sort((a, b) => a.start - b.start);
  return openPlan(
    sorted.map(({ start, data, permissions, savedBytes }) => ({
      type: 1,
      flags: FLAGS[permissions],
      start: BigInt(start),
      data: data.subarray(0, savedBytes),
      memoryBytes: BigInt(data.length),
    })),
  ).image;
}

export const readerOf = (memory: Memory): MemoryReader => new MemoryReader(imageOf(memory));
