import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Counts, mergeCounts, type SortedCounts } from "../../src/words/index.ts";
import { failureOf, makeScratch } from "../bytes/scratch.ts";
import { DISTRIBUTIONS, randomWords } from "./distributions.ts";

const { folder } = makeScratch();
const OPTIONS = { least: 1, filtered: false, memory: 2 ** 25, temporaryFolder: folder };

type Row = readonly [word: bigint, count: bigint];

/** A part that keeps its rows in groups of so many. */
function partOf(rows: readonly Row[], groupRows: number): SortedCounts {
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  const groups = Array.from({ length: Math.ceil(sorted.length / groupRows) }, (_, group) =>
    sorted.slice(group * groupRows, (group + 1) * groupRows),
  );
  return {
    groups: groups.map(({ length }) => length),
    async read(group) {
      const rows = groups[group] ?? [];
      return {
        words: BigUint64Array.from(rows, ([word]) => word),
        counts: BigInt64Array.from(rows, ([, count]) => count),
      };
    },
  };
}

async function rowsOf(counts: Counts): Promise<[bigint, number][]> {
  const rows = counts.kind === "top" ? counts.rows : counts.histogram.rows();
  const found: [bigint, number][] = [];
  for (const { word, count } of rows) found.push([word, count]);
  if (counts.kind === "all") await counts.histogram.crew.close();
  return found;
}

/** The slow way. */
function added(parts: readonly (readonly Row[])[]): [bigint, number][] {
  const sums = new Map<bigint, bigint>();
  for (const [word, count] of parts.flat()) sums.set(word, (sums.get(word) ?? 0n) + count);
  return [...sums]
    .map(([word, count]): [bigint, number] => [word, Number(count)])
    .sort(([a, n], [b, m]) => m - n || (a < b ? 1 : -1));
}

const anyPart = fc.uniqueArray(
  fc.tuple(
    fc.oneof(fc.bigInt({ min: 0n, max: 40n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    fc.oneof(fc.bigInt({ min: 1n, max: 4n }), fc.bigInt({ min: 1n, max: 2n ** 45n })),
  ),
  { selector: ([word]) => word, maxLength: 60 },
);

describe("parts that are merged", () => {
  it("are the sums of what all have, by count, then by word", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyPart, { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 1, max: 70 }),
        fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(Number.POSITIVE_INFINITY)),
        fc.integer({ min: 1, max: 5 }),
        async (parts, groupRows, limit, least) => {
          const counts = await mergeCounts(
            parts.map((rows) => partOf(rows, groupRows)),
            { ...OPTIONS, limit, least },
          );
          // What is less than the least is left out by whoever takes rows of a histogram.
          const wanted = added(parts).filter(([, count]) => count >= (counts.kind === "top" ? least : 1));
          expect(await rowsOf(counts)).toEqual(wanted.slice(0, limit));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(Object.keys(DISTRIBUTIONS))("of many rows, %s, fit the memory that there is", async (name) => {
    const random = randomWords(7);
    const next = DISTRIBUTIONS[name] ?? random;
    const parts = Array.from({ length: 5 }, () => {
      const seen = new Map<bigint, bigint>();
      for (let i = 0; i < 20_000; i += 1) {
        const word = next(random, i, 20_000);
        seen.set(word, (seen.get(word) ?? 0n) + 1n);
      }
      return [...seen];
    });
    const expected = added(parts);
    for (const [memory, groupRows] of [
      [2 ** 26, 20_000],
      // Less than the rows take: the rest goes to a file.
      [64 * 5 * 100, 100],
    ] as const) {
      const merged = parts.map((rows) => partOf(rows, groupRows));
      const counts = await mergeCounts(merged, { ...OPTIONS, memory, limit: Number.POSITIVE_INFINITY });
      if (counts.kind === "all") expect(counts.histogram.distinct).toBe(expected.length);
      expect(await rowsOf(counts)).toEqual(expected);
    }
  });

  it("that have more in memory than there may be are refused in words", async () => {
    const part = partOf(
      [...Array(1000).keys()].map((word) => [BigInt(word), 1n]),
      1000,
    );
    const failure = await failureOf(() => mergeCounts([part, part], { ...OPTIONS, limit: 10, memory: 1000 }));
    expect(failure).toMatchObject({
      code: "limit",
      message: expect.stringMatching(/^2 parts take .*: set --memory/),
    });
  });

  it("are none, or empty", async () => {
    for (const parts of [[], [partOf([], 5)]]) {
      expect(await rowsOf(await mergeCounts(parts, { ...OPTIONS, limit: 10 }))).toEqual([]);
      const all = { ...OPTIONS, limit: Number.POSITIVE_INFINITY };
      expect(await rowsOf(await mergeCounts(parts, all))).toEqual([]);
    }
  });
});
