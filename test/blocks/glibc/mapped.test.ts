import { describe, expect, it } from "vitest";
import { findMappedChunks, isMappedSize, mappedChunkAt } from "../../../src/blocks/glibc/mapped.ts";
import { writableSpans } from "../../../src/blocks/index.ts";
import { PAGES } from "../../../src/kernel/index.ts";
import { Memory } from "../../runtimes/heap/memory.ts";
import { imageOf, readerOf } from "../image-of.ts";
import { surveyOf } from "../survey-of.ts";
import { IS_MMAPPED } from "./put-malloc.ts";

const PAGE = 4096;
const AT = 0x7f00_1000_0000;

/** Memory with a chunk that says it has that many bytes at AT, and room for the headers of aligned ones. */
function withChunk(size: number, bytes = 0x5_0000, at = AT) {
  const memory = new Memory();
  memory.map(at, bytes);
  memory.u64(at + 8, size + IS_MMAPPED);
  return memory;
}

/** The header that `_int_memalign` leaves in front of aligned bytes. */
function putAligned(memory: Memory, lead: number, size: number, at = AT) {
  memory.u64(at + lead, lead);
  memory.u64(at + lead + 8, size + IS_MMAPPED);
}

describe("a chunk that malloc mapped on its own", () => {
  it("begins its mapping, and has whole pages, or 16 bytes less", () => {
    const at = (size: number) => mappedChunkAt(readerOf(withChunk(size)), AT);
    expect(at(0x3000)).toEqual({ start: AT, end: AT + 0x3000, chunk: AT });
    expect(at(0x2ff0)).toEqual({ start: AT, end: AT + 0x3000, chunk: AT });
    expect(at(0x1000)).toEqual({ start: AT, end: AT + 0x1000, chunk: AT });
    expect(at(0xff0)).toEqual({ start: AT, end: AT + 0x1000, chunk: AT });
    for (const size of [0, 0x10, 0x2fe0, 0x3010, 0x3800]) expect(at(size), String(size)).toBeNull();
  });

  it("has no other flag, and nothing before it", () => {
    for (const flags of [0, 1, 3, 4, 6]) expect(isMappedSize(0x3000 | flags), String(flags)).toBe(false);
    expect(isMappedSize(0x3002)).toBe(true);
    const memory = withChunk(0x3000);
    memory.u64(AT, 16);
    expect(mappedChunkAt(readerOf(memory), AT)).toBeNull();
  });

  it("has less than 64 TiB", () => {
    expect(isMappedSize(2 ** 46 - PAGE + IS_MMAPPED)).toBe(true);
    expect(isMappedSize(2 ** 46 + IS_MMAPPED)).toBe(false);
    expect(isMappedSize(Number.NaN)).toBe(false);
    expect(isMappedSize(Number.POSITIVE_INFINITY)).toBe(false);
  });
});

