import fc from "fast-check";
import { compileKernel, instantiate } from "../../src/kernel/kernel.ts";
import { KernelMemory } from "../../src/kernel/kernel-memory.ts";

/** A word and its count, as the kernel has them in its runs. */
export type Run = readonly [word: bigint, count: bigint];

/** A kernel with a few places of 64 KiB to work in, for its functions one by one. */
export function kernelMemory() {
  const memory = new KernelMemory();
  const kernel = instantiate(compileKernel(), memory.wasm);
  const [a, b, c, d] = [
    memory.place(65_536),
    memory.place(65_536),
    memory.place(65_536),
    memory.place(65_536),
  ];
  const histogram = memory.place(8192);
  const words = (at: number, count: number) => new BigUint64Array(memory.buffer, at, count);
  return {
    memory,
    kernel,
    a,
    b,
    c,
    d,
    histogram,
    put: (at: number, values: readonly bigint[]) => words(at, values.length).set(values),
    take: (at: number, count: number): bigint[] => [...words(at, count)],
    putRuns: (at: number, runs: readonly Run[]) => words(at, 2 * runs.length).set(runs.flat()),
    takeRuns: (at: number, count: number): Run[] => {
      const flat = words(at, 2 * count);
      return Array.from({ length: count }, (_, i): Run => [flat[2 * i] ?? 0n, flat[2 * i + 1] ?? 0n]);
    },
    u32: (at: number) => new Uint32Array(memory.buffer, at, 1)[0] ?? 0,
    bytes: (at: number, count: number) => new Uint8Array(memory.buffer, at, count),
  };
}

/** 64-bit words as memory has them: few and many different ones, small, pointers, high bits, all bits. */
export const word: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 0n, max: 3n }),
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: 0x7f0000000000n, max: 0x7f0000000fffn }),
  fc.bigInt({ min: 2n ** 63n - 2n, max: 2n ** 63n + 2n }),
  fc.bigInt({ min: 2n ** 64n - 3n, max: 2n ** 64n - 1n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);

/** From none to a few hundred words. */
export const words: fc.Arbitrary<bigint[]> = fc.array(word, { maxLength: 300, size: "max" });

/** Greatest first. */
export function descending(values: Iterable<bigint>): bigint[] {
  return [...values].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}

/** Every different word with its count, greatest word first. */
export function runsOf(values: Iterable<bigint>): Run[] {
  const counts = new Map<bigint, bigint>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0n) + 1n);
  return descending(counts.keys()).map((value): Run => [value, counts.get(value) ?? 0n]);
}
