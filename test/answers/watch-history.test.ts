import { expect, it } from "vitest";
import type { WatchSample } from "../../src/answers/watch.ts";
import { WatchHistory, type WatchLook } from "../../src/answers/watch-history.ts";
import { address } from "../../src/terms/index.ts";

function look(at: number, rssBytes: number | null): WatchLook {
  const usage = rssBytes === null ? null : { name: "worker", rssBytes, swapBytes: 3, isStopped: false };
  return {
    ...{ at, usage, cgroup: null, pressure: 1.6, problem: null, moment: null },
    ...{ tookMillis: 1, cpuMillis: 1, intervalMillis: 1 },
  };
}

/** Types by name, each with its live objects, of 10 bytes. */
function sample(counts: Record<string, number>, freeBytes = 0): WatchSample {
  const types = Object.entries(counts).map(([name, count], index) => ({
    ...{ name, address: address(BigInt(0x1000 + 16 * index)), count, bytes: 10 * count },
    ...{ freedCount: 0, freedBytes: 0, isInferred: false },
  }));
  return { runtime: "CPython 3.11", types, memoryBytes: 1000, freeBytes, owners: null };
}

it("tells changes since the last sample and since the first", () => {
  const history = new WatchHistory(7);
  const frames = [
    history.frame(look(1000, 500), sample({ a: 5, b: 3 }, 40), 10),
    history.frame(look(2000, 600), sample({ a: 7, b: 3 }, 30), 10),
    history.frame(look(3000, 550), sample({ a: 6, b: 3, c: 2 }, 50), 10),
  ];
  expect(frames.map(({ totals }) => [totals.sample, totals.state, totals.millisSinceFirst])).toEqual([
    [1, "first", 0],
    [2, "running", 1000],
    [3, "running", 2000],
  ]);
  expect(frames.map(({ totals }) => [totals.rssBytes, totals.rssDiff, totals.rssSinceFirst])).toEqual([
    [500, null, null],
    [600, 100, 100],
    [550, -50, 50],
  ]);
  expect(frames.map(({ totals }) => totals.freeDiff)).toEqual([null, -10, 20]);
  const changes = frames.map(({ rows }) =>
    rows.map((row) => [
      row.type,
      row.count,
      row.countDiff,
      row.countSinceFirst,
      row.bytesDiff,
      row.bytesSinceFirst,
    ]),
  );
  expect(changes).toEqual([
    [
      ["a", 5, null, null, null, null],
      ["b", 3, null, null, null, null],
    ],
    [
      ["a", 7, 2, 2, 20, 20],
      ["b", 3, 0, 0, 0, 0],
    ],
    [
      ["a", 6, -1, 1, -10, 10],
      ["b", 3, 0, 0, 0, 0],
      ["c", 2, 2, 2, 20, 20],
    ],
  ]);
  expect(frames[0]?.input).toEqual({ path: "--pid 7", pid: 7, name: "worker" });
  expect(frames[0]?.totals).toMatchObject({
    time: "1970-01-01T00:00:01.000Z",
    pressurePercent: 2,
    swapBytes: 3,
  });
});

it("has as many rows as are wanted, and the rest in its totals", () => {
  const { rows, totals } = new WatchHistory(7).frame(look(0, 1), sample({ a: 5, b: 3, c: 2 }), 1);
  expect(rows).toHaveLength(1);
  expect(totals).toMatchObject({ types: 3, count: 10, bytes: 100, restCount: 5, restBytes: 50 });
});

it("compares with the last frame that has rows, over one that has none", () => {
  const history = new WatchHistory(7);
  history.frame(look(0, 100), sample({ a: 1 }), 10);
  const failed = history.frame({ ...look(1, 200), problem: "cannot be read" }, null, 10);
  expect(failed).toMatchObject({
    rows: [],
    totals: { problem: "cannot be read", runtime: null, freeBytes: null },
  });
  const { rows, totals } = history.frame(look(2, 250), sample({ a: 4 }), 10);
  expect(rows[0]).toMatchObject({ countDiff: 3, countSinceFirst: 3 });
  expect(totals).toMatchObject({ rssDiff: 50, rssSinceFirst: 150 });
});

it("ends with a frame that has the name still", () => {
  const history = new WatchHistory(7);
  history.frame(look(0, 100), sample({ a: 1 }), 10);
  const { input, totals } = history.frame(look(5, null), null, 0);
  expect(input.name).toBe("worker");
  expect(totals).toMatchObject({ state: "ended", rssBytes: null, rssDiff: null, sample: 2 });
});

it("counts a type's objects by its name, or the end of it", () => {
  const history = new WatchHistory(7);
  expect(history.countOf("Session")).toBeNull();
  history.frame(look(0, 1), sample({ "app.Session": 5, "other.Session": 2, "app.MySession": 100 }), 1);
  expect(history.countOf("app.Session")).toBe(5);
  expect(history.countOf("Session")).toBe(7);
  expect(history.countOf("ession")).toBe(0);
});

it("keeps owners of the first sample that has any, and of the last", () => {
  const history = new WatchHistory(7);
  const owners = (memory: number) => ({ rows: [], findings: [], before: { memory, owners: new Map() } });
  history.frame(look(0, 1), sample({}), 1);
  expect(history.owners).toBeNull();
  for (const memory of [1, 2, 3]) {
    const { totals } = history.frame(look(memory, 1), { ...sample({}), owners: owners(memory) }, 1);
    expect(totals.owners).toEqual([]);
  }
  expect(history.owners).toMatchObject({ first: { memory: 1 }, last: { memory: 3 } });
});
