import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/answers/index.ts";
import { tracemalloc } from "../../src/views/tracemalloc.ts";

function print(rows: JsonObject[]): string[] {
  const view = { rows } as unknown as Parameters<typeof tracemalloc.render>[0];
  return [...tracemalloc.render(view, { color: false })].join("").trimEnd().split("\n");
}

type Sum = [bytes: number, count: number];

const PYTHON = `
import json, sys, tracemalloc
for old, new in json.load(sys.stdin):
    frame = tracemalloc.Traceback((("a/b.py", 7),))
    print(tracemalloc.Statistic(frame, new[0], new[1]))
    print(tracemalloc.StatisticDiff(frame, new[0], new[0] - old[0], new[1], new[1] - old[1]))
`;

/** Sizes at and around where units change, and halves that are rounded to the even digit. */
const SIZES = [
  0,
  1,
  99,
  100,
  10_239,
  10_240,
  10_241,
  102_348,
  102_400,
  102_349,
  10_485_759,
  10_485_760,
  104_857_599,
  2 ** 31,
  1024 * 10.25,
  1024 * 10.75,
  1024 * 100.5,
  1024 * 101.5,
  2 ** 40 * 99.95,
  2 ** 45,
  2 ** 50,
].map(Math.floor);

describe("the lines of tracemalloc's statistics", () => {
  const ran = spawnSync("python3", ["-c", "import tracemalloc"]).status === 0;

  it.skipIf(!ran)("are as Python prints them", () => {
    const pairs = SIZES.flatMap((size, index) =>
      [0, 1, 3].map((count): [old: Sum, current: Sum] => [
        [SIZES[(index + 5) % SIZES.length] ?? 0, 2],
        [size, count],
      ]),
    );
    const { stdout } = spawnSync("python3", ["-c", PYTHON], {
      input: JSON.stringify(pairs),
      encoding: "utf8",
    });
    const rows = pairs.flatMap(([[oldBytes, oldCount], [newBytes, newCount]]): JsonObject[] => [
      { file: "a/b.py", line: 7, bytes: newBytes, count: newCount, frames: null },
      {
        ...{ frames: [{ file: "a/b.py", line: 7 }], newBytes: newBytes, newCount: newCount },
        ...{ bytesDiff: newBytes - oldBytes, countDiff: newCount - oldCount },
      },
    ]);
    expect(print(rows)).toEqual(stdout.trimEnd().split("\n"));
  });

  it("name the oldest frame of a traceback, and line 0 of a file", () => {
    const frames = [
      { file: "new.py", line: 1 },
      { file: "old.py", line: 2 },
    ];
    expect(
      print([
        { file: "new.py", line: 1, bytes: 10, count: 1, frames },
        { file: "new.py", line: null, bytes: 10, count: 1, frames: null },
        { file: null, line: 0, bytes: 10, count: 1, frames: null },
      ]),
    ).toEqual([
      "old.py:2: size=10 B, count=1, average=10 B",
      "new.py:0: size=10 B, count=1, average=10 B",
      "?:0: size=10 B, count=1, average=10 B",
    ]);
  });
});
