import { openSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { cutPieces, JOB, PIECE_BYTES } from "../../../../src/kernel/index.ts";
import { JobQueue } from "../../../../src/runtimes/cpython/edges/table-jobs.ts";

const START = 0x7f00_0000_0000;
// Cut and never read.
const pieces = cutPieces({ name: "memory", fd: openSync("/dev/null", "r") }, [
  { start: BigInt(START), offset: 0, bytes: 4 * PIECE_BYTES },
  { start: BigInt(START + 8 * PIECE_BYTES), offset: 4 * PIECE_BYTES, bytes: PIECE_BYTES },
]);
const WORDS = 0;
const ENTRIES_24 = 2;
const SPECIAL = 6;

const job = (kind: number, at: number, count: number) => [
  at % 2 ** 32,
  Math.floor(at / 2 ** 32) + kind * 65_536,
  7,
  count,
  0,
  0,
];

it("cuts jobs at the ends of pieces, sorts them, and loses none of their items that are saved", () => {
  const arbitrary = fc.array(
    fc.record({
      kind: fc.constantFrom(WORDS, ENTRIES_24),
      word: fc.integer({ min: 0, max: (9 * PIECE_BYTES) / 8 - 1 }),
      count: fc.integer({ min: 1, max: 20_000 }),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(arbitrary, (given) => {
      const queue = new JobQueue(pieces, 2 ** 30);
      const rows = given.flatMap(({ kind, word, count }) => job(kind, START + word * 8, count));
      queue.add(Uint32Array.from(rows), () => {
        throw new Error("no special job");
      });
      const { places, firsts, bytes } = queue.sorted();
      expect([...places]).toEqual([...new Set(places)].sort((a, b) => a - b));
      let items = 0;
      for (let place = 0; place < places.length; place += 1)
        for (let row = firsts[place] ?? 0; row < (firsts[place + 1] ?? 0); row += 1) {
          const at = (bytes[row * 6] ?? 0) + ((bytes[row * 6 + 1] ?? 0) & 0xffff) * 2 ** 32;
          const count = bytes[row * 6 + 3] ?? 0;
          const item = (bytes[row * 6 + 1] ?? 0) >>> 16 === WORDS ? 8 : 24;
          const piece = places[place] ?? 0;
          const start = pieces.starts[piece] ?? 0;
          expect(at).toBeGreaterThanOrEqual(start);
          expect(at + (count - 1) * item).toBeLessThan(start + (pieces.bytes[piece] ?? 0));
          items += count;
        }
      expect(items).toBe(given.reduce((sum, one) => sum + savedItems(one), 0));
    }),
  );
});

/** Items up to the first that begins in no piece. */
function savedItems({ kind, word, count }: { kind: number; word: number; count: number }): number {
  const item = kind === WORDS ? 8 : 24;
  for (let index = 0; index < count; index += 1) {
    const offset = word * 8 + index * item;
    if (offset >= 4 * PIECE_BYTES && (offset < 8 * PIECE_BYTES || offset >= 9 * PIECE_BYTES)) return index;
  }
  return count;
}

it("leaves out what is more than there is, and hands special jobs back", () => {
  const queue = new JobQueue(pieces, 8000);
  const special: number[] = [];
  queue.add(
    Uint32Array.from([
      ...job(WORDS, START, 1500),
      ...job(SPECIAL, START + 64, 1),
      ...job(WORDS, START, 1500),
    ]),
    ({ address }) => special.push(address),
  );
  expect(queue.count).toBe(1);
  expect(queue.lostWords).toBe(1500);
  expect(special).toEqual([START + 64]);
});

it.each([
  [JOB.WORDS, 8],
  [JOB.PAIRS, 16],
  [JOB.ENTRIES_24, 24],
  [JOB.ENTRIES_16, 16],
])("of kind %i an item has %i bytes: what begins in a piece is done there", (kind, itemBytes) => {
  const queue = new JobQueue(pieces, 2 ** 30);
  const at = START + PIECE_BYTES - 5 * itemBytes + 8;
  queue.add(Uint32Array.from(job(kind, at, 9)), () => {});
  const { bytes } = queue.sorted();
  expect(queue.count).toBe(0);
  const rows = [0, 6].map((row) => [
    (bytes[row] ?? 0) + ((bytes[row + 1] ?? 0) & 0xffff) * 2 ** 32 - START,
    (bytes[row + 1] ?? 0) >>> 16,
    bytes[row + 3],
  ]);
  // Of words the fifth begins the next piece; of others it only ends there.
  const here = itemBytes === 8 ? 4 : 5;
  expect(rows).toEqual([
    [at - START, kind, here],
    [at - START + here * itemBytes, kind, 9 - here],
  ]);
});

it.each([JOB.KEYS, JOB.SPLIT])("a table of kind %i is one job, whole", (kind) => {
  const queue = new JobQueue(pieces, 64);
  queue.add(Uint32Array.from([...job(kind, START + PIECE_BYTES - 8, 1), ...job(kind, START, 1)]), () => {});
  expect(queue.count).toBe(2);
  queue.add(Uint32Array.from(job(kind, START, 1)), () => {});
  expect([queue.count, queue.lostWords]).toEqual([2, 8]);
});

it("takes more jobs than there is room for at first, in their order", () => {
  const queue = new JobQueue(pieces, 2 ** 30);
  const many = Array.from({ length: 300 }, (_, index) => job(JOB.WORDS, START + 8 * index, 1)).flat();
  queue.add(Uint32Array.from(many), () => {});
  const { places, firsts, bytes } = queue.sorted();
  expect([[...places], [...firsts], bytes.length]).toEqual([[0], [0, 300], 1800]);
  expect([...bytes]).toEqual(many.map((word) => word));
});
