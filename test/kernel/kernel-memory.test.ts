import { expect, it } from "vitest";
import { KernelMemory } from "../../src/kernel/index.ts";
import { Slabs } from "../../src/kernel/kernel-memory.ts";
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

it("what threads take for themselves is apart from each other's and from places, and zero", () => {
  const memory = new KernelMemory();
  const taken: [at: number, bytes: number][] = [[memory.place(100), 100]];
  const threads = [new Slabs(memory.wasm), new Slabs(memory.wasm)];
  for (const bytes of [24, 5_000_000, 1, 300_000, 4_194_304, 16])
    for (const thread of threads) {
      const at = thread.room(bytes + 1000);
      expect(at % 16).toBe(0);
      expect(new Uint8Array(memory.buffer, at, bytes + 1000).every((byte) => byte === 0)).toBe(true);
      new Uint8Array(memory.buffer, at, bytes).fill(0xff);
      thread.take(bytes);
      taken.push([at, bytes]);
    }
  memory.adopt();
  taken.push([memory.place(100), 100], [memory.place(2 ** 21), 2 ** 21]);
  taken.sort(([a], [b]) => a - b);
  taken.forEach(([at, bytes], index) => {
    expect(at + bytes).toBeLessThanOrEqual(taken[index + 1]?.[0] ?? memory.bytes);
  });
  // Where nobody has taken any, it is as it was.
  const { bytes } = memory;
  memory.adopt();
  expect(memory.bytes).toBe(bytes);
});

it("a thread that asks for more than there is gets an error", () => {
  const memory = new KernelMemory();
  memory.place(2 ** 31);
  expect(() => new Slabs(memory.wasm).room(2 ** 31)).toThrow(CoregramError);
});

it("two threads that ask for the last of it at once do not both get it", () => {
  // As this one saw it, before another took nearly all.
  const memory = {
    buffer: { byteLength: 2 ** 20 },
    grow: () => 2 ** 16 - 32,
  } as unknown as WebAssembly.Memory;
  expect(() => new Slabs(memory).room(100)).toThrow(CoregramError);
});

it.each([1, 40])(
  "places are apart from the %i pages that a thread grew it by and nobody adopted",
  (pages) => {
    const memory = new KernelMemory();
    const { byteLength: start } = memory.buffer;
    memory.place(100);
    memory.wasm.grow(pages);
    const end = memory.buffer.byteLength;
    for (const bytes of [1000, 2 ** 20, 3 * 2 ** 20, 64]) {
      const at = memory.place(bytes);
      expect(at + bytes <= start || at >= end).toBe(true);
      expect(at + bytes).toBeLessThanOrEqual(memory.buffer.byteLength);
    }
  },
);

it("a count is both halves of a u64, exact below 2^53", () => {
  const view = new Uint32Array(new BigUint64Array([5n, 2n ** 53n - 1n]).buffer);
  expect([KernelMemory.count(view, 0), KernelMemory.count(view, 1)]).toEqual([5, 2 ** 53 - 1]);
});
