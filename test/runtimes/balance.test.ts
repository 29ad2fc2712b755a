import { expect, test } from "vitest";
import { BALANCE_PARTS, balanceParts } from "../../src/runtimes/balance.ts";

test("all parts are there in the list's order, those that were not given as 0", () => {
  const parts = balanceParts({ stacks: 7, objectBlocks: 60, headers: 3 });
  expect(Object.keys(parts)).toEqual(BALANCE_PARTS.map(({ key }) => key));
  expect(parts).toMatchObject({
    objectBlocks: 60,
    headers: 3,
    stacks: 7,
    tables: 0,
    mallocFree: 0,
    unknown: 0,
  });
});
