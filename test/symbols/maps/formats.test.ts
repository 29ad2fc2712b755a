import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAP_FORMATS, readSymbolMap, SymbolTableBuilder } from "../../../src/symbols/index.ts";
import { CoregramError } from "../../../src/terms/index.ts";

describe("map formats", () => {
  it("have names of their own", () => {
    expect(new Set(MAP_FORMATS.map((format) => format.name)).size).toBe(MAP_FORMATS.length);
  });

  const fragment = fc.constantFrom(
    ..." |\t|\n|\r\n|0x|0|7f01104e0c70|ffffffffffffffff|11112222333344445|T|U|A|w|-|:|#|+|(gdb) |info symbol |sym".split(
      "|",
    ),
    ..." in section |No symbol matches |.|name| + 10| + 99999999999999999999|\u00e9|\x1b[2J|[mod]|add".split(
      "|",
    ),
  );
  const text = fc.array(fragment, { maxLength: 120 }).map((parts) => parts.join(""));

  it("read whatever comes, or refuse it as ours, and account for every line", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (map) => {
        try {
          const read = await readSymbolMap([new TextEncoder().encode(map)], "x");
          expect(read.symbols + read.skippedLines).toBeLessThanOrEqual(2 * map.split("\n").length);
          expect(read.firstSkippedLine === null).toBe(read.skippedLines === 0);
          expect(read.table.find(0n, false)?.name).not.toBe("");
        } catch (error) {
          expect(error).toBeInstanceOf(CoregramError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("never read past the line, so a line means the same wherever it stands", () => {
    fc.assert(
      fc.property(text, text, text, (before, line, after) => {
        const bytes = new TextEncoder().encode(before + line + after);
        const start = new TextEncoder().encode(before).length;
        const alone = new TextEncoder().encode(line);
        if (alone.length === 0) return;
        for (const format of MAP_FORMATS) {
          const read = (from: Uint8Array, at: number) => {
            const builder = new SymbolTableBuilder();
            const verdict = format.open(builder, () => {}).read(from, at, at + alone.length, 1);
            const table = builder.build();
            const [address] = table.namedRanges(false);
            return { verdict, found: address === undefined ? null : table.find(address, false), address };
          };
          expect(read(bytes, start)).toEqual(read(alone, 0));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("take lines made to be slow in their stride", async () => {
    const hostile = [
      `${" ".repeat(60_000)}x`,
      `+info symbol 0x1${" + 1".repeat(15_000)} in section x`,
      `${" in section ".repeat(5_000)}`,
      `${"(gdb) ".repeat(40)}${" ".repeat(60_000)}info symbol`,
      `1000${"\t#".repeat(30_000)}`,
    ];
    const lines = [...hostile, "1000 T one"].map((line) => `${line}\n`.repeat(20)).join("");
    const map = await readSymbolMap([new TextEncoder().encode(lines)], "x");
    expect(map).toMatchObject({ format: "nm", symbols: 1 });
  });
});

it("of a line of objdump's that ends with its size, no byte behind it is read", async () => {
  const line = "0000000000401136 g     F .text\t0000000000000024";
  const bytes = new TextEncoder().encode(`${line}\n${line} main\n${line}`);
  const { table, format } = await readSymbolMap([bytes], "map");
  expect([format, table.find(0x401136n, false)?.name]).toEqual(["objdump -t", "main"]);
});
