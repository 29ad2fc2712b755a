import fc from "fast-check";
import { expect, it } from "vitest";
import { perfMapLine, readSymbolMap, SymbolTableBuilder } from "../../../src/symbols/index.ts";

it("is what a table is printed as, and reads as the same table", async () => {
  const word = fc.bigInt(1n, (1n << 64n) - 1n);
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.]{1,20}$/);
  const symbols = fc.array(fc.tuple(word, fc.bigInt(0n, 1n << 20n), name), { minLength: 1, maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(symbols, async (list) => {
      const builder = new SymbolTableBuilder();
      for (const [address, size, text] of list) builder.addSymbol(address, size, text);
      const table = builder.build();
      const lines = [...table.symbols()].map((symbol) => `${perfMapLine(symbol)}\n`).join("");
      const map = await readSymbolMap([new TextEncoder().encode(lines)], "x");
      expect(map).toMatchObject({ format: "perf map", skippedLines: 0 });
      expect([...map.table.symbols()]).toEqual([...table.symbols()]);
    }),
    { numRuns: 200 },
  );
});

it("has no control characters", () => {
  expect(perfMapLine({ address: 0x1000n, size: 0n, name: "a\nb\x1b" })).toBe(
    "0000000000001000 00 a\\x0ab\\x1b",
  );
});
