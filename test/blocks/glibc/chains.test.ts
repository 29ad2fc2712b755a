import { expect, it } from "vitest";
import { findChunkChains } from "../../../src/blocks/glibc/chains.ts";
import { MemoryReader } from "../../../src/blocks/index.ts";
import { openPlan } from "../../image/open-plan.ts";

const PT_LOAD = 1;
const PREV_INUSE = 1;
const NON_MAIN_ARENA = 4;
const HEAP = 0x555500000000n;
const ARENA = 0x7f0004000000n;

/** Memory of chunks of these sizes from byte `first` on, the last one being the top. */
function chunks(bytes: number, first: number, sizes: readonly number[], flags: number): Uint8Array {
  const data = new Uint8Array(bytes);
  const view = new DataView(data.buffer);
  let at = first;
  for (const size of [...sizes, bytes - first - sizes.reduce((sum, size) => sum + size, 0)]) {
    view.setBigUint64(at + 8, BigInt(size | flags | PREV_INUSE), true);
    at += size;
  }
  return data;
}

const SIZES = [656, 32, 48, 1040, 64, 32, 512, 96, 32, 4112];
const chainsOf = (segments: { start: bigint; data: Uint8Array }[], skip = (_: number) => false) => {
  const { image } = openPlan(segments.map((segment) => ({ type: PT_LOAD, flags: 6, ...segment })));
  return findChunkChains(image, new MemoryReader(image), skip);
};

it("finds the main heap at the start of its segment", () => {
  const data = chunks(0x21000, 0, SIZES, 0);
  expect(chainsOf([{ start: HEAP, data }])).toEqual([{ start: Number(HEAP), end: Number(HEAP) + 0x21000 }]);
});

it("finds a thread's memory behind its heads, in the middle of a joined segment, and ends it where it says", () => {
  const memory = chunks(0x21000, 0x8c0, SIZES, NON_MAIN_ARENA);
  new DataView(memory.buffer).setBigUint64(16, 0x21000n, true);
  const data = new Uint8Array(0x4000 + memory.length + 0x3000).fill(0x11);
  data.set(memory, 0x4000);
  expect(chainsOf([{ start: ARENA - 0x4000n, data }])).toEqual([
    { start: Number(ARENA) + 0x8c0, end: Number(ARENA) + 0x21000 },
  ]);
});

it("believes no chain of sizes that lead out of memory or make no sense", () => {
  for (const size of [0, 8, 24, 41, 0x100000, 2 ** 40]) {
    const data = chunks(0x21000, 0, SIZES, 0);
    new DataView(data.buffer).setBigUint64(656 + 8, BigInt(size), true);
    // The chunks behind the broken one make a chain of their own: it is found where it is near enough.
    expect(chainsOf([{ start: HEAP, data }]).map(({ start }) => start)).not.toContain(Number(HEAP));
  }
  expect(chainsOf([{ start: HEAP, data: new Uint8Array(0x21000) }])).toEqual([]);
});

it("leaves out what the caller knows to be something else", () => {
  const data = chunks(0x21000, 0, SIZES, 0);
  expect(chainsOf([{ start: HEAP, data }], () => true)).toEqual([]);
});
