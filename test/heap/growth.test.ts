import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addedUp, compareAmounts, compareNames, foldAlike } from "../../src/heap/growth.ts";

const amounts = fc.array(
  fc.record({
    name: fc.constantFrom("a", "b", "c", "d", "é"),
    count: fc.nat({ max: 5 }),
    bytes: fc.nat({ max: 50 }),
  }),
);

describe("growth", () => {
  it("is biggest change first, then by count, then by name, and adds up", () => {
    fc.assert(
      fc.property(amounts, amounts, (older, newer) => {
        const rows = compareAmounts(older, newer);
        const sum = (list: readonly { bytes: number }[]) =>
          list.reduce((total, { bytes }) => total + bytes, 0);
        expect(rows.reduce((total, row) => total + row.bytesDiff, 0)).toBe(sum(newer) - sum(older));
        expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
        expect(compareAmounts([...older].reverse(), [...newer].reverse())).toEqual(rows);
        rows.slice(1).forEach((row, i) => {
          const above = rows[i] ?? row;
          const key = (r: typeof row) => [-Math.abs(r.bytesDiff), -Math.abs(r.countDiff)] as const;
          const [bytes, count] = key(row);
          const [bytesAbove, countAbove] = key(above);
          expect(
            bytesAbove < bytes ||
              (bytesAbove === bytes &&
                (countAbove < count || (countAbove === count && above.name < row.name))),
          ).toBe(true);
        });
      }),
    );
  });

  it("has lengths where there are items, and nothing for what is not there", () => {
    expect(
      compareAmounts(
        [
          { name: "x", count: 3, bytes: 100, length: 2 },
          { name: "gone", count: 1, bytes: 10 },
        ],
        [{ name: "x", count: 13, bytes: 900, length: 12 }],
      ),
    ).toEqual([
      {
        name: "x",
        oldCount: 3,
        newCount: 13,
        countDiff: 10,
        oldBytes: 100,
        newBytes: 900,
        bytesDiff: 800,
        oldLength: 2,
        newLength: 12,
      },
      {
        name: "gone",
        oldCount: 1,
        newCount: 0,
        countDiff: -1,
        oldBytes: 10,
        newBytes: 0,
        bytesDiff: -10,
        oldLength: null,
        newLength: null,
      },
    ]);
  });

  it("adds up what has items and what has none to the items that there are", () => {
    const bare = { name: "x", count: 1, bytes: 10 };
    const full = { name: "x", count: 2, bytes: 30, length: 5 };
    const sumOf = (...amounts: Parameters<typeof addedUp>[0][]) =>
      addedUp(amounts.flatMap((a) => [...a])).get("x");
    expect(sumOf([bare, full])).toEqual({ name: "x", count: 3, bytes: 40, length: 5 });
    expect(sumOf([full, bare])).toEqual({ name: "x", count: 3, bytes: 40, length: 5 });
    expect(sumOf([full, full])).toEqual({ name: "x", count: 4, bytes: 60, length: 10 });
    expect(sumOf([bare, bare])).toStrictEqual({ name: "x", count: 2, bytes: 20 });
  });

  it("compares names by their code units", () => {
    expect([compareNames("a", "b"), compareNames("b", "a"), compareNames("a", "a")]).toEqual([-1, 1, 0]);
    expect(compareNames("Z", "a")).toBe(-1);
  });

  it("is of all that are alike, where there are several in a heap or they have other names in the next", () => {
    const thread = (number: number, bytes: number) => ({
      ...{ name: `<thread ${number} f>.rows`, like: "<threads in f>.rows", count: 1, bytes },
    });
    const names = (...heaps: Parameters<typeof foldAlike>[0]) =>
      foldAlike(heaps).map((heap) => heap.map(({ name }) => name));
    const [alone, alike] = ["<thread 1 f>.rows", "<threads in f>.rows"];
    expect(names([thread(1, 10)], [thread(1, 30)])).toEqual([[alone], [alone]]);
    expect(names([thread(1, 10)], [thread(2, 30)])).toEqual([[alike], [alike]]);
    expect(names([thread(1, 10)], [thread(1, 30), thread(2, 5)])).toEqual([[alike], [alike, alike]]);
    expect(names([thread(1, 10)], [], [thread(1, 10)])).toEqual([[alone], [], [alone]]);
    // Tasks have one name from the start.
    const task = { name: "<task f>", like: "<tasks in f>", count: 1, bytes: 10 };
    expect(names([task], [task, task])).toEqual([["<tasks in f>"], ["<tasks in f>", "<tasks in f>"]]);
    expect(names([{ name: "x", count: 1, bytes: 1 }, thread(1, 2)], [thread(2, 1)])).toEqual([
      ["x", alike],
      [alike],
    ]);
  });
});
