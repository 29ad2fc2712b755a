import { describe, expect, it } from "vitest";
import { trends } from "../../src/heap/index.ts";

// Heaps from the bytes of each name over time.
function heaps(series: Readonly<Record<string, readonly number[]>>) {
  const length = Math.max(...Object.values(series).map((bytes) => bytes.length));
  return Array.from({ length }, (_, i) =>
    Object.entries(series)
      .filter(([, bytes]) => (bytes[i] ?? 0) > 0)
      .map(([name, bytes]) => ({ name, count: 1, bytes: bytes[i] ?? 0 })),
  );
}

describe("trends", () => {
  it("rank what grows in every step above a jump of the same size, and what shrank last", () => {
    const rows = trends(
      heaps({
        shrinks: [400, 300, 200, 100],
        jumps: [100, 100, 400, 400],
        steady: [100, 200, 300, 400],
        level: [1000, 1000, 1000, 1000],
        new: [0, 0, 0, 60],
        wobbles: [100, 300, 200, 400],
      }),
    );
    expect(rows.map(({ name }) => name)).toEqual(["steady", "wobbles", "jumps", "new", "level", "shrinks"]);
    expect(rows[0]).toEqual({
      name: "steady",
      counts: [1, 1, 1, 1],
      bytes: [100, 200, 300, 400],
      countDiff: 0,
      bytesDiff: 300,
      steps: 3,
    });
    expect(rows.find(({ name }) => name === "new")?.counts).toEqual([0, 0, 0, 1]);
  });

  it("break ties by name", () => {
    expect(trends(heaps({ b: [1, 2], a: [1, 2], B: [1, 2] })).map(({ name }) => name)).toEqual([
      "B",
      "a",
      "b",
    ]);
  });

  it("of the same rank come by bytes, then by objects that were gained", () => {
    // 6 bytes in one of two steps weigh as much as 3 in two, and a level name as one that shrank in no step at all.
    const named = (name: string, bytes: readonly number[], counts: readonly number[]) =>
      bytes.map((amount, i) => ({ name, bytes: amount, count: counts[i] ?? 0 }));
    const series = [
      named("a half", [0, 1, 3], [1, 1, 1]),
      named("b whole", [0, 0, 6], [1, 1, 1]),
      named("c more", [5, 5, 5], [1, 1, 3]),
      named("d fewer", [5, 5, 5], [3, 1, 1]),
      named("e level", [5, 5, 5], [1, 1, 1]),
    ];
    const rows = trends([0, 1, 2].map((heap) => series.flatMap((amounts) => amounts.slice(heap, heap + 1))));
    expect(rows.map(({ name, bytesDiff, countDiff, steps }) => [name, bytesDiff, countDiff, steps])).toEqual([
      ["b whole", 6, 0, 1],
      ["a half", 3, 0, 2],
      ["c more", 0, 2, 2],
      ["e level", 0, 0, 2],
      ["d fewer", 0, -2, 2],
    ]);
  });

  it("take a name that is gone for nothing, and one that shrinks by its steps down", () => {
    expect(trends([[{ name: "x", count: 4, bytes: 50 }], [{ name: "x", count: 1, bytes: 20 }], []])).toEqual([
      { name: "x", counts: [4, 1, 0], bytes: [50, 20, 0], countDiff: -4, bytesDiff: -50, steps: 2 },
    ]);
  });
});
