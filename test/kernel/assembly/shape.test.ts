import fc from "fast-check";
import { expect, it } from "vitest";
import { kernelMemory, words } from "../memory-of.ts";

const { kernel, a, put, take, bytes, memory } = kernelMemory();

it("byteSwap8 reverses the bytes of each word, and of no word after them", () => {
  fc.assert(
    fc.property(words, (values) => {
      put(a, [...values, 0x0102030405060708n]);
      const raw = Buffer.from(bytes(a, values.length * 8));
      kernel.byteSwap8(a, values.length);
      expect(take(a, values.length)).toEqual(values.map((_, i) => raw.readBigUInt64BE(8 * i)));
      expect(take(a + 8 * values.length, 1)).toEqual([0x0102030405060708n]);
    }),
  );
});

it("byteSwap4 reverses the bytes of each half", () => {
  fc.assert(
    fc.property(words, fc.nat({ max: 1 }), (values, odd) => {
      put(a, [...values, 0x0102030405060708n]);
      const count = 2 * values.length + odd;
      const raw = Buffer.from(bytes(a, values.length * 8 + 8));
      kernel.byteSwap4(a, count);
      const halves = [...new Uint32Array(memory.buffer, a, count + 1)];
      expect(halves).toEqual(
        halves.map((_, i) => (i < count ? raw.readUInt32BE(4 * i) : raw.readUInt32LE(4 * i))),
      );
    }),
  );
});

it("widen zero-extends, in place from the upper half of the target", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 200 }),
      fc.nat({ max: 50 }),
      (halves, slack) => {
        const from = a + 4 * (halves.length + slack);
        new Uint32Array(memory.buffer, from, halves.length).set(halves);
        kernel.widen(from, halves.length, a);
        expect(take(a, halves.length)).toEqual(halves.map(BigInt));
      },
    ),
  );
});
