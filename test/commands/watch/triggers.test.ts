import { expect, it } from "vitest";
import { parseCondition } from "../../../src/commands/watch/condition.ts";
import { type Reading, Triggers } from "../../../src/commands/watch/triggers.ts";

const MIB = 2 ** 20;

function reading(of: Partial<Reading>): Reading {
  return {
    pid: 1,
    at: 0,
    sampledAt: 0,
    rssBytes: 0,
    cgroup: null,
    pressure: null,
    countOf: () => null,
    ...of,
  };
}

function triggers(...conditions: string[]): Triggers {
  return new Triggers(conditions.map(parseCondition));
}

const told = (fired: ReturnType<Triggers["look"]>) =>
  fired.map(({ pid, condition }) => `${pid} ${condition.text}`);

it("tells once that a condition holds, and again after it did not by more than a wave", () => {
  const own = triggers("rss>100M");
  const look = (mib: number) => told(own.look([reading({ rssBytes: mib * MIB })]));
  expect(look(100)).toEqual([]);
  expect(look(101)).toEqual(["1 rss>100M"]);
  expect(look(200)).toEqual([]);
  expect(look(99)).toEqual([]);
  expect(look(101)).toEqual([]);
  expect(look(90)).toEqual([]);
  expect(look(101)).toEqual(["1 rss>100M"]);
});

it("tells growth within a minute, wherever it began, and again once it did not hold", () => {
  const own = triggers("rss+10M/min");
  const look = (seconds: number, mib: number) =>
    told(own.look([reading({ at: seconds * 1000, rssBytes: mib * MIB })]));
  expect(look(0, 50)).toEqual([]);
  expect(look(10, 40)).toEqual([]);
  expect(look(20, 50)).toEqual([]);
  expect(look(30, 51)).toEqual(["1 rss+10M/min"]);
  // It goes on so for minutes: it never ceased to hold.
  for (let tick = 4; tick < 40; tick += 1) expect(look(10 * tick, 51 + 5 * tick)).toEqual([]);
  for (let tick = 40; tick < 50; tick += 1) expect(look(10 * tick, 246)).toEqual([]);
  expect(look(500, 256)).toEqual([]);
  expect(look(510, 257)).toEqual(["1 rss+10M/min"]);
});

it("takes of growth between looks that are minutes apart what is of one minute", () => {
  const own = triggers("app.Session+100/min");
  const look = (seconds: number, sampled: number, count: number) =>
    told(own.look([reading({ at: seconds * 1000, sampledAt: sampled * 1000, countOf: () => count })]));
  expect(look(0, 0, 1000)).toEqual([]);
  expect(look(100, 0, 1000)).toEqual([]);
  // 90 a minute, and not 270 within the second since the last look at what was known.
  expect(look(180, 180, 1270)).toEqual([]);
  expect(look(181, 180, 1270)).toEqual([]);
  expect(look(300, 300, 1510)).toEqual(["1 app.Session+100/min"]);
  // What is known is of then, however late it is.
  expect(look(370, 300, 1510)).toEqual([]);
  expect(look(420, 420, 1750)).toEqual([]);
});

it("keeps the lowest of the last minute, and no more than a minute's points", () => {
  const own = triggers("rss+10M/min");
  for (let tick = 0; tick < 10_000; tick += 1)
    expect(own.look([reading({ at: tick * 100, rssBytes: (50 + tick / 100) * MIB })])).toEqual([]);
  expect(told(own.look([reading({ at: 1_000_100, rssBytes: 155 * MIB })]))).toEqual(["1 rss+10M/min"]);
});

it("tells what processes share of the one that has most memory, and once", () => {
  const own = triggers("cgroup>90%", "cgroup>95M", "pressure>10%");
  const cgroup = (used: number) => ({ path: "/a", usedBytes: used * MIB, limitBytes: 100 * MIB });
  const look = (used: number, pressure: number) =>
    told(
      own.look([
        reading({ pid: 1, rssBytes: 10, cgroup: cgroup(used), pressure }),
        reading({ pid: 2, rssBytes: 30, cgroup: cgroup(used), pressure }),
        reading({
          pid: 3,
          rssBytes: 20,
          cgroup: { ...cgroup(used), path: "/b", limitBytes: null },
          pressure: 0,
        }),
      ]),
    );
  expect(look(50, 0)).toEqual([]);
  expect(look(91, 0)).toEqual(["2 cgroup>90%"]);
  expect(look(96, 11)).toEqual(["2 cgroup>95M", "2 pressure>10%", "3 cgroup>95M"]);
  // Who has most by now has no moment of its own.
  expect(told(own.look([reading({ pid: 4, rssBytes: 99, cgroup: cgroup(97), pressure: 12 })]))).toEqual([]);
});

it("compares a type's objects as soon as there is a sample", () => {
  const own = triggers("app.Session>5");
  const look = (count: number | null) =>
    told(own.look([reading({ countOf: (type) => (type === "app.Session" ? count : 1000) })]));
  expect(look(null)).toEqual([]);
  expect(look(5)).toEqual([]);
  expect(look(6)).toEqual(["1 app.Session>5"]);
});

it("forgets a process that ended: its number may be another's", () => {
  const own = triggers("rss>1M");
  const look = () => told(own.look([reading({ rssBytes: 2 * MIB })]));
  expect(look()).toEqual(["1 rss>1M"]);
  expect(look()).toEqual([]);
  own.forget(2);
  expect(look()).toEqual([]);
  own.forget(1);
  expect(look()).toEqual(["1 rss>1M"]);
});
