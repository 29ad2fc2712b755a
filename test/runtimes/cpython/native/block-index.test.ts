import fc from "fast-check";
import { expect, it } from "vitest";
import { GRAPH, KernelMemory } from "../../../../src/kernel/index.ts";
import {
  type BlockIndex,
  type Blocks,
  blockAt,
  indexBlocks,
} from "../../../../src/runtimes/cpython/native/block-index.ts";

const REGION = 2 ** 18;
const START = 0x7f00_0000_0000;

/** Disjoint blocks, each of so many words, so many words behind the one before. */
function blocksOf(steps: readonly (readonly [gap: number, words: number])[]): Blocks {
  const starts = new Float64Array(steps.length);
  const bytes = new Float64Array(steps.length);
  let at = START;
  steps.forEach(([gap, words], block) => {
    at += 8 * gap;
    starts[block] = at;
    bytes[block] = 8 * words;
    at += 8 * words;
  });
  return { count: steps.length, starts, bytes };
}

/** Blocks near each other and far apart, short ones and such as reach over regions. */
const blocks = fc
  .array(
    fc.tuple(
      fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 70_000 })),
      fc.oneof(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 70_000 })),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map(blocksOf);

/** The number of the block that has the address, by looking at each. */
const scan = ({ starts, bytes }: Blocks, address: number) =>
  starts.findIndex((start, block) => address >= start && address < start + (bytes[block] ?? 0));

/** As the kernel's native.ts looks it up: by region, cell and how many bits are set up to the word's. */
function find(memory: KernelMemory, index: BlockIndex, address: number): number {
  const view = new DataView(memory.buffer);
  const key = Math.floor(address / REGION) + 1;
  let slot = (Math.imul(key, GRAPH.REGION_MULTIPLIER) & index.hashMask) >>> 0;
  for (let known = view.getUint32(index.hash + 8 * slot, true); known !== key; ) {
    if (known === 0) return -1;
    slot = (slot + 1) & index.hashMask;
    known = view.getUint32(index.hash + 8 * slot, true);
  }
  const inside = address % REGION;
  const region = view.getUint32(index.hash + 8 * slot + 4, true);
  const cell = index.cells + (region * 512 + Math.floor(inside / 512)) * 16;
  const bits = view.getBigUint64(cell, true) & ((2n << BigInt(Math.floor((inside % 512) / 8))) - 1n);
  const before = bits.toString(2).replaceAll("0", "").length;
  const block = view.getUint32(cell + 8, true) + before - 1;
  if (block < 0) return -1;
  const start = Number(view.getBigUint64(index.blocks + 16 * block, true));
  const size = Number(view.getBigUint64(index.blocks + 16 * block + 8, true));
  return address >= start && address < start + size ? block : -1;
}

/** Addresses at which an answer may change. */
const edgesOf = ({ starts, bytes }: Blocks) =>
  [...starts].flatMap((start, block) => {
    const end = start + (bytes[block] ?? 0);
    return [start - 8, start - 1, start, start + 1, start + 8, end - 8, end - 1, end, end + 8];
  });

it("finds the block that an address lies in", () => {
  fc.assert(
    fc.property(blocks, (given) => {
      for (const address of edgesOf(given)) expect(blockAt(given, address)).toBe(scan(given, address));
    }),
  );
  expect(blockAt(blocksOf([]), START)).toBe(-1);
  expect(blockAt(blocksOf([[1, 4]]), Number.NaN)).toBe(-1);
});

it("is looked up by the kernel the same way, from anywhere inside a block", () => {
  fc.assert(
    fc.property(blocks, (given) => {
      const memory = new KernelMemory();
      const index = indexBlocks(memory, given);
      for (const address of edgesOf(given)) expect(find(memory, index, address)).toBe(scan(given, address));
      expect(find(memory, index, START + 2 ** 40)).toBe(-1);
    }),
    { numRuns: 30 },
  );
});

it("has room for no block at all", () => {
  const memory = new KernelMemory();
  expect(find(memory, indexBlocks(memory, blocksOf([])), START)).toBe(-1);
});

it("begins nothing in what was handed out before, and ends before what comes next", () => {
  const memory = new KernelMemory();
  const before = memory.place(64);
  new Uint8Array(memory.buffer, before, 64).fill(0x55);
  const given = blocksOf([
    [0, 32_768],
    [32_768, 8],
    ...Array.from({ length: 8 }, (): [number, number] => [3, 5]),
  ]);
  const index = indexBlocks(memory, given);
  const behind = memory.place(64);
  new Uint8Array(memory.buffer, behind, 64).fill(0xff);
  for (const address of edgesOf(given)) expect(find(memory, index, address)).toBe(scan(given, address));
  expect(new Uint8Array(memory.buffer, before, 64).every((byte) => byte === 0x55)).toBe(true);
});
