import type { Memory } from "../../runtimes/heap/memory.ts";

/** Which mimalloc: that of CPython 3.13, or that of 3.14 and later. */
export type Release = "2.1" | "2.2";

/** A page of a segment: blocks of one size, by number what is free, and in which list. */
export interface PagePlan {
  readonly slices?: number;
  readonly block: number;
  readonly capacity: number;
  readonly tag: number;
  /** To be handed out next, freed by the page's own thread, freed by others. */
  readonly free?: readonly [readonly number[], readonly number[], readonly number[]];
  /** As the page has it, if not as it should be. */
  readonly used?: number;
}

export const SEGMENT_BYTES = 2 ** 25;
const SLICE_BYTES = 2 ** 16;
const SLICES = 512;

/**
 * Offsets in mi_segment_t and mi_page_t as offsetof gives them for CPython's headers (Include/internal/mimalloc/mimalloc/types.h
 * with Py_GIL_DISABLED): 3.13.0; 3.14.10, and 3.15.2, which is the same.
 */
const RELEASES = {
  "2.1": {
    segment: { cookie: 216, slices: 224, info: 232, entriesInUse: 248, thread: 256, entries: 264 },
    page: { bytes: 96, used: 24, block: 28, localFree: 32, threadFree: 40 },
  },
  "2.2": {
    segment: { cookie: 224, slices: 248, info: 256, entriesInUse: 272, thread: 280, entries: 288 },
    page: { bytes: 112, used: 32, block: 40, localFree: 24, threadFree: 56, tag: 35, start: 48 },
  },
} as const;

const SECRET = 0x1234_5678_9abc_def0n;

/** Maps the first slices of a segment of a thread with those pages, one behind the other. Returns where the blocks of each begin. */
export function putSegment(
  memory: Memory,
  at: number,
  release: Release,
  pages: readonly PagePlan[],
  { thread = 0x7f00_0000_1000, mappedSlices = 12, isMapped = false } = {},
): number[] {
  const { segment, page: fields } = RELEASES[release];
  if (!isMapped) memory.map(at, mappedSlices * SLICE_BYTES);
  memory.u64(at + segment.cookie, BigInt(at) ^ SECRET);
  memory.u64(at + segment.slices, SLICES);
  memory.u64(at + segment.info, 1);
  memory.u64(at + segment.entriesInUse, SLICES);
  memory.u64(at + segment.thread, thread);
  const entryOf = (slice: number) => at + segment.entries + slice * fields.bytes;
  memory.u32(entryOf(0), 1);
  let slice = 1;
  const starts = pages.map((page) => {
    const start = putPage(memory, release, entryOf(slice), at + slice * SLICE_BYTES, page);
    slice += page.slices ?? 1;
    return start;
  });
  // What is left is one run of free slices.
  memory.u32(entryOf(slice), SLICES - slice);
  return starts;
}

function putPage(memory: Memory, release: Release, entry: number, area: number, plan: PagePlan): number {
  const { page: fields } = RELEASES[release];
  const { block, capacity, tag, free = [[], [], []], slices = 1 } = plan;
  // Up to 2.1 small blocks begin further in, from 2.2 on a word says where.
  const lead = "start" in fields ? 0 : block <= 64 ? 3 * block : block <= 512 ? block : 0;
  const start = area + lead;
  memory.u32(entry, slices);
  memory.u32(entry + 8, "tag" in fields ? capacity * 2 ** 16 : (tag << 3) + capacity * 2 ** 16);
  memory.u32(entry + 12, capacity);
  const used = plan.used ?? capacity - free[0].length - free[1].length;
  memory.u32(entry + fields.used, used);
  if ("start" in fields) {
    memory.u64(entry + fields.block, block);
    memory.u64(entry + fields.start, start);
    memory.u8(entry + fields.tag, tag);
  } else memory.u32(entry + fields.block, block);
  const list = (numbers: readonly number[]) => {
    numbers.forEach((number, index) => {
      const next = numbers[index + 1];
      memory.u64(start + number * block, next === undefined ? 0 : start + next * block);
    });
    return numbers[0] === undefined ? 0 : start + numbers[0] * block;
  };
  memory.u64(entry + 16, list(free[0]));
  memory.u64(entry + fields.localFree, list(free[1]));
  // Two bits of flags: MI_NO_DELAYED_FREE.
  memory.u64(entry + fields.threadFree, list(free[2]) + 2);
  return start;
}
