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

it("believes no chunk that is alone, even where it fills its memory", () => {
  expect(chainsOf([{ start: HEAP, data: chunks(0x21000, 0, [], 0) }])).toEqual([]);
});

it("believes no chunks of several arenas", () => {
  const data = chunks(0x21000, 0, SIZES, 0);
  const view = new DataView(data.buffer);
  view.setBigUint64(656 + 8, BigInt(32 | NON_MAIN_ARENA | PREV_INUSE), true);
  expect(chainsOf([{ start: HEAP, data }]).map(({ start }) => start)).not.toContain(Number(HEAP));
});

it("looks for no other chain in memory that one has", () => {
  // What a chunk holds may look like chunks, at a multiple of 64 MiB too.
  const data = chunks(0x41000, 0, [64, 64, 64, 64, 64, 64, 64, 64], 0);
  data.set(chunks(0x20000, 0, SIZES, 0), 0x1000);
  data.set(chunks(0x1000, 0, [64, 64, 64, 64, 64, 64, 64, 64], 0));
  const start = ARENA - 0x1000n;
  new DataView(data.buffer).setBigUint64(512 + 8, BigInt((0x41000 - 512) | PREV_INUSE), true);
  expect(chainsOf([{ start, data }])).toEqual([{ start: Number(start), end: Number(start) + 0x41000 }]);
});

it("finds a thread's memory right behind one that is full", () => {
  const full = 2 ** 26;
  const data = new Uint8Array(full + 0x21000);
  for (const [at, bytes] of [
    [0, full],
    [full, 0x21000],
  ] as const) {
    data.set(chunks(0x2000, 0x8c0, SIZES.slice(0, 8), NON_MAIN_ARENA), at);
    new DataView(data.buffer).setBigUint64(at + 16, BigInt(bytes), true);
  }
  const start = Number(ARENA);
  expect(chainsOf([{ start: ARENA, data }])).toEqual([
    { start: start + 0x8c0, end: start + full },
    { start: start + full + 0x8c0, end: start + full + 0x21000 },
  ]);
});
