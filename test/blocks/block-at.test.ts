import { describe, expect, it } from "vitest";
import type { FinderPlaces } from "../../src/blocks/block-at.ts";
import { BlockFinder, MemoryReader } from "../../src/blocks/index.ts";
import { Memory } from "../runtimes/heap/memory.ts";
import { IS_MMAPPED, PREV_INUSE, putChunks, putFence, putPar, putState } from "./glibc/put-malloc.ts";
import { imageOf } from "./image-of.ts";
import { LARGE_POOL, type PoolPlan, putPool, SMALL_POOL } from "./put-pools.ts";

const POOLS = 0x7f00_0000_0000;

function finderOf(memory: Memory, places: Partial<FinderPlaces> = {}) {
  const image = imageOf(memory);
  return new BlockFinder(image, new MemoryReader(image), () => ({
    statics: [],
    threadPointers: [],
    ...places,
  }));
}

describe.each([
  ["16 KiB", LARGE_POOL],
  ["4 KiB", SMALL_POOL],
])("a pool of %s", (_, poolBytes) => {
  const pool = POOLS + 2 * LARGE_POOL;
  const block = 64;
  const room = Math.floor((poolBytes - 48) / block);
  const at = (index: number) => pool + 48 + block * index;
  const plan: PoolPlan = { pool, poolBytes, block, carved: 10, free: [3, 0, 9] };
  function withPool(change: Partial<PoolPlan> = {}, more: (memory: Memory) => void = () => {}) {
    const memory = new Memory();
    memory.map(POOLS, 4 * LARGE_POOL);
    putPool(memory, { ...plan, ...change });
    more(memory);
    return finderOf(memory);
  }

  it("has blocks in use, free ones, and such as were never carved", () => {
    const finder = withPool();
    for (const [index, isInUse] of [
      [0, false],
      [1, true],
      [3, false],
      [8, true],
      [9, false],
      [10, false],
      [room - 1, false],
    ] as const)
      for (const inside of [0, 1, block - 1])
        expect(finder.blockAt(at(index) + inside), `${index} + ${inside}`).toEqual({
          ...{ kind: "pool", start: at(index), bytes: block, isInUse },
        });
  });

  it("has no block in its header, nor behind the last one", () => {
    const finder = withPool();
    expect(finder.blockAt(pool)).toBeNull();
    expect(finder.blockAt(pool + 47)).toBeNull();
    expect(finder.blockAt(at(room))).toBeNull();
    expect(finder.blockAt(pool + poolBytes - 1)).toBeNull();
    expect(finder.blockAt(pool + poolBytes)).toBeNull();
    expect(finder.blockAt(pool - 1)).toBeNull();
  });

  it.each<[string, Partial<PoolPlan>]>([
    ["all carved", { carved: room }],
    ["all carved, and no rest", { block: 16, carved: (poolBytes - 48) / 16 }],
    ["one carved", { carved: 1, free: [] }],
    ["the largest blocks", { block: 512, carved: 3, free: [] }],
    ["blocks of 8 bytes, as up to 3.7", { block: 8, alignment: 8 }],
  ])("is one with %s", (_, change) => {
    expect(withPool(change).blockAt(pool + 48 + (change.block ?? block) - 1)).toMatchObject({
      start: pool + 48,
      bytes: change.block ?? block,
    });
  });

  /** One more free block, which the header counts. */
  function putFree(memory: Memory, more: number) {
    memory.u64(at(9), more);
    memory.u32(pool, 10 - 4);
  }

  it.each<[string, Partial<PoolPlan>, (memory: Memory) => void]>([
    ["more carved than there is room for", { carved: room + 1 }, () => {}],
    ["none carved", { carved: 0, free: [] }, () => {}],
    ["blocks over 512 bytes", { block: 528, carved: 1, free: [] }, () => {}],
    ["blocks of another class", {}, (memory) => memory.u32(pool + 36, 4)],
    ["an offset within a block", {}, (memory) => memory.u32(pool + 40, 48 + 10 * block + 8)],
    ["a count that does not add up", {}, (memory) => memory.u32(pool, 8)],
    ["a free block twice", {}, (memory) => memory.u64(at(9), at(3))],
    ["a free block within another", {}, (memory) => putFree(memory, at(4) + 8)],
    ["a free block that was not carved", {}, (memory) => putFree(memory, at(10))],
    ["a free block in the header", {}, (memory) => putFree(memory, at(0) - block)],
    ["a free block that is not saved", {}, (memory) => memory.u64(at(9), 8)],
  ])("is none with %s", (_, change, more) => {
    expect(withPool(change, more).blockAt(at(1))).toBeNull();
  });
});

