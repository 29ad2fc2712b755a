import { expect, it } from "vitest";
import { type Arena, BINS_BYTES } from "../../../src/blocks/glibc/arenas.ts";
import { allBytes, arenaUses, type Glibc, noBytes } from "../../../src/blocks/index.ts";
import { PAGES } from "../../../src/kernel/index.ts";
import { Memory } from "../../runtimes/heap/memory.ts";
import { imageOf } from "../image-of.ts";
import { surveyOf } from "../survey-of.ts";
import { putChunks, putFence } from "./put-malloc.ts";

const PAGE = 4096;
const HEAP = 0x7f00_0400_0000;
const HEAP_BYTES = 4 * PAGE;
/** Where the process has more address space for the heap, and other memory behind it that is none of its. */
const RESERVE_BYTES = 0x10_0000;
const MAIN = 0x5555_0000_0000;
const MAPPED = 0x7f00_5000_0000;
const GUESSED = 0x7f00_6000_0000;
const FIRST = HEAP + 0x8d0;

const NO_CACHES = { tcache: [], fastbins: [], structs: [], brokenLists: 0 };

const arenaAt = (base: number, top: number, isMain: boolean): Arena => ({
  ...{ base, bins: base + 112, top, next: base, isMain },
  ...{ headerBytes: isMain ? 0 : 48, hasFastbins: true },
});

/** What `glibc` has in the memory, of whose heap the last two pages are zeros. */
function usesOf(memory: Memory, glibc: Partial<Glibc>) {
  const { memory: kernel, survey } = surveyOf([{ start: HEAP, kinds: [0, 0, PAGES.ZEROS, PAGES.ZEROS] }]);
  const all = { arenas: [], guessed: [], mapped: [], cached: NO_CACHES, ...glibc };
  return arenaUses(kernel, imageOf(memory), [], survey, all);
}

it("a thread's arena: chunks by what they are, zeros at its top, and what is reserved behind it", () => {
  const memory = new Memory();
  memory.map(HEAP, HEAP_BYTES);
  memory.map(HEAP + HEAP_BYTES, RESERVE_BYTES, { permissions: "r--" });
  const [struct, used, fast, cached, free, last] = [0x290, 64, 32, 48, 96, 128];
  const sizes = [struct, used, fast, cached, free, last];
  const at = (index: number) => FIRST + sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
  const top = putChunks(memory, FIRST, sizes);
  putChunks(memory, top, [HEAP + HEAP_BYTES - top]);
  memory.u64(at(5) + 8, last);
  const run = { start: FIRST, end: HEAP + HEAP_BYTES, infoBytes: FIRST - HEAP };
  const caches = { ...NO_CACHES, structs: [at(0)], fastbins: [at(2)], tcache: [at(3)] };
  const arena = { ...arenaAt(HEAP + 48, top, false), runs: [run] };
  const [use, ...others] = usesOf(memory, { arenas: [arena], cached: caches });
  expect(others).toEqual([]);
  expect(use).toEqual({
    ...{ allocator: "malloc", kind: "thread", address: HEAP + 48 },
    ...{ usedCount: 2, usedBytes: used + last - 16 },
    ...{ tcacheCount: 1, tcacheBytes: cached - 8, fastbinCount: 1, fastbinBytes: fast - 8 },
    ...{ freeCount: 1, freeBytes: free - 8 },
    ...{ topBytes: HEAP + HEAP_BYTES - top - 8 - 2 * PAGE, untouchedBytes: 2 * PAGE },
    headerBytes: FIRST - HEAP + struct + 6 * 8,
    ...{ foreignBytes: 0, damagedBytes: 0, reservedBytes: RESERVE_BYTES },
    // malloc_trim leaves the tops of threads' heaps alone.
    trimBytes: 0,
  });
  expect(allBytes(use ?? noBytes())).toBe(HEAP_BYTES);
  const [main] = usesOf(memory, { arenas: [{ ...arena, isMain: true }], cached: caches });
  const wholePages = HEAP + HEAP_BYTES - Math.ceil((top + 33) / PAGE) * PAGE;
  expect(main?.trimBytes).toBe(wholePages - 2 * PAGE);
});

