import { openSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Chunks } from "../../src/kernel/index.ts";
import type { WordShape } from "../../src/terms/index.ts";
import { makeScratch } from "../bytes/scratch.ts";
import { kernelMemory } from "./memory-of.ts";

const { put } = makeScratch();
const { memory, kernel, a, take } = kernelMemory();
const bytes = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 37 + (i >> 8)) & 0xff));
const source = { name: "bytes", fd: openSync(put("bytes", bytes), "r") };

const extents = fc.array(
  fc
    .tuple(fc.nat({ max: 3000 }), fc.nat({ max: 1000 }))
    .map(([offset, length]) => ({ offset, bytes: length })),
  { maxLength: 12 },
);
const shapes: fc.Arbitrary<WordShape> = fc.constantFrom(
  { bytes: 8, endian: "little" },
  { bytes: 8, endian: "big" },
  { bytes: 4, endian: "little" },
  { bytes: 4, endian: "big" },
);

it("chunks cover the extents in order, each within one extent, and read as its words", () => {
  fc.assert(
    fc.property(extents, shapes, fc.constantFrom(8, 16, 64, 1000, 4096), (list, shape, chunkBytes) => {
      const chunks = Chunks.revive(structuredClone(new Chunks(source, list, shape, chunkBytes)) as Chunks);
      const words: bigint[] = [];
      for (let i = 0; i < chunks.count; ++i) {
        const chunk = chunks.at(i);
        expect(chunk.bytes).toBeGreaterThan(0);
        new Uint8Array(memory.buffer, a, chunkBytes + 8).fill(0xee);
        const count = chunks.read(chunk, kernel, memory.wasm, a);
        words.push(...take(a, count));
        // Past the chunk's room nothing is written.
        expect(new Uint8Array(memory.buffer, a + chunkBytes, 8).every((byte) => byte === 0xee)).toBe(true);
      }
      const expected: bigint[] = [];
      for (const { offset, bytes: length } of list) {
        const whole = Buffer.alloc(Math.ceil(length / 8) * 8);
        whole.set(bytes.subarray(offset, offset + length));
        for (let at = 0; at < length; at += shape.bytes) expected.push(wordAt(whole, at, shape));
      }
      expect(words).toEqual(expected);
      expect(chunks.words).toBe(expected.length);
      expect(chunks.bytes).toBe(list.reduce((sum, extent) => sum + extent.bytes, 0));
    }),
  );
});

it("offsets past 2^32 and counts past 2^32 stay exact", () => {
  const far = { offset: 2 ** 40 + 8, bytes: 2 ** 36 + 1 };
  const chunks = new Chunks(source, [{ offset: 0, bytes: 8 }, far], { bytes: 8, endian: "little" }, 8);
  expect(chunks.count).toBe(2 ** 33 + 2);
  expect(chunks.at(2 ** 33 + 1)).toEqual({ offset: far.offset + 2 ** 36, bytes: 1 });
  expect(chunks.words).toBe(2 ** 33 + 2);
});

it("there is no chunk at or after the count", () => {
  const none = new Chunks(source, [], { bytes: 8, endian: "little" });
  expect(none.count).toBe(0);
  expect(() => none.at(0)).toThrow(RangeError);
});

function wordAt(whole: Buffer, at: number, { bytes: size, endian }: WordShape): bigint {
  if (size === 8) return endian === "big" ? whole.readBigUInt64BE(at) : whole.readBigUInt64LE(at);
  return BigInt(endian === "big" ? whole.readUInt32BE(at) : whole.readUInt32LE(at));
}
