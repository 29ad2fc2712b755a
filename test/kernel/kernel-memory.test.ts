import { expect, it } from "vitest";
import { KernelMemory } from "../../src/kernel/index.ts";
import { CoregramError } from "../../src/terms/index.ts";

it("places are apart, aligned, zero, and never address 0", () => {
  const memory = new KernelMemory();
  let end = 1;
  for (const [bytes, alignment] of [
    [1, 64],
    [100_000, 64],
    [7, 8192],
    [0, 64],
    [300_000, 4096],
  ] as const) {
    const at = memory.place(bytes, alignment);
    expect(at % alignment).toBe(0);
    expect(at).toBeGreaterThanOrEqual(end);
    end = at + bytes;
    const place = new Uint8Array(memory.buffer, at, bytes);
    expect(place.every((byte) => byte === 0)).toBe(true);
    place.fill(0xff);
  }
  expect(memory.bytes).toBe(end);
});

it("ends below 4 GiB with an error, and stays as it was", () => {
  const memory = new KernelMemory();
  memory.place(2 ** 31);
  const { bytes, free } = memory;
  expect(bytes + free).toBeLessThan(2 ** 32);
  expect(() => memory.place(2 ** 31)).toThrow(CoregramError);
  expect(memory.bytes).toBe(bytes);
  expect(memory.place(free - 64) + free - 64).toBeLessThan(2 ** 32);
});

it("a count is both halves of a u64, exact below 2^53", () => {
  const view = new Uint32Array(new BigUint64Array([5n, 2n ** 53n - 1n]).buffer);
  expect([KernelMemory.count(view, 0), KernelMemory.count(view, 1)]).toEqual([5, 2 ** 53 - 1]);
});
