import { expect, it } from "vitest";
import { describeReached } from "../../src/answers/coverage.ts";

const none = { count: 0, bytes: 0 };
const nothing = {
  modules: none,
  frames: none,
  stacks: none,
  data: none,
  interned: none,
  other: none,
  garbage: none,
};

it("tells the share of each kind of roots that leads to anything, garbage last", () => {
  const reached = {
    ...nothing,
    garbage: { count: 1, bytes: 512 },
    modules: { count: 3, bytes: 1024 },
    data: { count: 1, bytes: 0 },
  };
  expect(describeReached(reached, 2048)).toBe(
    "2.0 KiB of live objects, reached: 50.0 % from modules, 0.0 % from C data, 25.0 % from nothing",
  );
});

it("tells of no bytes without a division by them", () => {
  expect(describeReached({ ...nothing, frames: { count: 1, bytes: 0 } }, 0)).toBe(
    "0 B of live objects, reached: 0.0 % from running frames",
  );
});
