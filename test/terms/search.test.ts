import fc from "fast-check";
import { expect, test } from "vitest";
import { partitionPoint } from "../../src/terms/index.ts";

test("the first that is not before is found, as a search one by one finds it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 })),
      fc.integer({ min: -1, max: 10 }),
      (values, least) => {
        const sorted = values.sort((a, b) => a - b);
        const first = sorted.findIndex((value) => value >= least);
        const isBefore = (index: number) => (sorted[index] ?? Number.NaN) < least;
        expect(partitionPoint(0, sorted.length, isBefore)).toBe(first < 0 ? sorted.length : first);
        const from = Math.min(2, sorted.length);
        expect(partitionPoint(from, sorted.length, isBefore)).toBe(
          Math.max(from, first < 0 ? sorted.length : first),
        );
      },
    ),
  );
});
