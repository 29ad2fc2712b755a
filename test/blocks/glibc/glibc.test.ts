import { describe, expect, it } from "vitest";
import { breakAt, chunksOf } from "../../../src/blocks/glibc/glibc.ts";
import { type Glibc, mainStates, readGlibc, reservedSpans, wholeRun } from "../../../src/blocks/index.ts";
import { Memory } from "../../runtimes/heap/memory.ts";
import { imageOf, readerOf } from "../image-of.ts";
import {
  IS_MMAPPED,
  NON_MAIN_ARENA,
  PREV_INUSE,
  putChunks,
  putFence,
  putPar,
  putState,
} from "./put-malloc.ts";

const AT = 0x5555_0000_0000;
const BYTES = 0x2000;

function withRun() {
  const memory = new Memory();
  memory.map(AT, BYTES);
  return memory;
}

describe("chunks of a run", () => {
  const states = (memory: Memory, top: number, end: number) =>
    [...chunksOf(readerOf(memory), top, { start: AT, end })].map(({ chunk, bytes, state }) => [
      chunk - AT,
      bytes,
      state,
    ]);

  it("are free where the next one says so, and end with the top", () => {
    const memory = withRun();
    const top = putChunks(memory, AT, [0x290, 64, 32]);
    putChunks(memory, top, [BYTES - (top - AT)]);
    // The one behind the chunk of 64 bytes has no PREV_INUSE.
    memory.u64(AT + 0x290 + 64 + 8, 32);
    expect(states(memory, top, AT + BYTES)).toEqual([
      [0, 0x290, "in use"],
      [0x290, 64, "free"],
      [0x2d0, 32, "in use"],
      [0x2f0, BYTES - 0x2f0, "top"],
    ]);
  });

  it("may end with fence posts, or with a chunk that reaches to the end", () => {
    const memory = withRun();
    const fence = putChunks(memory, AT, [64, 96]);
    const end = putFence(memory, fence);
    expect(states(memory, 0, end)).toEqual([
      [0, 64, "in use"],
      [64, 96, "in use"],
      [160, 32, "fence"],
    ]);
    expect(states(memory, 0, fence)).toEqual([
      [0, 64, "in use"],
      // No header behind it says that it is in use: it is what is cut next.
      [64, 96, "free"],
    ]);
    // A free chunk before the first post: its own header says that what is before it is free.
    memory.u64(fence + 8, 16);
    expect(states(memory, 0, end)[1]).toEqual([64, 96, "free"]);
    // Of one post there are but 16 bytes.
    expect(states(memory, 0, fence + 16)[2]).toEqual([160, 16, "fence"]);
  });

  it("go on behind a damaged header where they follow each other again", () => {
    const memory = withRun();
    const damaged = putChunks(memory, AT, [64]);
    memory.u64(damaged + 8, 1000 | PREV_INUSE);
    const next = damaged + 0x100;
    const end = putChunks(memory, next, [32, 32, 48, 32, 32, 32, 64, 32, 32]);
    expect(states(memory, 0, end).slice(0, 3)).toEqual([
      [0, 64, "in use"],
      [64, 0x100, "damaged"],
      [64 + 0x100, 32, "in use"],
    ]);
  });
});

describe("behind a damaged header", () => {
  const resumed = (sizes: readonly number[], end: number | null = null) => {
    const memory = withRun();
    const behind = putChunks(memory, AT + 0x100, sizes);
    return breakAt(readerOf(memory), AT + 0x40, end ?? behind).next - AT;
  };

  it("eight chunks in a row are believed, and seven only where they end the run", () => {
    const chunks = (count: number) => Array.from({ length: count }, () => 48);
    expect(resumed(chunks(8), AT + BYTES)).toBe(0x100);
    expect(resumed(chunks(7), AT + BYTES)).toBe(BYTES);
    expect(resumed(chunks(7))).toBe(0x100);
    expect(resumed(chunks(2))).toBe(0x100);
  });

  it("one chunk alone is not believed, even where it ends the run", () => {
    expect(resumed([64])).toBe(0x100 + 64);
  });

  it("nothing is looked for past the end", () => {
    const memory = withRun();
    expect(breakAt(readerOf(memory), AT + 0x40, AT + 0x70).next).toBe(AT + 0x70);
    expect(breakAt(readerOf(memory), AT + 0x40, AT + 0x68).next).toBe(AT + 0x68);
  });

  it("the very next place is the first one looked at", () => {
    const memory = withRun();
    const end = putChunks(memory, AT + 0x50, [32, 32]);
    expect(breakAt(readerOf(memory), AT + 0x40, end).next).toBe(AT + 0x50);
  });
});

