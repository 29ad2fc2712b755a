import { expect, it } from "vitest";
import { MemoryReader } from "../../../../src/blocks/index.ts";
import { readKeysTable } from "../../../../src/runtimes/cpython/layout/dict-entries.ts";
import { LAYOUTS, type Layout } from "../../../../src/runtimes/cpython/layout/layout.ts";
import { openPlan } from "../../../image/open-plan.ts";

const AT = 0x7f00_0000_0000;

function layout(version: string): Layout {
  const found = LAYOUTS.find((each) => each.version === version);
  if (found === undefined) throw new RangeError(version);
  return found;
}

/** The table whose header has these words and bytes. */
function read(version: string, words: Readonly<Record<number, bigint>>) {
  const data = new Uint8Array(4096);
  const view = new DataView(data.buffer);
  for (const [offset, value] of Object.entries(words)) view.setBigUint64(Number(offset), value, true);
  const { image } = openPlan([{ type: 1, flags: 6, start: BigInt(AT), data }]);
  return readKeysTable(new MemoryReader(image), layout(version), AT);
}

/** 3.11 on: the logarithms of slots and of the indices' bytes, the kind, what is usable, and entries. */
const recent = (log2: number, log2Index: number, kind: number, usable: number, entries: number) =>
  read("3.13", {
    ...{ 0: 1n, 8: BigInt(log2 + log2Index * 0x100 + kind * 0x1_0000) },
    ...{ 16: BigInt(usable), 24: BigInt(entries) },
  });

it("a table of 3.11 on is read by its header", () => {
  expect(recent(3, 3, 1, 2, 3)).toEqual({
    ...{ address: AT, refs: 1, bytes: 32 + 8 + 5 * 16, entries: 3, capacity: 5 },
    ...{ firstEntry: AT + 40, firstKey: AT + 40, firstValue: AT + 48, entryBytes: 16 },
  });
  expect(recent(9, 10, 0, 341, 0)).toEqual({
    ...{ address: AT, refs: 1, bytes: 32 + 1024 + 341 * 24, entries: 0, capacity: 341 },
    ...{ firstEntry: AT + 1056, firstKey: AT + 1064, firstValue: AT + 1072, entryBytes: 24 },
  });
});

it.each([
  [3, 3, 1, 0, 5, true],
  [3, 3, 1, 0, 6, false],
  [3, 3, 1, 1, 5, false],
  [3, 2, 1, 0, 0, false],
  [40, 43, 1, 0, 0, true],
  [40, 44, 1, 0, 0, false],
  [41, 43, 1, 0, 0, false],
  [255, 255, 1, 0, 0, false],
])(
  "of 2^%i slots, 2^%i bytes of indices, kind %i, %i usable, %i entries: %o",
  (...[a, b, c, d, e, isSane]) => {
    expect(recent(a, b, c, d, e) !== null).toBe(isSane);
  },
);

/** Up to 3.10: how many slots there are, and entries. */
const early = (slots: bigint, entries: bigint) => read("3.9", { 0: 2n, 8: slots, 32: entries });

it.each([
  [8n, 1],
  [128n, 1],
  [256n, 2],
  [32_768n, 2],
  [65_536n, 4],
  [2n ** 31n, 4],
  [2n ** 32n, 8],
  [2n ** 40n, 8],
])("a table of %i slots up to 3.10 has indices of %i bytes", (slots, each) => {
  const indices = Number(slots) * each;
  const usable = Math.floor((Number(slots) * 2) / 3);
  expect(early(slots, 1n)).toEqual({
    ...{ address: AT, refs: 2, bytes: 40 + indices + usable * 24, entries: 1, capacity: usable },
    ...{ firstEntry: AT + 40 + indices, firstKey: AT + 48 + indices, firstValue: AT + 56 + indices },
    entryBytes: 24,
  });
});

it.each([
  [0n, 0n, false],
  [12n, 0n, false],
  [2n ** 41n, 0n, false],
  [8n, 5n, true],
  [8n, 6n, false],
])("of %i slots and %i entries up to 3.10: %o", (slots, entries, isSane) => {
  expect(early(slots, entries) !== null).toBe(isSane);
});

it("of a table that is not saved nothing is known", () => {
  const { image } = openPlan([]);
  for (const version of ["3.9", "3.13"])
    expect(readKeysTable(new MemoryReader(image), layout(version), AT)).toBeNull();
});