describe("malloc's", () => {
  const DATA = 0x7f00_0010_0000;
  const BASE = DATA + 0x1000;
  const HEAP = 0x5555_0000_0000;
  const HEAP_BYTES = 0x8_0000;
  const MAPPED = 0x7f00_5000_0000;
  const STATICS = [{ start: DATA, end: DATA + 0x1_0000 }];
  /** More than 256 chunks, after which a walk leaves marks. */
  const SIZES = [0x290, ...Array.from({ length: 700 }, (_, index) => 32 + 16 * (index % 5))];
  const starts = SIZES.map((_, index) => HEAP + SIZES.slice(0, index).reduce((sum, size) => sum + size, 0));
  const start = (index: number) => starts[index] ?? 0;

  function withHeap(change: (memory: Memory) => void = () => {}) {
    const memory = new Memory();
    memory.map(DATA, 0x1_0000);
    memory.map(HEAP, HEAP_BYTES);
    memory.map(MAPPED, 0x6000);
    const top = putChunks(memory, HEAP, SIZES);
    putChunks(memory, top, [HEAP + HEAP_BYTES - top]);
    // Chunk 5 is free, and 7 is only cached.
    memory.u64(start(6) + 8, SIZES[6] ?? 0);
    const bin = ((SIZES[7] ?? 0) - 32) / 16;
    memory.u8(HEAP + 16 + 2 * bin, 1);
    memory.u64(HEAP + 16 + 128 + 8 * bin, start(7) + 16);
    putState(memory, BASE, { top, systemBytes: HEAP_BYTES });
    putPar(memory, BASE - 0x100, { sbrkBase: HEAP });
    memory.u64(MAPPED + 0x2000 + 8, 0x3000 | IS_MMAPPED);
    change(memory);
    return { finder: finderOf(memory, { statics: STATICS }), top };
  }

  it("chunks are found from any address in them, in any order", () => {
    const { finder } = withHeap();
    for (const index of [700, 1, 300, 256, 255, 257, 600, 512, 511, 2, 700]) {
      const [at, bytes] = [start(index) + 16, (SIZES[index] ?? 0) - 8];
      for (const inside of [0, 8, bytes - 1])
        expect(finder.blockAt(at + inside), `${index} + ${inside}`).toEqual({
          ...{ kind: "chunk", start: at, bytes, isInUse: true },
        });
    }
  });

  it("chunks that are free or cached are not in use, nor is the top", () => {
    const { finder, top } = withHeap();
    expect(finder.blockAt(start(5) + 16)?.isInUse).toBe(false);
    expect(finder.blockAt(start(6) + 16)?.isInUse).toBe(true);
    expect(finder.blockAt(start(7) + 16)?.isInUse).toBe(false);
    expect(finder.blockAt(start(8) + 16)?.isInUse).toBe(true);
    expect(finder.blockAt(HEAP + HEAP_BYTES - 1)).toEqual({
      ...{ kind: "chunk", start: top + 16, bytes: HEAP + HEAP_BYTES - top - 8, isInUse: false },
    });
  });

  it("chunks' headers are in no block", () => {
    const { finder } = withHeap();
    // The first 8 bytes of a header are the user's of the chunk before.
    expect(finder.blockAt(HEAP)).toBeNull();
    expect(finder.blockAt(HEAP + 15)).toBeNull();
    expect(finder.blockAt(start(1) + 7)?.start).toBe(HEAP + 16);
    for (const index of [1, 257, 700]) expect(finder.blockAt(start(index) + 8), String(index)).toBeNull();
  });

  it("a damaged chunk is none, and those behind it are found where they follow each other again", () => {
    for (const size of [16, 24, 0]) {
      const { finder } = withHeap((memory) => memory.u64(start(20) + 8, size | PREV_INUSE));
      expect(finder.blockAt(start(19) + 16)?.start).toBe(start(19) + 16);
      expect(finder.blockAt(start(20) + 16), String(size)).toBeNull();
      expect(finder.blockAt(start(21) + 16)?.start, String(size)).toBe(start(21) + 16);
    }
  });

  it("fence posts are none", () => {
    const memory = new Memory();
    memory.map(HEAP, 0x1000);
    const fence = putChunks(memory, HEAP, [64, 64]);
    putFence(memory, fence);
    const finder = finderOf(memory);
    expect(finder.blockAt(fence + 16)).toBeNull();
  });

  it("blocks are looked for in no module's data, and not outside of user space", () => {
    const { finder } = withHeap();
    for (const at of [DATA, DATA + 0xffff, -1, 2 ** 48, Number.NaN, Number.POSITIVE_INFINITY])
      expect(finder.blockAt(at), String(at)).toBeNull();
    const memory = new Memory();
    memory.map(POOLS, LARGE_POOL);
    putPool(memory, { pool: POOLS, block: 32, carved: 4 });
    const inside = POOLS + 100;
    expect(finderOf(memory).blockAt(inside)?.kind).toBe("pool");
    for (const [from, to, kind] of [
      [inside, inside + 1, undefined],
      [inside - 1, inside, "pool"],
      [inside + 1, inside + 2, "pool"],
    ] as const)
      expect(finderOf(memory, { statics: [{ start: from, end: to }] }).blockAt(inside)?.kind).toBe(kind);
  });

  it("mapped chunks are found from any page of theirs", () => {
    const { finder } = withHeap();
    const [first, end] = [MAPPED + 0x2000, MAPPED + 0x5000];
    for (const at of [first + 16, first + 0x1000, end - 1])
      expect(finder.blockAt(at), String(at - MAPPED)).toEqual({
        ...{ kind: "mapped", start: first + 16, bytes: end - first - 16, isInUse: true },
      });
    for (const at of [MAPPED + 0x1000, first - 1, first, first + 15, end])
      expect(finder.blockAt(at), String(at - MAPPED)).toBeNull();
  });

  it("mapped chunks end where their mapping does at the latest", () => {
    const size = (bytes: number) =>
      withHeap((memory) => memory.u64(MAPPED + 0x2000 + 8, bytes | IS_MMAPPED)).finder;
    expect(size(0x4000).blockAt(MAPPED + 0x2100)?.kind).toBe("mapped");
    expect(size(0x5000).blockAt(MAPPED + 0x2100)).toBeNull();
  });
});
