import fc from "fast-check";
import { expect, it } from "vitest";
import { MemoryReader } from "../../src/blocks/index.ts";
import { openPlan } from "../image/open-plan.ts";

const PT_LOAD = 1;
const START = 0x7f0000001000n;
const BYTES = 3 * 4096;
const data = Uint8Array.from({ length: BYTES }, (_, at) => (at * 37 + (at >> 8)) & 0xff);
const view = new DataView(data.buffer);
view.setBigUint64(16, 2n ** 53n - 1n, true);
view.setBigUint64(24, 2n ** 53n, true);
view.setBigInt64(32, -5n, true);
const segment = (start: bigint, bytes: Uint8Array) => ({ type: PT_LOAD, flags: 6, start, data: bytes });
const reader = () => new MemoryReader(openPlan([segment(START, data)]).image);
const at = (offset: number) => Number(START) + offset;

it("reads words and smaller numbers anywhere, across pages too", () => {
  const memory = reader();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: BYTES - 8 }), (offset) => {
      const word = view.getBigUint64(offset, true);
      const expected = word < 2n ** 53n ? Number(word) : Number.POSITIVE_INFINITY;
      expect(memory.u64(at(offset))).toBe(expected);
      expect(memory.u32(at(offset))).toBe(view.getUint32(offset, true));
      expect(memory.i32(at(offset))).toBe(view.getInt32(offset, true));
      expect(memory.u8(at(offset))).toBe(view.getUint8(offset));
    }),
  );
  expect(memory.u64(at(16))).toBe(Number.MAX_SAFE_INTEGER);
  expect(memory.u64(at(24))).toBe(Number.POSITIVE_INFINITY);
  expect(memory.i64(at(32))).toBe(-5);
});

it("reads nothing, NaN, of what is not saved or no address at all", () => {
  const memory = reader();
  for (const address of [at(-8), at(-1), at(BYTES - 7), at(BYTES), 0, -1, 2 ** 48, 2 ** 60, Number.NaN])
    expect(memory.u64(address), String(address)).toBeNaN();
  expect(memory.u64(Number.POSITIVE_INFINITY)).toBeNaN();
  expect([memory.u8(at(BYTES - 1)), memory.u32(at(BYTES - 4))]).toEqual([
    data[BYTES - 1],
    view.getUint32(BYTES - 4, true),
  ]);
  for (const read of [memory.u8(at(BYTES)), memory.u32(at(BYTES - 3))]) expect(read).toBeNaN();
  expect(memory.bytes(at(BYTES - 3), 8)).toEqual(data.subarray(BYTES - 3));
  expect(memory.bytes(Number.NaN, 8)).toHaveLength(0);
});

it("reads text up to its NUL, and none that has no end in time", () => {
  const bytes = new Uint8Array(4096).fill(0x61);
  bytes.set(new TextEncoder().encode("name\0"), 100);
  const memory = new MemoryReader(openPlan([segment(START, bytes)]).image);
  expect(memory.text(at(100), 64)).toBe("name");
  expect(memory.text(at(100), 4)).toBeNull();
  expect(memory.text(at(200), 64)).toBeNull();
  expect(memory.text(at(5000), 64)).toBeNull();
});

it("reads signed words as far as a number is exact, and nothing of what is not there", () => {
  const words = [
    0n,
    -1n,
    2n ** 53n - 1n,
    2n ** 53n,
    -(2n ** 53n),
    -(2n ** 53n) - 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ];
  const bytes = new Uint8Array(64);
  words.forEach((word, index) => {
    new DataView(bytes.buffer).setBigInt64(8 * index, word, true);
  });
  const memory = new MemoryReader(openPlan([segment(START, bytes)]).image);
  const { POSITIVE_INFINITY: beyond } = Number;
  expect(words.map((_, index) => memory.i64(at(8 * index)))).toEqual([
    ...[0, -1, 2 ** 53 - 1, beyond, -(2 ** 53), beyond, beyond, beyond],
  ]);
  expect(memory.i64(at(60))).toBeNaN();
  expect(memory.i64(at(64))).toBeNaN();
});
