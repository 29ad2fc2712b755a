import fc from "fast-check";
import { expect, it } from "vitest";
import { kernelMemory } from "../../memory-of.ts";
import { KINDS, putPlan } from "./twin.ts";

const { memory, kernel } = kernelMemory();
const TABLE = 4096;
const ADDRESS = 0x7f00_0000_0000n;
const BASIC = 64;
const [table, record, list, tally, found] = [TABLE, 16, 8, 32, 8].map((bytes) => memory.place(bytes)) as [
  number,
  number,
  number,
  number,
  number,
];

interface Header {
  readonly isNew: boolean;
  readonly refs: number;
  /** Of the slots, and of the indices' bytes (3.11 on). */
  readonly log2: number;
  readonly log2Index: number;
  readonly isUnicode: boolean;
  readonly usable: number;
  readonly entries: number;
  /** Slots (up to 3.10), mostly a power of two. */
  readonly slots: number;
}

const header: fc.Arbitrary<Header> = fc.record({
  isNew: fc.boolean(),
  refs: fc.constantFrom(1, 1, 2, 0),
  log2: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 12 }) }, fc.constantFrom(20, 40, 41, 255)),
  log2Index: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 12 }) },
    fc.constantFrom(22, 43, 44, 255),
  ),
  isUnicode: fc.boolean(),
  usable: fc.integer({ min: 0, max: 50 }),
  entries: fc.integer({ min: 0, max: 50 }),
  slots: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 18 }).map((log2) => 2 ** log2) },
    fc.constantFrom(0, 3, 12, 2 ** 33, 2 ** 40, 2 ** 39),
  ),
});

/** Objects/dictobject.c, _PyDict_SizeOf: a split dict's values, and the table where it is no other's; 0 for nonsense. */
function tableBytes(given: Header, isSplit: boolean): number {
  const slots = given.isNew ? 2 ** given.log2 : given.slots;
  const isSane = given.isNew
    ? given.log2 <= 40 && given.log2Index <= 43 && given.log2Index >= given.log2
    : slots > 0 && slots < 2 ** 40 && Number.isInteger(Math.log2(slots));
  const room = Math.floor((slots * 2) / 3);
  const capacity = given.isNew ? given.entries + given.usable : room;
  if (!isSane || given.entries > room || capacity > room) return 0;
  const perIndex = slots <= 0xff ? 1 : slots <= 0xffff ? 2 : slots <= 0xffff_ffff ? 4 : 8;
  const own = given.isNew
    ? 32 + 2 ** given.log2Index + room * (given.isUnicode ? 16 : 24)
    : 40 + slots * perIndex + room * 24;
  return (isSplit ? 8 * capacity : 0) + (given.refs === 1 ? own : 0);
}

function putHeader(at: number, given: Header): void {
  const view = new DataView(memory.buffer);
  new Uint8Array(memory.buffer, at, 48).fill(0);
  view.setBigUint64(at, BigInt(given.refs), true);
  if (given.isNew) {
    view.setUint8(at + 8, given.log2);
    view.setUint8(at + 9, given.log2Index);
    view.setUint8(at + 10, given.isUnicode ? 1 : 0);
    view.setBigUint64(at + 16, BigInt(given.usable), true);
    view.setBigUint64(at + 24, BigInt(given.entries), true);
  } else {
    view.setBigUint64(at + 8, BigInt(given.slots), true);
    view.setBigUint64(at + 24, BigInt(given.usable), true);
    view.setBigUint64(at + 32, BigInt(given.entries), true);
  }
}

