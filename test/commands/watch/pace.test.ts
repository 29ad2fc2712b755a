import { expect, it } from "vitest";
import { Pace } from "../../../src/commands/watch/pace.ts";

it("is what was asked for, where that is no more than 5 % of a core", () => {
  const pace = new Pace(1000, 10);
  expect(pace.interval(0)).toBe(1000);
  expect(pace.interval(50)).toBe(1000);
  expect(pace.interval(51)).toBe(1020);
});

it("takes the mean of the last rounds: each tenth is dear", () => {
  const pace = new Pace(100, 10);
  pace.keep(1000);
  expect(pace.interval(1000)).toBe(20_000);
  for (let round = 0; round < 8; round += 1) pace.keep(100);
  expect(pace.interval(100)).toBe(3800);
  pace.keep(100);
  // The dear one is the eleventh last.
  expect(pace.interval(100)).toBe(2000);
});

it("never takes more than 5 % of all time, whatever the rounds cost", () => {
  const pace = new Pace(1, 3);
  let [all, spent] = [0, 0];
  for (const cost of [300, 20, 20, 300, 20, 20, 300, 20, 20]) {
    all += pace.interval(cost);
    pace.keep(cost);
    spent += cost;
    expect(spent / all).toBeLessThanOrEqual(0.05 + 1e-9);
  }
});

it("without dear rounds goes by the last one", () => {
  const pace = new Pace(1, 0);
  pace.keep(1000);
  expect(pace.interval(10)).toBe(200);
});
