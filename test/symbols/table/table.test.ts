import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SymbolTable, SymbolTableBuilder } from "../../../src/symbols/index.ts";
import { NEAREST_BYTES } from "../../../src/symbols/table/table.ts";
import { isInRanges } from "../in-ranges.ts";

const END = 1n << 64n;

interface Line {
  readonly address: bigint;
  readonly size: bigint;
  readonly name: string;
}

function build(lines: readonly Line[]): SymbolTable {
  const builder = new SymbolTableBuilder();
  for (const { address, size, name } of lines) builder.addSymbol(address, size, name);
  return builder.build();
}

/** What `find` promises, said slowly: a linear search over the symbols as they came. */
function findSlowly(lines: readonly Line[], word: bigint, nearest: boolean): string | null {
  const merged: { address: bigint; size: bigint; name: string }[] = [];
  for (const line of lines) {
    const same = merged.find((other) => other.address === line.address);
    if (!same) merged.push({ ...line });
    else if (same.size === 0n && same.name !== "") same.size = line.size;
  }
  for (const symbol of merged) if (symbol.name === "") symbol.size = 0n;
  merged.sort((a, b) => (a.address < b.address ? 1 : -1));
  const below = merged.filter((symbol) => symbol.address <= word);
  const say = (symbol: Line): string => `${symbol.name}+${word - symbol.address}`;
  const [last] = below;
  if (!last) return null;
  if (last.address === word) return last.name === "" ? null : say(last);
  const around = below.find((symbol) => word < symbol.address + symbol.size);
  if (around) return say(around);
  const isNear = nearest && word - last.address < NEAREST_BYTES;
  return isNear && last.size === 0n && last.name !== "" ? say(last) : null;
}

function find(table: SymbolTable, word: bigint, nearest: boolean): string | null {
  const found = table.find(word, nearest);
  return found && `${found.name}+${found.offset}`;
}

describe("SymbolTable", () => {
  const small = fc.bigInt(0n, 60n);
  const near = fc.oneof(
    small,
    small.map((n) => END - 1n - n),
    small.map((n) => (1n << 32n) - 30n + n),
    small.map((n) => (1n << 53n) - 30n + n),
  );
  const size = fc.oneof(fc.constant(0n), fc.bigInt(0n, 40n), fc.bigInt(0n, END - 1n));
  const lines = fc
    .array(fc.tuple(near, size, fc.boolean()), { maxLength: 40 })
    .map((list) =>
      list.map(([address, size, named], i) => ({ address, size, name: named || i % 4 ? `s${i}` : "" })),
    );

  it("finds what a linear search finds, nested, overlapping and at both ends of the address space", () => {
    fc.assert(
      fc.property(
        lines,
        fc.array(near, { minLength: 20, maxLength: 60 }),
        fc.boolean(),
        (list, words, nearest) => {
          const table = build(list);
          const ranges = table.namedRanges(nearest);
          for (const word of [...words, 0n, END - 1n, ...list.map((line) => line.address)]) {
            const expected = findSlowly(list, word, nearest);
            expect(find(table, word, nearest)).toBe(expected);
            expect(isInRanges(ranges, word)).toBe(expected !== null);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("gives ranges that are sorted and neither overlap nor touch", () => {
    fc.assert(
      fc.property(lines, fc.boolean(), (list, nearest) => {
        const ranges = build(list).namedRanges(nearest);
        for (let i = 2; i < ranges.length; i += 2) {
          const isSplit = ranges[i] === 1n << 63n && ranges[0] === 0n && ranges.length === 4;
          if (!isSplit) expect(ranges[i]).toBeGreaterThan(ranges[i - 1] ?? 0n);
        }
        for (let i = 0; i < ranges.length; i += 2) {
          const end = ranges[i + 1] ?? 0n;
          expect(end === 0n || end > (ranges[i] ?? 0n)).toBe(true);
        }
      }),
    );
  });

  it("finds a big symbol again after a hundred thousand nested ones have ended", () => {
    const count = 100_000n;
    const builder = new SymbolTableBuilder();
    for (let i = 0n; i < count; i++) builder.addSymbol(i, 2n * count - 2n * i, `nested${i}`);
    const table = builder.build();
    // Symbol i is [i, 2 * count - i): the word 2 * count - 1 - k is in the first k + 1 of them.
    for (const k of [0n, 1n, 77n, count / 2n, count - 1n]) {
      expect(find(table, 2n * count - 1n - k, false)).toBe(`nested${k}+${2n * (count - k) - 1n}`);
    }
    expect(find(table, 2n * count, true)).toBeNull();
  });

  it("splits the ranges of the whole address space in two", () => {
    const table = build([
      { address: 0n, size: 1n << 63n, name: "users" },
      { address: 1n << 63n, size: 1n << 63n, name: "kernel" },
    ]);
    expect([...table.namedRanges(false)]).toEqual([0n, 1n << 63n, 1n << 63n, 0n]);
  });

  it("goes a mebibyte behind a symbol of unknown size and no farther", () => {
    const table = build([{ address: 0x1000n, size: 0n, name: "last" }]);
    expect(find(table, 0x1000n + NEAREST_BYTES - 1n, true)).toBe(`last+${NEAREST_BYTES - 1n}`);
    expect(find(table, 0x1000n + NEAREST_BYTES, true)).toBeNull();
    expect([...table.namedRanges(true)]).toEqual([0x1000n, 0x1000n + NEAREST_BYTES]);
  });

  it("holds nothing when nothing was added", () => {
    const table = build([]);
    expect(table.length).toBe(0);
    expect(table.find(0n, true)).toBeNull();
    expect(table.namedRanges(true)).toHaveLength(0);
  });
});
