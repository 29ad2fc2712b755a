import { describe, expect, it } from "vitest";
import { demangle, mergeRanges, Names, SymbolTableBuilder } from "../../../src/symbols/index.ts";
import { isInRanges } from "../in-ranges.ts";

function table(...symbols: [address: bigint, size: bigint, name: string][]) {
  const builder = new SymbolTableBuilder();
  for (const [address, size, name] of symbols) builder.addSymbol(address, size, name);
  return builder.build();
}

describe("Names", () => {
  const first = table([0x1000n, 0x10n, "a"], [0x3000n, 0n, "label"]);
  const second = table([0x1000n, 0x100n, "b"], [0xfffffffffffffff0n, 0xffn, "top"]);

  it("asks the tables in order", () => {
    const names = new Names([first, second], false);
    expect(names.find(0x1000n)).toBe("a");
    expect(names.find(0x100fn)).toBe("a+0xf");
    expect(names.find(0x1010n)).toBe("b+0x10");
    expect(names.find(0x3001n)).toBeNull();
    expect(names.find(0xffffffffffffffffn)).toBe("top+0xf");
    expect([...names.namedRanges()]).toEqual([0x1000n, 0x1100n, 0x3000n, 0x3001n, 0xfffffffffffffff0n, 0n]);
  });

  it("names what follows a symbol of unknown size only when told to", () => {
    const names = new Names([first, second], true);
    expect(names.find(0x3001n)).toBe("label+0x1");
    expect(names.find(0x3000n + 0xfffffn)).toBe("label+0xfffff");
    expect(names.find(0xffffffffffffffffn)).toBe("top+0xf");
    expect([...names.namedRanges()]).toEqual([0x1000n, 0x1100n, 0x3000n, 0x103000n, 0xfffffffffffffff0n, 0n]);
  });

  it("names nothing without tables", () => {
    const names = new Names([], true);
    expect(names.find(0n)).toBeNull();
    expect(names.namedRanges()).toHaveLength(0);
  });

  it("merges ranges that touch, and the two halves of everything", () => {
    const merged = mergeRanges([BigUint64Array.of(5n, 9n, 20n, 0n), BigUint64Array.of(0n, 5n, 9n, 20n)]);
    expect([...merged]).toEqual([0n, 1n << 63n, 1n << 63n, 0n]);
    expect(isInRanges(merged, (1n << 64n) - 1n)).toBe(true);
    expect([...mergeRanges([merged, merged])]).toEqual([...merged]);
  });
});

it("makes the names readable that are asked for, and no others", () => {
  const builder = new SymbolTableBuilder();
  builder.addSymbol(0x1000n, 16n, "_ZN1A1fEi");
  builder.addSymbol(0x2000n, 0n, "main");
  const asked: string[] = [];
  const names = new Names([builder.build()], false, (name) => {
    asked.push(name);
    return demangle(name);
  });
  expect(names.find(0x1008n)).toBe("A::f(int)+0x8");
  expect(names.find(0x3000n)).toBeNull();
  expect(asked).toEqual(["_ZN1A1fEi"]);
});
