import { describe, expect, it } from "vitest";
import { bytesOutsidePools, findArenas, poolSpans, zeroBytes } from "../../src/blocks/index.ts";
import { PAGES } from "../../src/kernel/index.ts";
import { Memory } from "../runtimes/heap/memory.ts";
import { readerOf } from "./image-of.ts";
import { LARGE_POOL, putArenaObject, putPool, SMALL_POOL } from "./put-pools.ts";
import { type PiecePlan, surveyOf } from "./survey-of.ts";

const { SMALL_POOL: SMALL, LARGE_POOL: LARGE, IN_POOL, ZEROS, MAPPED } = PAGES;
const PAGE = 4096;
const AT = 0x7f00_0000_0000;

/** Two pieces: pools of 4 KiB and of 16 KiB, then pages of zeros and others; and a page and a half further on. */
const PIECES: readonly PiecePlan[] = [
  { start: AT, kinds: [0, SMALL, SMALL, LARGE, IN_POOL, IN_POOL, IN_POOL, ZEROS, 0, SMALL] },
  { start: AT + 10 * PAGE, kinds: [SMALL, ZEROS] },
  { start: AT + 20 * PAGE, kinds: [MAPPED, ZEROS], bytes: PAGE + 2048 },
];

describe("pages", () => {
  const { memory, survey } = surveyOf(PIECES, SMALL);
  const inPages = ({ start, end }: { start: number; end: number }) => [
    (start - AT) / PAGE,
    (end - AT) / PAGE,
  ];
  const span = (start: number, end: number) => ({ start: AT + start, end: AT + end });

  it("of pools that adjoin are one span, over pieces too", () => {
    expect(poolSpans(memory, survey).map(inPages)).toEqual([
      [1, 7],
      [9, 11],
    ]);
  });

  it("in no pool are counted by the byte, within the span that is asked for", () => {
    const outside = (start: number, end: number) => bytesOutsidePools(memory, survey, span(start, end));
    expect(outside(-PAGE, 30 * PAGE)).toBe(4 * PAGE + PAGE + 2048);
    expect(outside(100, 300)).toBe(200);
    expect(outside(PAGE, 7 * PAGE)).toBe(0);
    expect(outside(PAGE - 8, PAGE + 8)).toBe(8);
    expect(outside(7 * PAGE - 16, 9 * PAGE)).toBe(2 * PAGE);
    expect(outside(8 * PAGE, 12 * PAGE)).toBe(2 * PAGE);
    expect(outside(11 * PAGE + 24, 12 * PAGE + 999)).toBe(PAGE - 24);
    expect(outside(12 * PAGE, 20 * PAGE)).toBe(0);
    expect(outside(21 * PAGE, 30 * PAGE)).toBe(2048);
  });

  it("of zeros are counted by the byte", () => {
    expect(zeroBytes(memory, survey, span(0, 30 * PAGE))).toBe(2 * PAGE + 2048);
    expect(zeroBytes(memory, survey, span(7 * PAGE + 8, 8 * PAGE + 8))).toBe(PAGE - 8);
    expect(zeroBytes(memory, survey, span(0, 7 * PAGE))).toBe(0);
  });
});

