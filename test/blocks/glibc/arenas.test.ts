import { describe, expect, it } from "vitest";
import { findArenas, stateEnd, systemBytes } from "../../../src/blocks/glibc/arenas.ts";
import { Memory } from "../../runtimes/heap/memory.ts";
import { readerOf } from "../image-of.ts";
import { putState } from "./put-malloc.ts";

/** libc's data, at no page's start; and a heap of a thread's arena. */
const DATA = 0x7f00_0010_0000;
const MAIN = DATA + 0x340;
const HEAP = 0x7f00_0400_0000;
const TOP = 0x5555_0000_1000;

function withData(bytes = 0x2_0000) {
  const memory = new Memory();
  memory.map(DATA, bytes);
  return memory;
}

/** heap_info with the arena's state behind it. */
function putHeap(
  memory: Memory,
  at: number,
  next: number,
  { header = 48, lead = 112, bytes = 0x21000 } = {},
) {
  memory.map(at, 0x21000);
  memory.u64(at, at + header);
  memory.u64(at + 16, bytes);
  putState(memory, at + header, { top: at + 0x1000, next, lead });
  return at + header;
}

const find = (memory: Memory, bytes = 0x2_0000) =>
  findArenas(readerOf(memory), [{ start: DATA, end: DATA + bytes }]);

describe("the main arena", () => {
  it.each([
    ["of 2.27 to 2.42", 112, true],
    ["up to 2.26", 104, true],
    ["of 2.43, without fastbins", 24, false],
  ])("%s is found by its 127 heads, and points to itself where it is alone", (_, lead, hasFastbins) => {
    const memory = withData();
    const bins = putState(memory, MAIN, { top: TOP, lead });
    expect(find(memory)).toEqual({
      all: [{ base: MAIN, bins, top: TOP, next: MAIN, isMain: true, headerBytes: 0, hasFastbins }],
      isComplete: true,
    });
  });

  it.each([0, 126])("is none with 126 heads in a row, without that of list %i", (bin) => {
    const memory = withData();
    const bins = putState(memory, MAIN, { top: TOP });
    memory.u64(bins + 16 * bin, 0);
    memory.u64(bins + 16 * bin + 8, 0);
    expect(find(memory)).toEqual({ all: [], isComplete: false });
  });

  it("is found where its lists lead to chunks that lead back, and not where one does not", () => {
    const memory = withData();
    const bins = putState(memory, MAIN, { top: TOP });
    memory.map(TOP, 0x1000);
    const heads = [0, 1, 2, 60, 126].map((bin) => bins + 16 * bin);
    heads.forEach((head, index) => {
      const [first, last] = [TOP + 0x100 * index, TOP + 0x100 * index + 0x80];
      memory.u64(head, first);
      memory.u64(head + 8, last);
      memory.u64(first + 24, head - 16);
      memory.u64(last + 16, head - 16);
    });
    expect(find(memory).all).toMatchObject([{ base: MAIN, bins }]);
    // Two lists that threads were changing are borne, a third is not.
    const tear = (bin: number) => memory.u64(bins + 16 * bin, bins + 16 * bin - 16);
    const lead = (bin: number) => memory.u64(bins + 16 * bin + 8, TOP + 0x800);
    lead(20);
    expect(find(memory).all).toHaveLength(1);
    tear(60);
    expect(find(memory).all).toHaveLength(1);
    lead(100);
    expect(find(memory).all).toEqual([]);
  });

  it("bears no torn list with another next to it", () => {
    const memory = withData();
    const bins = putState(memory, MAIN, { top: TOP });
    for (const bin of [40, 41]) memory.u64(bins + 16 * bin, TOP);
    expect(find(memory).all).toEqual([]);
  });

  it("is none where a list leads one way to a chunk that leads back and the other to what does not", () => {
    for (const broken of [24, 16]) {
      const memory = withData();
      const bins = putState(memory, MAIN, { top: TOP });
      memory.map(TOP, 0x1000);
      for (const bin of [5, 50, 100]) {
        const head = bins + 16 * bin;
        memory.u64(head, TOP);
        memory.u64(head + 8, TOP + 0x80);
        if (broken !== 24) memory.u64(TOP + 24, head - 16);
        if (broken !== 16) memory.u64(TOP + 0x80 + 16, head - 16);
      }
      expect(find(memory).all, String(broken)).toEqual([]);
    }
  });

  it("is found behind the first 64 KiB of the data, and across that border", () => {
    for (const base of [DATA + 0x1_2340, DATA + 0xfc40]) {
      const memory = withData();
      putState(memory, base, { top: TOP });
      expect(find(memory).all).toMatchObject([{ base, isMain: true }]);
    }
  });

  it("is found in each of two libcs", () => {
    const memory = withData();
    putState(memory, MAIN, { top: TOP });
    putState(memory, MAIN + 0x4000, { top: TOP + 64 });
    expect(find(memory)).toMatchObject({
      all: [{ base: MAIN }, { base: MAIN + 0x4000, top: TOP + 64 }],
      isComplete: true,
    });
  });

  it("is none where nothing is saved, nor where there are only zeros", () => {
    expect(find(new Memory().map(HEAP, 4096) && withData(64))).toEqual({ all: [], isComplete: false });
    expect(findArenas(readerOf(withData()), [{ start: HEAP, end: HEAP + 4096 }]).all).toEqual([]);
  });
});

