import { expect, it } from "vitest";
import { accountedShare, describeReached, describeUnknown } from "../../src/answers/coverage.ts";
import { balanceParts } from "../../src/runtimes/balance.ts";

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

it("tells the share of each kind of roots that leads to more than nearly nothing, garbage last", () => {
  const reached = {
    ...nothing,
    garbage: { count: 1, bytes: 512 },
    modules: { count: 3, bytes: 1024 },
    data: { count: 1, bytes: 0 },
  };
  expect(describeReached(reached, 2048)).toBe(
    "2.0 KiB of live objects: 50.0 % from modules, 25.0 % garbage, not collected yet",
  );
});

it("tells of no bytes without a division by them", () => {
  expect(describeReached({ ...nothing, frames: { count: 1, bytes: 0 } }, 0)).toBe("0 B of live objects");
});

/** A balance of 1,000 bytes of writable memory and some that is not. */
function balance(unknown: number) {
  const other = { modulePages: 300, readOnly: 40, mallocReserved: 5 };
  const parts = balanceParts({ ...other, objectBlocks: 1000 - unknown, unknown });
  return { saved: 1345, parts, bridge: { tables: 0, staticObjects: 0, rounding: 0 } };
}

it("says where less than 95 % of writable memory is accounted for, and what that means", () => {
  expect(accountedShare(balance(51))).toBe(0.949);
  expect(describeUnknown(balance(50))).toBeNull();
  expect(describeUnknown(balance(51))).toBe(
    "only 94.9 % of writable memory is accounted for: of 51 B nothing is known, and objects in it are in no row",
  );
});

it("says nothing of memory that is not there", () => {
  const nowhere = { ...balance(0), saved: 0, parts: balanceParts({}) };
  expect([accountedShare(nowhere), describeUnknown(nowhere)]).toEqual([0, null]);
});