describe.each([
  ["16 KiB", LARGE_POOL, LARGE],
  ["4 KiB", SMALL_POOL, SMALL],
])("arenas of pools of %s", (_, poolBytes, kind) => {
  const OWN = { start: 0x5555_0000_0000, end: 0x5555_0000_1000 };
  const TABLE = 0x5555_1000_0000;
  const arenaBytes = 64 * poolBytes;
  const arenaAt = (index: number) => AT + 4 * arenaBytes * index;
  const kinds = [kind, ...Array.from({ length: poolBytes / PAGE - 1 }, () => IN_POOL)];

  /** A table of arenas of which the first pool is there, by their numbers; the interpreter's data leads to it. */
  function made(numbers: readonly number[], change: (memory: Memory) => void = () => {}) {
    const memory = new Memory();
    memory.map(OWN.start, PAGE);
    memory.map(TABLE, 64 * 1024);
    memory.u64(OWN.start + 0x108, TABLE);
    for (const number of numbers) {
      memory.map(arenaAt(number), poolBytes);
      putArenaObject(memory, TABLE, number, { address: arenaAt(number) });
      memory.u32(arenaAt(number) + 32, number);
    }
    change(memory);
    const pieces = numbers.map((number) => ({ start: arenaAt(number), kinds }));
    return (given: readonly PiecePlan[] = pieces) => {
      const { memory: kernel, survey } = surveyOf(given);
      const found = findArenas(kernel, readerOf(memory), survey, OWN);
      return found.map(({ start, end }) => {
        expect(end - start).toBe(arenaBytes);
        return (start - AT) / arenaBytes / 4;
      });
    };
  }

  it("are those of the table that has the pools' arenas, by address", () => {
    expect(made([0])()).toEqual([0]);
    expect(made([2, 0, 1])()).toEqual([0, 1, 2]);
    expect(made([0, 1], (memory) => memory.u64(OWN.start, 0x77))()).toEqual([0, 1]);
  });

  it("are found as far as a table that doubles may reach", () => {
    expect(made([0, 31])()).toEqual([0, 31]);
    expect(made([0, 32])([{ start: arenaAt(0), kinds }])).toEqual([0]);
    expect(made([0, 31, 63])()).toEqual([0, 31, 63]);
    expect(made([0, 31, 64])([{ start: arenaAt(0), kinds }])).toEqual([0, 31]);
  });

  it("are none without a pool, or where a pool lies in none of the table's", () => {
    expect(made([0])([])).toEqual([]);
    expect(made([0])([{ start: arenaAt(0), kinds: [0, ZEROS, MAPPED, IN_POOL] }])).toEqual([]);
    const change = (place: number, word: number) => (memory: Memory) => memory.u64(TABLE + place, word);
    expect(made([0], change(0, arenaAt(1)))()).toEqual([]);
    expect(made([0], change(0, arenaAt(0) + PAGE * (poolBytes / PAGE)))()).toEqual([]);
  });

  it("are known without those that have pools which lie in none of the table's", () => {
    expect(made([0, 1], (memory) => memory.u32(arenaAt(1) + 32, 5))()).toEqual([0]);
  });

  it("of other interpreters are in tables that no word of the data leads to", () => {
    const other = TABLE + 0x8000;
    const find = made([0], (memory) => {
      memory.map(arenaAt(5), poolBytes);
      putPool(memory, { pool: arenaAt(5), poolBytes, block: 32, carved: 3, arena: 2 });
      putArenaObject(memory, other, 2, { address: arenaAt(5) });
    });
    const pieces = [
      { start: arenaAt(0), kinds },
      { start: TABLE, kinds: Array.from({ length: 16 }, () => 0) },
      { start: arenaAt(5), kinds },
    ];
    expect(find(pieces)).toEqual([0, 5]);
  });

  it("hold their last pool to its end", () => {
    const last = 64 * poolBytes - poolBytes;
    const withLast = (place: number) =>
      made([0], (memory) => {
        memory.map(arenaAt(0) + place, poolBytes);
        memory.u32(arenaAt(0) + place + 32, 0);
      })([{ start: arenaAt(0) + place, kinds }]);
    expect(withLast(last)).toEqual([0]);
    expect(withLast(last + poolBytes)).toEqual([]);
  });

  it("are in a table that the interpreter's data points to, aligned and outside of that", () => {
    expect(made([0], (memory) => memory.u64(OWN.start + 0x108, TABLE + 8))()).toEqual([]);
    const inside = (memory: Memory) => {
      memory.u64(OWN.start + 0x108, OWN.start + 0x400);
      putArenaObject(memory, OWN.start + 0x400, 0, { address: arenaAt(0) });
    };
    expect(made([0], inside)()).toEqual([]);
    for (const place of [0, PAGE - 8])
      expect(
        made([0], (memory) => {
          memory.u64(OWN.start + 0x108, 0);
          memory.u64(OWN.start + place, TABLE);
        })(),
      ).toEqual([0]);
  });

  it("that are not aligned to pools have one pool less", () => {
    if (poolBytes === PAGE) return;
    const at = AT + PAGE;
    const found = (pools: number) => {
      const memory = new Memory();
      memory.map(OWN.start, PAGE);
      memory.map(TABLE, PAGE);
      memory.u64(OWN.start + 8, TABLE);
      memory.map(AT, 4 * poolBytes);
      putArenaObject(memory, TABLE, 0, { address: at, pools });
      const { memory: kernel, survey } = surveyOf([{ start: AT + poolBytes, kinds }]);
      return findArenas(kernel, readerOf(memory), survey, OWN);
    };
    expect(found(63)).toEqual([{ start: at, end: at + arenaBytes }]);
    expect(found(64)).toEqual([]);
  });

  it("that overlap are those that begin first", () => {
    const find = made([0], (memory) => {
      putArenaObject(memory, TABLE, 1, { address: arenaAt(0) + 8 * poolBytes });
      memory.map(arenaAt(0) + 8 * poolBytes, PAGE);
      memory.u32(arenaAt(0) + 8 * poolBytes + 32, 1);
    });
    expect(find()).toEqual([0]);
  });

  it("have at most as many free pools as pools", () => {
    const freed = (free: number) => made([0], (memory) => memory.u32(TABLE + 16, free))();
    expect(freed(64)).toEqual([0]);
    expect(freed(65)).toEqual([]);
  });

  it("are those of the table that has most of the pools from all over memory", () => {
    // 16 pools are asked; of many pieces each of these is further on than the one before.
    const numbers = Array.from({ length: 16 }, (_, index) => index);
    const good = numbers.map((number) => ({ start: arenaAt(number), kinds }));
    const pieces = Array.from({ length: 10 }, () => good).flat();
    expect(made(numbers)(pieces)).toEqual(numbers);
    const alien = { start: arenaAt(40), kinds };
    const find = made(numbers, (memory) => memory.map(arenaAt(40), poolBytes));
    expect(find([...pieces.slice(0, 30), alien, ...pieces.slice(31)])).toEqual(numbers);
  });
});
