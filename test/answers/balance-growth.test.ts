import { expect, it } from "vitest";
import { describeGrowth } from "../../src/answers/balance-growth.ts";
import { balanceParts } from "../../src/runtimes/balance.ts";

const before = balanceParts({
  objectBlocks: 4000,
  tables: 1000,
  otherBlocks: 2000,
  mallocFree: 3000,
});

it("tells where saved memory went, what changed most first", () => {
  const after = balanceParts({
    objectBlocks: 4001,
    tables: 1000,
    otherBlocks: 5000,
    mallocFree: 2039,
  });
  expect(describeGrowth(before, after)).toBe(
    "saved memory grew by 2.0 KiB: +2.9 KiB other blocks in use, of C code and libraries, -961 B free, which malloc keeps, +1 B blocks of live objects",
  );
});

it("says where the rest stands, and that memory shrank", () => {
  const after = balanceParts({ objectBlocks: 3999, tables: 1002, otherBlocks: 1996, mallocFree: 2003 });
  expect(describeGrowth(before, after)).toBe(
    "saved memory shrank by 1000 B: -997 B free, which malloc keeps, -4 B other blocks in use, of C code and libraries, +2 B tables and buffers that they own; --by balance has all",
  );
});

it("says nothing where nothing changed", () => {
  expect(describeGrowth(before, before)).toBeNull();
});