describe("fence posts", () => {
  const fenceOf = (memory: Memory, at: number, end: number) => {
    const { fence, next } = breakAt(readerOf(memory), at, end);
    return [fence - AT, next - AT];
  };

  it("that end a run are shorter than any chunk", () => {
    const memory = withRun();
    for (const [size, end] of [
      [1, 32],
      [16 | 1, 32],
      [32 | 1, 0],
      [48, 0],
    ] as const) {
      memory.u64(AT + 8, size);
      expect(fenceOf(memory, AT, AT + 32), String(size)).toEqual([end, 32]);
    }
    memory.u64(AT + 8, 16);
    expect(fenceOf(memory, AT, AT + 16)).toEqual([16, 16]);
    expect(breakAt(readerOf(memory), AT + BYTES, AT + BYTES + 32).fence).toBe(AT + BYTES);
  });

  it("are two where chunks go on behind them, after the memory of others", () => {
    const memory = withRun();
    const fence = putChunks(memory, AT, [64]);
    putFence(memory, fence);
    const end = putChunks(memory, AT + 0x1000, [32, 48, 64]);
    expect(fenceOf(memory, fence, end)).toEqual([0x60, 0x1000]);
    const states = [...chunksOf(readerOf(memory), 0, { start: AT, end })];
    expect(states.map(({ chunk, bytes, state }) => [chunk - AT, bytes, state])).toEqual([
      [0, 64, "in use"],
      [64, 32, "fence"],
      [96, 0x1000 - 96, "foreign"],
      [0x1000, 32, "in use"],
      [0x1020, 48, "in use"],
      [0x1050, 64, "free"],
    ]);
    // One alone is a damaged header.
    memory.u64(fence + 16 + 8, 33);
    expect(fenceOf(memory, fence, end)).toEqual([64, 0x1000]);
  });
});

