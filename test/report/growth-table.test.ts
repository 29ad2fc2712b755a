import { describe, expect, it } from "vitest";
import { courseOf, describeCourse, type GrownRow, growthTable } from "../../src/report/growth-table.ts";

describe("what became of it", () => {
  it.each([
    [[0, 5], "new"],
    [[5, 0], "gone"],
    [[5, 9], "grew"],
    [[9, 5], "shrank"],
    [[5, 5], "same size"],
    [[1, 2, 3], "grew steadily"],
    [[3, 2, 1], "shrank steadily"],
    [[1, 3, 2], "grew"],
    [[1, 1, 2], "grew"],
    [[2, 3, 2], "same size"],
    [[0, 0, 4], "new"],
  ])("%j is %s", (course, words) => {
    expect(describeCourse(course)).toBe(words);
  });
});

const grown = {
  ...{ by: "owner", name: "app.cache", oldCount: 1, newCount: 4, countDiff: 3 },
  ...{ oldBytes: 100, newBytes: 400, bytesDiff: 300, oldNativeBytes: 20, newNativeBytes: 50 },
  ...{ oldLength: null, newLength: null, freshCount: null, freshBytes: null, symbol: null, frames: null },
} as const satisfies GrownRow;

it("native memory is in an owner's course, and where there is none, none is added", () => {
  expect(courseOf(grown)).toEqual([120, 450]);
  expect(courseOf({ ...grown, oldNativeBytes: null, newNativeBytes: null })).toEqual([100, 400]);
});

it("the table has the change of bytes and objects, as sorting takes it", () => {
  const values = growthTable("owner").columns.map((column) => [column.key, column.of(grown)]);
  expect(values).toEqual([
    ["name", "app.cache"],
    ["change", 330],
    ["course", "grew"],
    ["first", 120],
    ["last", 450],
    ["count", 3],
  ]);
});
