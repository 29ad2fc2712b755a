import { expect, it } from "vitest";
import { Pace, tickAfter } from "../../../src/commands/watch/pace.ts";

it("is what was asked for, where that is no more than 4 % of a core", () => {
  const pace = new Pace(1000, 1);
  expect(pace.interval(0)).toBe(1000);
  expect(pace.interval(40)).toBe(1000);
  expect(pace.interval(41)).toBe(1025);
});

it("spreads what the first round takes, a dear one, over those up to the next dear one", () => {
  const pace = new Pace(100, 10);
  let all = pace.interval(1000);
  expect(all).toBe(2500);
  pace.keep(1000);
  for (let round = 0; round < 9; round += 1) {
    const interval = pace.interval(100);
    expect(interval).toBeLessThan(5625);
    all += interval;
    pace.keep(100);
  }
  expect(all).toBeGreaterThanOrEqual(25 * 1900);
  // Those of the last ten rounds, of which each is dear in turn.
  expect(pace.interval(1000)).toBe(4750);
  pace.keep(1000);
  expect(pace.interval(100)).toBe(4750);
});

it.each([
  { rounds: 3, costs: [300, 20, 20, 300, 20, 20, 300, 20, 20] },
  { rounds: 3, costs: [300, 20, 250, 20, 20, 250] },
  { rounds: 1, costs: [300, 20, 250, 20] },
])("takes no more than 4 % of each cycle's time, whatever the rounds cost: $costs", ({ rounds, costs }) => {
  const pace = new Pace(1, rounds);
  let [all, spent] = [0, 0];
  for (const [index, cost] of costs.entries()) {
    all += pace.interval(cost);
    pace.keep(cost);
    spent += cost;
    if ((index + 1) % rounds === 0) expect(spent / all).toBeLessThanOrEqual(0.04 + 1e-9);
  }
});

it("without dear rounds goes by the last one", () => {
  const pace = new Pace(1, 0);
  pace.keep(1000);
  expect(pace.interval(10)).toBe(250);
});

it("looks at conditions within a second, however long a look takes", () => {
  expect([0, 0.8, 50, 5000].map(tickAfter)).toEqual([50, 80, 1000, 1000]);
});
