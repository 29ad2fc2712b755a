import { expect, it } from "vitest";
import { parseCondition } from "../../../src/commands/watch/condition.ts";
import { type Reading, Triggers } from "../../../src/commands/watch/triggers.ts";

const MIB = 2 ** 20;

function reading(of: Partial<Reading>): Reading {
  return { pid: 1, at: 0, rssBytes: 0, cgroup: null, pressure: null, countOf: () => null, ...of };
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

it("tells growth within a minute, wherever it began, and counts anew from there", () => {
  const own = triggers("rss+10M/min");
  const look = (seconds: number, mib: number) =>
    told(own.look([reading({ at: seconds * 1000, rssBytes: mib * MIB })]));
  expect(look(0, 50)).toEqual([]);
  expect(look(10, 40)).toEqual([]);
  expect(look(20, 50)).toEqual([]);
  expect(look(30, 51)).toEqual(["1 rss+10M/min"]);
  expect(look(40, 60)).toEqual([]);
  expect(look(50, 62)).toEqual(["1 rss+10M/min"]);
  // Slower than that.
  for (let minute = 1; minute < 20; minute += 1) expect(look(50 + 30 * minute, 62 + 4 * minute)).toEqual([]);
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