it("what is reserved for a heap ends where the next one may begin, and a main arena reserves nothing", () => {
  const memory = new Memory();
  memory.map(HEAP, HEAP_BYTES);
  // 64 MiB belong to the heap; its neighbour has the same memory behind it.
  memory.map(HEAP + 2 ** 26 - PAGE, 2 * PAGE, { permissions: "r--" });
  const top = putChunks(memory, FIRST, [64]);
  const run = { start: FIRST, end: HEAP + HEAP_BYTES, infoBytes: FIRST - HEAP };
  const reserved = (isMain: boolean) =>
    usesOf(memory, { arenas: [{ ...arenaAt(HEAP + 48, top, isMain), runs: [run] }] })[0]?.reservedBytes;
  expect(reserved(false)).toBe(PAGE);
  expect(reserved(true)).toBe(0);
});

it("a main arena has fence posts and others' memory; what makes no sense is damaged", () => {
  const memory = new Memory();
  memory.map(MAIN, 4 * PAGE);
  const behind = putFence(memory, putChunks(memory, MAIN, [64, 96]));
  const next = MAIN + PAGE;
  const damaged = putChunks(memory, next, Array(8).fill(32));
  memory.u64(damaged + 8, 1000);
  const top = putChunks(memory, damaged + 0x100, [48, 48, 48, 48, 48, 48, 48, 48]);
  const arena = { ...arenaAt(MAIN - BINS_BYTES - PAGE, top, true) };
  const runs = [{ start: MAIN, end: MAIN + 4 * PAGE, infoBytes: 0 }];
  const [use] = usesOf(memory, { arenas: [{ ...arena, runs }] });
  expect(use).toMatchObject({
    ...{ kind: "main", usedCount: 2 + 7 + 7, foreignBytes: next - behind, damagedBytes: 0x100 },
    // The headers behind the chunk before the damage and behind the last of all say that these are free.
    ...{ freeCount: 2, untouchedBytes: 0, reservedBytes: 0 },
  });
  expect(allBytes(use ?? noBytes())).toBe(4 * PAGE);
});

it("mapped chunks are one row, less what lies before an aligned one, and some may be cached", () => {
  const memory = new Memory();
  memory.map(MAPPED, 4 * PAGE);
  // Of the last one a page is not saved.
  memory.map(MAPPED + 8 * PAGE, 2 * PAGE, { savedBytes: PAGE });
  const mapped = [
    { start: MAPPED, end: MAPPED + PAGE, chunk: MAPPED },
    { start: MAPPED + PAGE, end: MAPPED + 3 * PAGE, chunk: MAPPED + PAGE + 0x30 },
    { start: MAPPED + 3 * PAGE, end: MAPPED + 4 * PAGE, chunk: MAPPED + 3 * PAGE },
    { start: MAPPED + 8 * PAGE, end: MAPPED + 10 * PAGE, chunk: MAPPED + 8 * PAGE },
  ];
  const [use] = usesOf(memory, { mapped, cached: { ...NO_CACHES, tcache: [MAPPED + 3 * PAGE] } });
  expect(use).toEqual({
    ...noBytes(),
    ...{ allocator: "malloc", kind: "mapped", address: null },
    ...{ usedCount: 3, usedBytes: 4 * PAGE - 0x30 - 3 * 16, headerBytes: 0x30 + 3 * 16 + 8 },
    ...{ tcacheCount: 1, tcacheBytes: PAGE - 8 },
  });
});

it("guessed runs are one row, in which the last chunk is free", () => {
  const memory = new Memory();
  memory.map(GUESSED, 2 * PAGE);
  putChunks(memory, GUESSED, [64, PAGE - 64]);
  putChunks(memory, GUESSED + PAGE, [PAGE]);
  const runs = [0, PAGE].map((from) => ({
    ...{ start: GUESSED + from, end: GUESSED + from + PAGE, infoBytes: 0 },
  }));
  expect(usesOf(memory, { guessed: runs })).toEqual([
    {
      ...noBytes(),
      ...{ allocator: "malloc", kind: "guessed", address: null },
      ...{ usedCount: 1, usedBytes: 56, freeCount: 2, freeBytes: 2 * PAGE - 64 - 16, headerBytes: 24 },
    },
  ]);
});
