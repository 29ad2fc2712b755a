import { expect, it } from "vitest";
import { kernelMemory } from "../../memory-of.ts";
import { KINDS, putPlan, type TwinPlan } from "./twin.ts";

const { memory, kernel } = kernelMemory();
const BYTES = 1024;
const [at, room, tally] = [memory.place(4096), memory.place(1024), memory.place(64)];
const view = new DataView(memory.buffer);
const ADDRESS = 0x55d0_0010_0000n;
const [PLAIN, LONG] = [0x55d0_0000_0000n, 0x55d0_0000_0188n];
const TWIN: TwinPlan = {
  types: [
    { address: PLAIN, kind: KINDS.other, head: 16, leastItems: 0, isRounded: false, basic: 40, item: 0 },
    { address: LONG, kind: KINDS.variable, head: 0, leastItems: 0, isRounded: false, basic: 24, item: 8 },
  ],
  mostRefs: 1000,
  refs: 0,
  str: { ascii: 40, compact: 56, whole: 64, hasWide: false },
};

/** The offset, the type and the bytes of each that is found among these words. */
function find(words: Readonly<Record<number, bigint>>, { bytes = BYTES, tail = 0 } = {}): number[][] {
  new Uint8Array(memory.buffer, at, 4096).fill(0);
  new Uint8Array(memory.buffer, tally, 64).fill(0);
  for (const [offset, value] of Object.entries(words)) view.setBigUint64(at + Number(offset), value, true);
  const plan = putPlan(memory, TWIN);
  const wrote = kernel.staticObjects({ plan, at, bytes, tail, address: ADDRESS, tally, to: room });
  return Array.from({ length: wrote / 16 }, (_, index) => [
    Number(view.getBigUint64(room + 16 * index, true) - ADDRESS),
    view.getUint32(room + 16 * index + 8, true),
    view.getUint32(room + 16 * index + 12, true),
  ]);
}

it("an object in static data is a count before a type, as large as one with its head", () => {
  expect(find({ 64: 1n, 72: PLAIN, 200: 1000n, 208: LONG, 216: 3n })).toEqual([
    [64, 0, 40],
    [200, 1, 48],
  ]);
  expect([...new BigUint64Array(memory.buffer, tally, 8)]).toEqual([1n, 40n, 0n, 0n, 1n, 48n, 0n, 0n]);
});

it.each([
  [0n, 0],
  [1001n, 0],
  [990_000_000n, 0],
  [990_000_001n, 1],
  [999_999_999n, 1],
  [1_009_999_999n, 1],
  [1_010_000_000n, 0],
  [2n ** 63n, 0],
])("a count of %i stands before so many objects: %i", (count, objects) => {
  expect(find({ 64: count, 72: PLAIN })).toHaveLength(objects);
});

it("no object is in a table of types, nor between the counts that 3.13 has in one", () => {
  expect(find({ 64: PLAIN, 72: PLAIN })).toEqual([]);
  expect(find({ 64: 1n, 72: PLAIN, 80: 1n, 88: LONG, 96: 1n, 104: PLAIN })).toEqual([]);
  // Of two counts that differ, and of those above 1, neighbours say nothing.
  expect(find({ 64: 1n, 72: PLAIN, 80: 2n, 88: PLAIN })).toHaveLength(2);
  expect(find({ 64: 2n, 72: PLAIN, 80: 2n, 88: PLAIN })).toHaveLength(2);
});

it("what stands before the first bytes is not looked at", () => {
  expect(find({ 0: 1n, 8: PLAIN })).toEqual([[0, 0, 40]]);
  expect(find({ 8: 1n, 16: PLAIN })).toEqual([[8, 0, 40]]);
  expect(find({ 0: 1n, 8: PLAIN, 16: 1n, 24: PLAIN })).toEqual([]);
});

it("an object of more than 1 MiB is none", () => {
  const items = (2n ** 20n - 24n) / 8n;
  expect(find({ 64: 1n, 72: LONG, 80: items })).toEqual([[64, 1, 2 ** 20]]);
  expect(find({ 64: 1n, 72: LONG, 80: items + 1n })).toEqual([]);
  expect(find({ 64: 1n, 72: LONG, 80: 2n ** 41n })).toEqual([]);
});

it("an object is found where 128 bytes from it on can be read", () => {
  expect(find({ 64: 1n, 72: PLAIN }, { bytes: 192 })).toHaveLength(1);
  expect(find({ 64: 1n, 72: PLAIN }, { bytes: 184 })).toEqual([]);
  expect(find({ 64: 1n, 72: PLAIN }, { bytes: 72, tail: 120 })).toHaveLength(1);
  expect(find({ 64: 1n, 72: PLAIN }, { bytes: 64, tail: 512 })).toEqual([]);
});
