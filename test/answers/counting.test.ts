import { expect, it } from "vitest";
import { checkMemory, closeCounts, selectRows, wantedOf } from "../../src/answers/counting.ts";
import { wordsTotals } from "../../src/answers/words-totals.ts";
import type { Names } from "../../src/symbols/index.ts";
import { type Counts, LEAST_MEMORY } from "../../src/words/index.ts";

const counts: Counts = {
  kind: "top",
  rows: [
    { word: 9n, count: 5 },
    { word: 8n, count: 5 },
    { word: 7n, count: 3 },
    { word: 6n, count: 1 },
  ],
};
const partial: unknown = { find: (word: bigint) => (word % 2n === 0n ? "even" : null) };
const names = partial as Names;
const wordsOf = (options: Parameters<typeof wantedOf>[0], more: Parameters<typeof wantedOf>[1] = {}) =>
  [...selectRows(counts, wantedOf(options, more), names)].map(({ word }) => Number(word));

it("wants ten rows of any count, named or not, unless it is asked for others", () => {
  const all = { limit: 10, least: 1, resolved: false, distinct: false, only: null };
  expect(wantedOf({})).toEqual(all);
  const only = (word: bigint) => word > 0n;
  const more = { resolved: true, distinct: true, only };
  expect(wantedOf({ limit: 0, least: 2 }, more)).toEqual({ limit: 0, least: 2, ...more });
});

it("selects by count and by name before it counts the rows", () => {
  expect(wordsOf({})).toEqual([9, 8, 7, 6]);
  expect(wordsOf({ limit: 2 })).toEqual([9, 8]);
  expect(wordsOf({ limit: 0 })).toEqual([]);
  expect(wordsOf({ least: 3 })).toEqual([9, 8, 7]);
  expect(wordsOf({ least: 4 })).toEqual([9, 8]);
  expect(wordsOf({ limit: 2 }, { resolved: true })).toEqual([8, 6]);
  expect([...selectRows(counts, wantedOf({}, { resolved: true }), null)]).toHaveLength(4);
  expect(wordsOf({ limit: 2 }, { only: (word) => word % 2n === 1n })).toEqual([9, 7]);
});

it("counts what is in no row, and different words only where all were counted", () => {
  const all = { bytes: 160, words: 20 };
  const totals = wordsTotals(all, counts, wantedOf({ limit: 2 }), null);
  expect([totals.restCount, totals.restCount, totals.distinct]).toEqual([10, 10, null]);
  expect([totals.bytes, totals.words]).toEqual([all.bytes, all.words]);
  expect(wordsTotals(all, counts, wantedOf({}, { distinct: true }), null).distinct).toBe(4);
});

it("refuses less memory than any count takes", () => {
  expect(() => checkMemory({ memory: LEAST_MEMORY - 1 })).toThrow(/^--memory is .* at the least$/);
  expect(() => checkMemory({ memory: LEAST_MEMORY })).not.toThrow();
});

it("ends the threads of a whole histogram, and there are none of a top", async () => {
  let closed = 0;
  const whole: unknown = {
    kind: "all",
    histogram: {
      crew: {
        close: async () => {
          closed += 1;
        },
      },
    },
  };
  await closeCounts(whole as Counts);
  await closeCounts(counts);
  expect(closed).toBe(1);
});