describe("an aligned block in such a mapping", () => {
  it.each([
    ["64 bytes", 64 - 16],
    ["32 bytes, behind a chunk's least bytes", 32 + 16],
    ["256 bytes", 256 - 16],
    ["4 KiB", 4096 - 16],
    ["64 KiB", 0x1_0000 - 16],
  ])("has its header before the first place aligned to %s", (_, lead) => {
    const memory = withChunk(0x3_0000);
    putAligned(memory, lead, 0x3_0000 - lead);
    expect(mappedChunkAt(readerOf(memory), AT)).toEqual({ start: AT, end: AT + 0x3_0000, chunk: AT + lead });
  });

  it("may end further on than the first header says, or earlier: realloc changes its own alone", () => {
    for (const end of [0x1_1000, 0x4_0000, 0x1_1000 - 16]) {
      const memory = withChunk(0x2_0000);
      putAligned(memory, 0x1_0000 - 16, end - 0x1_0000 + 16);
      const pages = Math.ceil(end / PAGE) * PAGE;
      expect(mappedChunkAt(readerOf(memory), AT)).toEqual({
        start: AT,
        end: AT + pages,
        chunk: AT + 0x1_0000 - 16,
      });
    }
  });

  it.each([
    [29, true],
    [30, true],
    [31, false],
  ])("is found at an alignment of 2^%i bytes, and so large: %s", (bits, isFound) => {
    // Further on than half of that, so that no lesser alignment leads there.
    const lead = 2 ** (bits - 1) + 0x1000 - 16;
    const start = Math.ceil(AT / 2 ** bits) * 2 ** bits - lead - 16;
    const memory = withChunk(2 ** bits, PAGE, start);
    memory.map(start + lead - PAGE + 16, 2 * PAGE);
    putAligned(memory, lead, 2 ** bits - lead, start);
    const chunk = isFound ? start + lead : start;
    expect(mappedChunkAt(readerOf(memory), start)).toEqual({ start, end: start + 2 ** bits, chunk });
  });

  it("is found where mremap moved it: before any page of the first 256 KiB", () => {
    for (const page of [1, 3, 7, 64]) {
      const memory = withChunk(0x4_8000);
      putAligned(memory, page * PAGE - 16, 0x4_8000 - page * PAGE + 16);
      expect(mappedChunkAt(readerOf(memory), AT)?.chunk, String(page)).toBe(AT + page * PAGE - 16);
    }
    const memory = withChunk(0x4_8000);
    putAligned(memory, 65 * PAGE - 16, 0x4_8000 - 65 * PAGE + 16);
    expect(mappedChunkAt(readerOf(memory), AT)?.chunk).toBe(AT);
  });

  it("is none whose way from the start is another, or that has no room for a chunk", () => {
    const memory = withChunk(0x2000);
    putAligned(memory, 48, 0x2000 - 48);
    memory.u64(AT + 48, 32);
    expect(mappedChunkAt(readerOf(memory), AT)?.chunk).toBe(AT);
    const short = withChunk(0x2000);
    // Its bytes are whole pages with what is before it, but there is none for the user.
    putAligned(short, 4096 - 16, 16);
    expect(mappedChunkAt(readerOf(short), AT)?.chunk).toBe(AT);
  });

  it("lies within the mapping", () => {
    // The first place that is aligned to 8 KiB, and is the mapping's end.
    const start = AT + 0x1000;
    const memory = withChunk(0x1000, 0x5000, start);
    putAligned(memory, 0x1000 - 16, 0x1000 + 16, start);
    putAligned(memory, 0x2000 - 16 + 0x1000, 0x1000 + 16, start);
    expect(mappedChunkAt(readerOf(memory), start)).toEqual({
      start,
      end: start + 0x2000,
      chunk: start + 0x1000 - 16,
    });
    const beyond = withChunk(0x1000, 0x8000, AT + 0x1000);
    putAligned(beyond, 0x3000 - 16, 0x1000 + 16, AT + 0x1000);
    expect(mappedChunkAt(readerOf(beyond), AT + 0x1000)?.chunk).toBe(AT + 0x1000);
  });
});

describe("chunks at the pages that a survey names", () => {
  const MAPPED = PAGES.MAPPED;

  /** Two mappings apart, with chunks of two pages at pages 0, 2 and 3 of the first and at the second's start. */
  function twoMappings() {
    const memory = new Memory();
    memory.map(AT, 6 * PAGE);
    memory.map(AT + 0x10_0000, 2 * PAGE);
    for (const at of [AT, AT + 2 * PAGE, AT + 3 * PAGE, AT + 5 * PAGE, AT + 0x10_0000])
      memory.u64(at + 8, (2 * PAGE) | IS_MMAPPED);
    return memory;
  }

  const kinds = [MAPPED, 0, MAPPED, MAPPED, PAGES.ZEROS, MAPPED];
  const found = (skip = (_: number) => false) => {
    const memory = imageOf(twoMappings());
    const { memory: kernel, survey: made } = surveyOf(
      [
        { start: AT, kinds },
        { start: AT + 0x10_0000, kinds: [MAPPED, 0] },
      ],
      MAPPED,
    );
    const reader = readerOf(twoMappings());
    const chunks = findMappedChunks(kernel, made, reader, writableSpans(memory, "mapped"), skip);
    return chunks.map(({ start, end }) => [(start - AT) / PAGE, (end - AT) / PAGE]);
  };

  it("are disjoint, and end where their mappings do at the latest", () => {
    expect(found()).toEqual([
      [0, 2],
      [2, 4],
      [256, 258],
    ]);
  });

  it("are none at what is known to be something else", () => {
    expect(found((at) => at === AT || at === AT + 2 * PAGE)).toEqual([
      [3, 5],
      [256, 258],
    ]);
  });
});
