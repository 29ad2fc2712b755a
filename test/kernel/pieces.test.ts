import { openSync, truncateSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { cutPieces, readPiece, type SavedRange } from "../../src/kernel/index.ts";
import { failureOf, makeScratch } from "../bytes/scratch.ts";

const PIECE = 262_144;
const MOST_TAIL = 512;
const scratch = makeScratch();
const SOURCE = { name: "core", fd: 0 };

/** Disjoint ranges in any order, some of them longer than a piece, some that begin or end within a word. */
const ranges: fc.Arbitrary<SavedRange[]> = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3 * PIECE })),
      bytes: fc.oneof(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 3 * PIECE })),
      offset: fc.integer({ min: 0, max: 2 ** 40 }),
    }),
    { maxLength: 6 },
  )
  .chain((plans) => {
    let at = 0x7f00_0003_fff0;
    const made = plans.map(({ gap, bytes, offset }) => {
      const start = at + gap;
      at = start + bytes;
      return { start: BigInt(start), offset, bytes };
    });
    return fc.shuffledSubarray(made, { minLength: made.length });
  });

/** The definition: from each range's first whole word on, a piece for each stretch between multiples of 256 KiB. */
function piecesOf(given: readonly SavedRange[]) {
  const pieces: { start: number; bytes: number; offset: number; tail: number }[] = [];
  for (const { start, offset, bytes } of [...given].sort((a, b) => Number(a.start - b.start))) {
    const first = Number(start);
    const end = first + bytes;
    const word = first % 8 === 0 ? first : first + 8 - (first % 8);
    for (let border = Math.floor(word / PIECE) * PIECE; border < end; border += PIECE) {
      const from = Math.max(word, border);
      const to = Math.min(end, border + PIECE);
      if (from >= to) continue;
      const tail = Math.min(end - to, MOST_TAIL);
      pieces.push({ start: from, bytes: to - from, offset: offset + from - first, tail });
    }
  }
  return pieces;
}

it("cuts ranges at multiples of 256 KiB, in the order of addresses, each with what follows it", () => {
  fc.assert(
    fc.property(ranges, (given) => {
      const pieces = cutPieces(SOURCE, given);
      const expected = piecesOf(given);
      expect(pieces).toMatchObject({ from: SOURCE, count: expected.length });
      expect([...pieces.starts]).toEqual(expected.map(({ start }) => start));
      expect([...pieces.bytes]).toEqual(expected.map(({ bytes }) => bytes));
      expect([...pieces.offsets]).toEqual(expected.map(({ offset }) => offset));
      expect([...pieces.tails]).toEqual(expected.map(({ tail }) => tail));
      let pages = 0;
      const firstPages = expected.map(({ bytes }) => {
        pages += Math.ceil(bytes / 4096);
        return pages;
      });
      expect([...pieces.firstPages]).toEqual([0, ...firstPages]);
    }),
  );
});

it("leaves out what lies above user space, and what would reach into it", () => {
  const end = 1n << 48n;
  const starts = (range: SavedRange) => [...cutPieces(SOURCE, [range]).starts];
  expect(starts({ start: end - 4096n, offset: 0, bytes: 4095 })).toEqual([Number(end) - 4096]);
  expect(starts({ start: end - 4096n, offset: 0, bytes: 4096 })).toEqual([]);
  expect(starts({ start: end, offset: 0, bytes: 8 })).toEqual([]);
  expect(starts({ start: (1n << 64n) - 4096n, offset: 0, bytes: 8 })).toEqual([]);
});

it("reads a piece and its tail to the place that it is told, and nothing else", () => {
  const bytes = Uint8Array.from({ length: PIECE + 2000 }, (_, index) => (index * 7) % 251);
  const path = scratch.put("pieces", bytes);
  const fd = openSync(path, "r");
  const pieces = cutPieces({ name: path, fd }, [{ start: BigInt(PIECE), offset: 100, bytes: PIECE + 1000 }]);
  const memory = new WebAssembly.Memory({ initial: 6, maximum: 6, shared: true });
  const all = new Uint8Array(memory.buffer);
  readPiece(pieces, 0, memory, 64);
  expect(Buffer.compare(all.subarray(64, 64 + PIECE + 512), bytes.subarray(100, 100 + PIECE + 512))).toBe(0);
  expect(all.subarray(0, 64).every((byte) => byte === 0)).toBe(true);
  expect(all.subarray(64 + PIECE + 512).every((byte) => byte === 0)).toBe(true);
  all.fill(0);
  readPiece(pieces, 1, memory, 0);
  expect([...all.subarray(0, 1001)]).toEqual([...bytes.subarray(100 + PIECE, 100 + PIECE + 1000), 0]);
});

it("says where a file ended that was longer before", async () => {
  const path = scratch.put("shrinking", new Uint8Array(8192));
  const pieces = cutPieces({ name: path, fd: openSync(path, "r") }, [
    { start: 4096n, offset: 0, bytes: 8192 },
  ]);
  truncateSync(path, 4096);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  expect(await failureOf(async () => readPiece(pieces, 0, memory, 0))).toMatchObject({
    code: "changed",
    message: expect.stringMatching(/shrinking: became shorter while it was read: nothing at 0x1000$/),
  });
});
