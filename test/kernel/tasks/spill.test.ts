import { openSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { MEMORY_END, readPlace, type Spill } from "../../../src/kernel/index.ts";
import { takeSpill, writePlace } from "../../../src/kernel/tasks/spill.ts";
import { CoregramError } from "../../../src/terms/index.ts";
import { makeScratch } from "../../bytes/scratch.ts";
import { kernelMemory } from "../memory-of.ts";

const { folder } = makeScratch();
const { memory, a, b, put, take } = kernelMemory();
const spill: Spill = {
  fd: openSync(join(folder, "spill"), "w+"),
  folder,
  bytes: new BigInt64Array(new SharedArrayBuffer(8)),
};

it("places are disjoint, and give back what was written, in memory and in the file", () => {
  const first = takeSpill(spill, 16);
  const second = takeSpill(spill, 8);
  expect([first, second]).toEqual([MEMORY_END, MEMORY_END + 16]);
  put(a, [1n, 2n, 3n]);
  writePlace(memory.wasm, spill, second, a + 16, 8);
  writePlace(memory.wasm, spill, first, a, 16);
  writePlace(memory.wasm, null, b, a + 8, 16);
  put(a, [0n, 0n, 0n]);
  readPlace(memory.wasm, spill, first, 24, a);
  expect(take(a, 3)).toEqual([1n, 2n, 3n]);
  readPlace(memory.wasm, null, b, 16, a);
  expect(take(a, 2)).toEqual([2n, 3n]);
});

it("a place that was never written is an error, as is a file that cannot be written", () => {
  expect(() => readPlace(memory.wasm, spill, MEMORY_END + 1000, 8, a)).toThrow(CoregramError);
  const broken = { ...spill, fd: openSync(join(folder, "spill"), "r"), folder: "/tmp/\x1b" };
  expect(() => writePlace(memory.wasm, broken, MEMORY_END, a, 8)).toThrow(
    /8 bytes does not fit in \/tmp\/\\x1b .*TMPDIR/,
  );
  expect(() => writePlace(memory.wasm, null, MEMORY_END, a, 8)).toThrow(RangeError);
});
