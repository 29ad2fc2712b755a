import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSymbolMap, SymbolMap, SymbolTableBuilder } from "../../../src/symbols/index.ts";

const ALL_UNDERSTOOD = { skippedLines: 0, firstSkippedLine: null };

// Few places, so that symbols share, nest and overlap; numbers are not exact at the upper ones.
const address = fc
  .tuple(
    fc.constantFrom(0n, 0x7f0000000000n, 2n ** 53n - 32n, 2n ** 64n - 64n),
    fc.bigInt({ min: 0n, max: 63n }),
  )
  .map(([base, offset]) => base + offset);
const size = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: 1n, max: 40n }),
  fc.constantFrom(2n ** 32n, 2n ** 60n, 2n ** 64n - 1n),
);
const symbol = fc.tuple(address, size, fc.constantFrom("", "a", "b", "c"), fc.constantFrom(0n, 0n, 0n, 7n));

describe("SymbolMap", () => {
  it("calls a few words what it calls them among all", () => {
    fc.assert(
      fc.property(
        fc.array(symbol, { maxLength: 30 }),
        fc.array(address, { maxLength: 5 }),
        (symbols, words) => {
          const builder = new SymbolTableBuilder();
          for (const one of symbols) builder.addSymbol(...one);
          const map = new SymbolMap(builder, "nm", ALL_UNDERSTOOD);
          const some = map.tableFor(words);
          const { isEmpty } = map;
          const all = map.table;
          expect(words.map((word) => some.find(word, false))).toEqual(
            words.map((word) => all.find(word, false)),
          );
          expect(isEmpty).toBe(all.length === 0);
          expect(map.isEmpty).toBe(isEmpty);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("leaves out what names none of the words", () => {
    const builder = new SymbolTableBuilder();
    for (let i = 0n; i < 1000n; i++) builder.addSymbol(0x401000n + 16n * i, 16n, `f${i}`);
    const map = new SymbolMap(builder, "nm", ALL_UNDERSTOOD);
    const table = map.tableFor([0x40100fn, 0n, 0x401100n, 2n ** 64n - 1n]);
    expect([...table.symbols()].map(({ name }) => name)).toEqual(["f0", "f16"]);
    expect(map.tableFor([]).length).toBe(0);
    expect(map.symbols).toBe(1000);
  });

  it("sorts all for many words", () => {
    const builder = new SymbolTableBuilder();
    for (let i = 0n; i < 10n; i++) builder.addSymbol(0x401000n + i, 0n, "f");
    const words = Array.from({ length: 6000 }, (_, i) => BigInt(i));
    expect(new SymbolMap(builder, "nm", ALL_UNDERSTOOD).tableFor(words).length).toBe(10);
  });

  it("knows that gdb named nothing", async () => {
    const read = async (text: string) => (await readSymbolMap([new TextEncoder().encode(text)], "x")).isEmpty;
    const none = "+info symbol 0x1\nNo symbol matches 0x1.\n";
    expect(await read(none)).toBe(true);
    expect(await read(`${none}+info symbol 0x2\nf in section .text\n`)).toBe(false);
    expect(await read("# nothing\n")).toBe(true);
  });
});