describe("threads' arenas", () => {
  it.each([
    [48, 112],
    [32, 104],
    [48, 24],
  ])(
    "are found along the ring, behind a heap_info of %i bytes, %i in front of their bins",
    (header, lead) => {
      const memory = withData();
      const [second, first] = [HEAP + 0x400_0000, HEAP];
      putHeap(memory, second, first + header, { header, lead });
      putHeap(memory, first, MAIN, { header, lead });
      putState(memory, MAIN, { top: TOP, next: second + header, lead });
      const found = find(memory);
      expect(found.isComplete).toBe(true);
      expect(found.all.map(({ base, isMain, headerBytes }) => [base, isMain, headerBytes])).toEqual([
        [MAIN, true, 0],
        [first + header, false, header],
        [second + header, false, header],
      ]);
    },
  );

  it("are not all there where the ring leads to what is not saved", () => {
    const memory = withData();
    putState(memory, MAIN, { top: TOP, next: HEAP + 48 });
    expect(find(memory).isComplete).toBe(false);
    // Without another arena nothing says how far the bins are from the state's beginning.
    expect(find(memory).all).toEqual([]);
    putHeap(memory, HEAP, HEAP + 0x800_0000);
    expect(find(memory)).toMatchObject({ all: [{ base: MAIN }, { base: HEAP + 48 }], isComplete: false });
  });

  it.each([0, 0x800, 0x21008])("have no heap whose heap_info says %i bytes", (bytes) => {
    const memory = withData();
    putHeap(memory, HEAP, MAIN, { bytes });
    putState(memory, MAIN, { top: TOP, next: HEAP + 48 });
    expect(find(memory).all.filter(({ isMain }) => !isMain)).toEqual([]);
  });

  it("have a heap of one page at least", () => {
    const memory = withData();
    putHeap(memory, HEAP, MAIN, { bytes: 4096 });
    putState(memory, MAIN, { top: TOP, next: HEAP + 48 });
    expect(find(memory).all).toMatchObject([{ isMain: true }, { base: HEAP + 48, isMain: false }]);
  });
});

describe("system_mem", () => {
  const state = (words: readonly number[]) => {
    const memory = withData();
    const bins = putState(memory, MAIN, { top: TOP });
    words.forEach((word, index) => {
      memory.u64(stateEnd(bins) + 8 * index, word);
    });
    return (expected: number) => systemBytes(readerOf(memory), bins, expected);
  };

  it("is what is expected, at any of three places with as much or more behind it", () => {
    expect(state([0x21000, 0x21000, 0, 0])(0x21000)).toBe(0x21000);
    expect(state([1, 0x21000, 0x21000, 0])(0x21000)).toBe(0x21000);
    expect(state([1, 2, 0x21000, 0x42000])(0x21000)).toBe(0x21000);
    // A place too far, and one that had more than ever.
    expect(state([1, 0, 0, 0x21000])(0x21000)).toBeNull();
    expect(state([0x21000, 0x20000, 0, 0])(0x21000)).toBeNull();
  });

  it("is else the first sane number: whole words, more than a page", () => {
    expect(state([0x21000, 0x21000, 0x42000, 0x42000])(64)).toBe(0x21000);
    expect(state([0x1008, 0x1008, 0, 0])(64)).toBe(0x1008);
    for (const bytes of [0, 0x1000, 0x1001, 0x100c]) expect(state([bytes, bytes, 0, 0])(64)).toBeNull();
    expect(state([0x21000, 2 ** 47, 0, 0])(64)).toBeNull();
  });
});
