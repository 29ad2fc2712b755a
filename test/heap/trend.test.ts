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
});