it("a dict is as large as its struct and its table, if that is its own and makes sense", () => {
  let sane = 0;
  const address = 0x55d0_0000_0000n;
  const dict = {
    address,
    kind: KINDS.dict,
    head: 16,
    leastItems: 0,
    isRounded: false,
    basic: BASIC,
    item: 0,
  } as const;
  const str = { ascii: 40, compact: 56, whole: 64, hasWide: false };
  fc.assert(
    fc.property(header, fc.boolean(), fc.integer({ min: 0, max: TABLE / 8 }), (given, isSplit, place) => {
      const view = new DataView(memory.buffer);
      const offset = place * 8;
      // Of a table whose header is not within the bytes nothing is known.
      const isWithin = offset + 40 <= TABLE;
      if (isWithin) putHeader(table + offset, given);
      const plan = putPlan(memory, { types: [dict], mostRefs: 1000, refs: 0, str, newKeys: given.isNew });
      const at = ADDRESS + BigInt(offset);
      const owner = 0x7e12_3456_7890n;
      view.setBigUint64(record, owner + ((at >> 32n) << 48n), true);
      view.setUint32(record + 8, 0, true);
      view.setUint32(record + 12, Number(at % 2n ** 32n) + (isSplit ? 1 : 0), true);
      view.setUint32(list, record, true);
      new Uint8Array(memory.buffer, tally, 32).fill(0);
      view.setUint32(found, 0, true);
      const many = kernel.tableSizes({
        ...{ plan, records: list, count: 1, at: table, bytes: TABLE, address: ADDRESS, tally },
        ...{ large: 1000, found, most: 1 },
      });
      const bytes = BASIC + (isWithin ? tableBytes(given, isSplit) : 0);
      if (bytes > BASIC) sane += 1;
      expect(view.getBigUint64(record, true)).toBe(owner);
      expect(view.getUint32(record + 12, true)).toBe(Math.min(bytes, 2 ** 32 - 1));
      expect([...new BigUint64Array(memory.buffer, tally, 4)].map(Number)).toEqual([0, bytes, 0, 0]);
      expect([many, view.getUint32(found, true)]).toEqual(bytes > 1000 ? [1, record] : [0, 0]);
    }),
    { numRuns: 2000 },
  );
  expect(sane).toBeGreaterThan(300);
});

it("all dicts are sized, and the large ones listed as far as there is room", () => {
  const view = new DataView(memory.buffer);
  const [first, second] = [0x55d0_0000_0000n, 0x55d0_0000_0188n];
  const dict = { kind: KINDS.dict, head: 16, leastItems: 0, isRounded: false, item: 0 } as const;
  const types = [
    { ...dict, address: first, basic: BASIC },
    { ...dict, address: second, basic: BASIC + 32 },
  ];
  const [records, places, tallies, large] = [64, 16, 64, 24].map((bytes) => memory.place(bytes)) as [
    number,
    number,
    number,
    number,
  ];
  const size = (most: number) => {
    const plan = putPlan(memory, {
      ...{ types, mostRefs: 1000, refs: 0, newKeys: false },
      str: { ascii: 40, compact: 56, whole: 64, hasWide: false },
    });
    for (const [place, bytes] of [
      [tallies, 64],
      [large, 24],
    ] as const)
      new Uint8Array(memory.buffer, place, bytes).fill(0);
    const own: number[] = [];
    for (const [index, slots] of [64, 8, 128, 256].entries()) {
      const header = { isNew: false, refs: 1, log2: 0, log2Index: 0, isUnicode: false } as const;
      putHeader(table + 64 * index, { ...header, usable: 0, entries: 0, slots });
      const at = ADDRESS + BigInt(64 * index);
      view.setBigUint64(records + 16 * index, 0x7e00_0000_0000n + ((at >> 32n) << 48n), true);
      view.setUint32(records + 16 * index + 8, index % 2, true);
      view.setUint32(records + 16 * index + 12, Number(at % 2n ** 32n), true);
      view.setUint32(places + 4 * index, records + 16 * index, true);
      own.push(BASIC + 32 * (index % 2) + tableBytes({ ...header, usable: 0, entries: 0, slots }, false));
    }
    const many = kernel.tableSizes({
      ...{ plan, records: places, count: 4, at: table, bytes: TABLE, address: ADDRESS, tally: tallies },
      ...{ large: 1000, found: large, most },
    });
    const sizes = [0, 1, 2, 3].map((index) => view.getUint32(records + 16 * index + 12, true));
    expect(sizes).toEqual(own);
    const sums = [...new BigUint64Array(memory.buffer, tallies, 8)].map(Number);
    expect(sums).toEqual([0, (own[0] ?? 0) + (own[2] ?? 0), 0, 0, 0, (own[1] ?? 0) + (own[3] ?? 0), 0, 0]);
    return [many, ...new Uint32Array(memory.buffer, large, 6)];
  };
  const [a, c, d] = [records, records + 32, records + 48];
  expect(size(6)).toEqual([3, a, c, d, 0, 0, 0]);
  expect(size(2)).toEqual([3, a, c, 0, 0, 0, 0]);
});
