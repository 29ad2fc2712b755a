import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Names, readSymbolMap, SymbolTableBuilder } from "../../src/symbols/index.ts";
import { Verdict } from "../../src/symbols/maps/format.ts";
import { MAP_FORMATS } from "../../src/symbols/maps/formats.ts";
import { isInRanges } from "./in-ranges.ts";

// A map dropped into maps/ with what it must answer beside it is a test. Those of nm and gdb are what binutils
// 2.40 and gdb 13.1 printed.
interface Expected {
  readonly format: string;
  readonly symbols?: number;
  readonly skippedLines: number;
  readonly firstSkippedLine: number | null;
  readonly lookups: Readonly<Record<string, string | null>>;
  /** The same with `nearest`. */
  readonly nearest?: Readonly<Record<string, string | null>>;
}

const folder = new URL("./maps/", import.meta.url);
const maps = readdirSync(folder).filter((name) => name.endsWith(".txt"));

describe.each(maps)("%s", (file) => {
  const bytes = readFileSync(new URL(file, folder));
  const expected = JSON.parse(
    readFileSync(new URL(file.replace(/txt$/, "json"), folder), "utf8"),
  ) as Expected;

  it("is told by its lines and read whole", async () => {
    const map = await readSymbolMap([bytes], file);
    expect(map).toMatchObject({
      format: expected.format,
      skippedLines: expected.skippedLines,
      firstSkippedLine: expected.firstSkippedLine,
    });
    if (expected.symbols !== undefined) expect(map.symbols).toBe(expected.symbols);
    for (const nearest of [false, true]) {
      const names = new Names([map.table], nearest);
      const ranges = names.namedRanges();
      const lookups = Object.entries((nearest ? expected.nearest : expected.lookups) ?? {});
      for (const [word, name] of lookups) {
        expect(names.find(BigInt(word)), `${word} nearest ${nearest}`).toBe(name);
        expect(isInRanges(ranges, BigInt(word)), `${word} in the ranges`).toBe(name !== null);
      }
    }
  });

  it("is read the same in chunks of any size", async () => {
    const whole = await readSymbolMap([bytes], file);
    for (const size of [1, 7, 64]) {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      const map = await readSymbolMap(chunks, file);
      expect({ ...map }).toEqual({ ...whole });
      expect(map.table.namedRanges(true)).toEqual(whole.table.namedRanges(true));
    }
  });

  it("is better understood by its own format than by any other", () => {
    const understood = MAP_FORMATS.map((format) => {
      const reader = format.open(new SymbolTableBuilder(), () => {});
      const lines = bytes.toString("latin1").split("\n");
      let count = 0;
      lines.forEach((line, i) => {
        const text = Buffer.from(line.trimEnd(), "latin1");
        if (text.length === 0 || text[0] === 0x23) return;
        if (reader.read(text, 0, text.length, i + 1) === Verdict.understood) count++;
      });
      return { name: format.name, count };
    }).sort((a, b) => b.count - a.count);
    expect(understood[0]?.name).toBe(expected.format);
    expect(understood[0]?.count).toBeGreaterThan(understood[1]?.count ?? 0);
  });
});

it("has maps of every format", async () => {
  const formats = new Set<string | null>();
  for (const file of maps) {
    formats.add((await readSymbolMap([readFileSync(new URL(file, folder))], file)).format);
  }
  expect([...formats].sort()).toEqual(MAP_FORMATS.map((format) => format.name).sort());
});