describe("all of malloc", () => {
  const DATA = 0x7f00_0010_0000;
  const BASE = DATA + 0x1000;
  const HEAP = 0x7f00_0400_0000;
  const HEAP_BYTES = 0x8000;
  const TLS = 0x7f00_3000_0000;
  const MAPPED = 0x7f00_5000_0000;
  const HEADER = 48;
  const first = HEAP + 0x8d0;

  /** A main heap, a thread's arena, and the thread with its cache, which holds a chunk of 32 bytes. */
  function process({ isKnown = true, next = HEAP + HEADER, savedBytes = HEAP_BYTES } = {}) {
    const memory = new Memory();
    memory.map(DATA, 0x1_0000);
    memory.map(AT, BYTES);
    memory.map(HEAP, HEAP_BYTES, { savedBytes });
    memory.map(TLS, 0x2000);
    memory.map(MAPPED, 0x3000);
    const top = putChunks(memory, AT, [0x290, 32, 64]);
    putChunks(memory, top, [AT + BYTES - top]);
    memory.u64(AT + 16 + 128, AT + 0x290 + 16);
    memory.u8(AT + 16, 1);
    memory.u64(AT + 0x290 + 16, Math.floor((AT + 0x290) / 4096));
    putState(memory, BASE, { top, next, systemBytes: BYTES });
    putPar(memory, BASE - 0x100, { sbrkBase: AT });
    memory.u64(HEAP, HEAP + HEADER);
    memory.u64(HEAP + 16, HEAP_BYTES);
    const threadTop = putChunks(memory, first, [0x290, 48], PREV_INUSE | NON_MAIN_ARENA);
    putChunks(memory, threadTop, [HEAP + HEAP_BYTES - threadTop]);
    putState(memory, HEAP + HEADER, { top: threadTop, next: BASE, systemBytes: HEAP_BYTES });
    memory.u64(MAPPED + 8, 0x3000 | IS_MMAPPED);
    // fs_base leads to itself, and the thread's `tcache` lies below it.
    memory.u64(TLS + 0x1000, isKnown ? TLS + 0x1000 : 0);
    memory.u64(TLS + 0xf00, AT + 16);
    return { memory, top, threadTop };
  }

  const read = (memory: Memory, threadPointers: readonly (number | null)[] = [TLS + 0x1000]): Glibc => {
    const statics = [{ start: DATA, end: DATA + 0x1_0000 }];
    return readGlibc(
      imageOf(memory),
      readerOf(memory),
      { statics, isOther: () => false, threadPointers },
      (isTaken) => {
        expect([DATA, AT, AT + BYTES - 1, first].every(isTaken)).toBe(true);
        expect([AT - 1, AT + BYTES, HEAP - 1, MAPPED, TLS].some(isTaken)).toBe(false);
        return [{ start: MAPPED, end: MAPPED + 0x3000, chunk: MAPPED }];
      },
    );
  };

  it("is arenas with their runs, mapped chunks, and what threads' caches hold", () => {
    const { memory, top, threadTop } = process();
    const found = read(memory);
    expect(found).toMatchObject({
      arenas: [
        { base: BASE, top, runs: [{ start: AT, end: AT + BYTES, infoBytes: 0 }] },
        {
          base: HEAP + HEADER,
          top: threadTop,
          runs: [{ start: first, end: HEAP + HEAP_BYTES, infoBytes: 0x8d0 }],
        },
      ],
      guessed: [],
      mapped: [{ chunk: MAPPED }],
      cached: { tcache: [AT + 0x290], fastbins: [], structs: [AT], brokenLists: 0 },
    });
  });

  it("finds caches by their sizes where a thread's pointer leads to no thread", () => {
    for (const [options, pointers] of [
      [{ isKnown: false }, undefined],
      [{}, [null]],
      [{}, []],
    ] as const)
      expect(read(process(options).memory, pointers).cached).toMatchObject({
        structs: [AT],
        tcache: [AT + 0x290],
      });
  });

  it("knows a thread's cache that is empty by the thread alone", () => {
    for (const [isKnown, structs] of [
      [true, [AT]],
      [false, []],
    ] as const) {
      const { memory } = process({ isKnown });
      memory.u8(AT + 16, 0);
      memory.u64(AT + 16 + 128, 0);
      expect(read(memory).cached.structs).toEqual(structs);
    }
  });

  it("guesses runs by their form where the ring of arenas does not close", () => {
    const { memory } = process({ next: 0x7f00_6000_0000 });
    const found = read(memory);
    expect(found.arenas).toEqual([]);
    const starts = found.guessed.map(({ start, infoBytes }) => [start, infoBytes]);
    expect(starts).toEqual([
      [AT, 0],
      [first, 0],
    ]);
  });

  it("has runs as far as they are saved, and none of which nothing is", () => {
    const runs = (savedBytes: number) => read(process({ savedBytes }).memory).arenas[1]?.runs;
    expect(runs(0x3000)).toEqual([{ start: first, end: HEAP + 0x3000, infoBytes: 0x8d0 }]);
  });

  it("knows the main arena's state up to the end of its bins, and what heaps of threads have reserved", () => {
    const found = read(process().memory);
    expect(mainStates(found)).toEqual([{ start: BASE, end: BASE + 112 + 127 * 16 }]);
    expect(reservedSpans(found)).toEqual([{ start: HEAP + HEAP_BYTES, end: HEAP + 2 ** 26 }]);
    expect(found.arenas[1]?.runs.map(wholeRun)).toEqual([{ start: HEAP, end: HEAP + HEAP_BYTES }]);
  });
});
