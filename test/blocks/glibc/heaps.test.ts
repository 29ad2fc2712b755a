import { expect, it } from "vitest";
import type { Arena } from "../../../src/blocks/glibc/arenas.ts";
import { threadRuns } from "../../../src/blocks/glibc/heaps.ts";
import { Memory } from "../../runtimes/heap/memory.ts";
import { readerOf } from "../image-of.ts";
import { NON_MAIN_ARENA, PREV_INUSE, putChunks, putState } from "./put-malloc.ts";

const HEAP_MAX = 2 ** 26;
const FIRST = 0x7f00_0400_0000;
const BYTES = 0x21000;
/** heap_info and malloc_state of 2.35 to 2.42. */
const HEADER = 48;
const STATE_BYTES = 2200;
const FLAGS = PREV_INUSE | NON_MAIN_ARENA;

interface HeapPlan {
  readonly arena?: number;
  readonly previous?: number;
  readonly bytes?: number;
}

function putHeapInfo(memory: Memory, at: number, { arena = FIRST + HEADER, ...rest }: HeapPlan = {}) {
  memory.map(at, BYTES);
  memory.u64(at, arena);
  memory.u64(at + 8, rest.previous ?? 0);
  memory.u64(at + 16, rest.bytes ?? BYTES);
}

/** The first heap with its state, whose chunks begin where that ends. */
function putFirst(memory: Memory, top: number, behindState = HEADER + STATE_BYTES): Arena {
  putHeapInfo(memory, FIRST);
  const base = FIRST + HEADER;
  const bins = putState(memory, base, { top, lead: 112 });
  const first = Math.ceil((FIRST + behindState) / 16) * 16;
  putChunks(memory, first, [0x290, 64, FIRST + BYTES - first - 0x290 - 64], FLAGS);
  return { base, bins, top, next: 0, isMain: false, headerBytes: HEADER, hasFastbins: true };
}

it("begins an arena's first heap behind its state, up to where heap_info says", () => {
  const memory = new Memory();
  const arena = putFirst(memory, FIRST + 0x1000);
  const start = FIRST + 0x8d0;
  expect(threadRuns(readerOf(memory), arena)).toEqual([
    { start, end: FIRST + BYTES, infoBytes: start - FIRST },
  ]);
});

it("finds the first chunk where the state is longer than it is known to be, by its header", () => {
  for (const more of [0, 16, 48]) {
    const memory = new Memory();
    const arena = putFirst(memory, FIRST + 0x1000, HEADER + STATE_BYTES + more);
    const start = FIRST + 0x8d0 + more;
    expect(threadRuns(readerOf(memory), arena)).toMatchObject([{ start, infoBytes: start - FIRST }]);
  }
});

it("begins behind the least state where no header is right near it", () => {
  const memory = new Memory();
  // 96 bytes behind the least state is too far.
  const arena = putFirst(memory, FIRST + 0x1000, 0x8c0 + 96);
  // The first chunk has no chunk before it that could be free.
  memory.u64(FIRST + 0x8c0 + 16 + 8, 64);
  expect(threadRuns(readerOf(memory), arena)).toMatchObject([{ start: FIRST + 0x8c0 }]);
});

it("finds all heaps from the one that has the top, whose chunks begin behind heap_info", () => {
  const memory = new Memory();
  const [second, third] = [FIRST + HEAP_MAX, FIRST + 3 * HEAP_MAX];
  const arena = putFirst(memory, third + 0x2000);
  putHeapInfo(memory, third, { previous: second, bytes: 0x3000 });
  putHeapInfo(memory, second, { previous: FIRST, bytes: 0x5000 });
  expect(threadRuns(readerOf(memory), arena)).toEqual([
    { start: FIRST + 0x8d0, end: FIRST + BYTES, infoBytes: 0x8d0 },
    { start: second + HEADER, end: second + 0x5000, infoBytes: HEADER },
    { start: third + HEADER, end: third + 0x3000, infoBytes: HEADER },
  ]);
});

it.each([20, 21, 30, 34])("finds heaps that are aligned to 2^%i bytes", (bits) => {
  const memory = new Memory();
  const last = Math.ceil((FIRST + 1) / 2 ** bits) * 2 ** bits;
  const arena = putFirst(memory, last + 0x2000);
  putHeapInfo(memory, last, { previous: FIRST });
  expect(threadRuns(readerOf(memory), arena).map(({ end }) => end)).toEqual([FIRST + BYTES, last + BYTES]);
});

it("takes no heap for the one with the top that is another arena's or ends before it", () => {
  for (const plan of [{ arena: FIRST + 64 }, { bytes: 0x2000 }, { bytes: 0x2ff8 }]) {
    const memory = new Memory();
    const last = FIRST + HEAP_MAX;
    const arena = putFirst(memory, last + 0x2000);
    putHeapInfo(memory, last, { previous: FIRST, ...plan });
    expect(threadRuns(readerOf(memory), arena)).toMatchObject([{ start: FIRST + 0x8d0 }]);
  }
});

it.each([
  ["is another arena's", { arena: FIRST + 64 }],
  ["has no whole pages", { bytes: 0x2008 }],
  ["is longer than any", { bytes: 2 ** 34 + 4096 }],
])("leaves out a heap that %s, and those before it", (_, plan) => {
  const memory = new Memory();
  const [second, third] = [FIRST + HEAP_MAX, FIRST + 2 * HEAP_MAX];
  const arena = putFirst(memory, third + 0x2000);
  putHeapInfo(memory, third, { previous: second });
  putHeapInfo(memory, second, { previous: FIRST, ...plan });
  expect(threadRuns(readerOf(memory), arena)).toMatchObject([{ start: third + HEADER }]);
});

it("bears heaps that name each other as the one before", () => {
  const memory = new Memory();
  const second = FIRST + HEAP_MAX;
  const arena = putFirst(memory, second + 0x2000);
  putHeapInfo(memory, second, { previous: second });
  expect(threadRuns(readerOf(memory), arena)).toHaveLength(65_536);
});
