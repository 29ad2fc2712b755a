import { expect, test } from "vitest";
import { BALANCE_PARTS, balanceParts } from "../../src/runtimes/balance.ts";

test("all parts are there in the list's order, and what nothing claims is unknown", () => {
  const parts = balanceParts(100, { stacks: 7, objectBlocks: 60, headers: 3 });
  expect(Object.keys(parts)).toEqual(BALANCE_PARTS.map(({ key }) => key));
  expect(parts).toMatchObject({
    objectBlocks: 60,
    headers: 3,
    stacks: 7,
    tables: 0,
    mallocFree: 0,
    unknown: 30,
  });
});
