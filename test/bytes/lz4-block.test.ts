import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeLz4Block } from "../../src/bytes/lz4-block.ts";

/** Literals, then a match `distance` back (folded into what is there) of at least four bytes. */
const sequence = fc.record({
  literals: fc.uint8Array({ maxLength: 40 }),
  stretch: fc.constantFrom(1, 20),
  distance: fc.nat(70_000),
  length: fc.oneof(fc.integer({ min: 4, max: 40 }), fc.integer({ min: 4, max: 2_000 })),
});

function writeLength(out: number[], length: number): void {
  let left = length - 15;
  for (; left >= 255; left -= 255) out.push(255);
  if (left >= 0) out.push(left);
}

describe("an lz4 block", () => {
  test("gives what its sequences say, history included", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.array(sequence, { maxLength: 12 }),
        fc.uint8Array({ maxLength: 600 }),
        (history, sequences, last) => {
          const block: number[] = [];
          const expected: number[] = [...history];
          for (const { literals, stretch, distance, length } of sequences) {
            const run = Array.from(
              { length: literals.length * stretch },
              (_, n) => literals[n % literals.length] ?? 0,
            );
            expected.push(...run);
            if (expected.length === 0) continue;
            const offset = 1 + (distance % Math.min(expected.length, 65_535));
            block.push((Math.min(run.length, 15) << 4) | Math.min(length - 4, 15));
            writeLength(block, run.length);
            block.push(...run, offset & 255, offset >> 8);
            writeLength(block, length - 4);
            for (let n = 0; n < length; n++) expected.push(expected[expected.length - offset] ?? 0);
          }
          block.push(Math.min(last.length, 15) << 4);
          writeLength(block, last.length);
          block.push(...last);
          expected.push(...last);

          const into = new Uint8Array(expected.length + 3).fill(0xaa);
          into.set(history);
          const end = decodeLz4Block(Uint8Array.from(block), into, history.length, 0);
          expect(end).toBe(expected.length);
          expect(Buffer.from(into.subarray(0, end)).equals(Buffer.from(expected))).toBe(true);
          // One byte less room, and it must not fit.
          if (end > history.length) {
            expect(
              decodeLz4Block(Uint8Array.from(block), into.subarray(0, end - 1), history.length, 0),
            ).toBeLessThan(0);
          }
        },
      ),
    );
  });

  test("of any bytes at all stays within its bounds", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(500), (block, room) => {
        const memory = new Uint8Array(room + 200).fill(0xaa);
        const end = decodeLz4Block(block, memory.subarray(0, room + 100), 100, 50);
        expect(memory.subarray(0, 100).every((byte) => byte === 0xaa)).toBe(true);
        expect(memory.subarray(room + 100).every((byte) => byte === 0xaa)).toBe(true);
        expect(end).toBeLessThanOrEqual(room + 100);
        if (end < 0) expect(-1 - end).toBeLessThanOrEqual(block.length);
        else expect(end).toBeGreaterThanOrEqual(100);
      }),
      { numRuns: 2_000 },
    );
  });

  test("may not look back before its bound, nor at itself", () => {
    const block = Uint8Array.from([0x10, 7, 2, 0, 0]);
    const into = new Uint8Array(100);
    expect(decodeLz4Block(block, into, 10, 9)).toBe(15);
    expect(decodeLz4Block(block, into, 10, 10)).toBeLessThan(0);
    expect(decodeLz4Block(Uint8Array.from([0x10, 7, 0, 0, 0]), into, 10, 0)).toBeLessThan(0);
    expect(decodeLz4Block(new Uint8Array(0), into, 10, 0)).toBeLessThan(0);
  });
});
