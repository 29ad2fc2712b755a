import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAP_FORMATS, readSymbolMap, SymbolTableBuilder } from "../../../src/symbols/index.ts";
import { type MapFormat, Verdict } from "../../../src/symbols/maps/format.ts";
import { LineScanner } from "../../../src/symbols/maps/line-scanner.ts";
import { LineCursor } from "../../../src/symbols/maps/lines.ts";
import { MAX_LINE_BYTES } from "../../../src/symbols/maps/pages.ts";

/** What a map in this format says: its symbols in the order they came, and the lines that are not understood. */
function readAll(format: MapFormat, text: Uint8Array, end: number, at: number, inKernel: boolean) {
  const page = text.slice();
  const added: unknown[] = [];
  const builder = new SymbolTableBuilder();
  const noted = {
    add: (
      high: number,
      low: number,
      sizeHigh: number,
      sizeLow: number,
      ...name: [Uint8Array, number, number]
    ) => {
      added.push([high >>> 0, low >>> 0, sizeHigh >>> 0, sizeLow >>> 0, name[1], name[2]]);
      builder.add(high, low, sizeHigh, sizeLow, ...name);
    },
    addRecords: (records: Int32Array, first: number, end: number) => {
      for (let at = 6 * first; at < 6 * end; at += 6) {
        const [low = 0, high = 0, sizeLow = 0, sizeHigh = 0, start, nameEnd] = records.subarray(at, at + 6);
        added.push([high >>> 0, low >>> 0, sizeHigh >>> 0, sizeLow >>> 0, start, nameEnd]);
      }
      builder.addRecords(records, first, end);
    },
  } as SymbolTableBuilder;
  builder.adopt(page);
  const reader = format.open(noted, () => {});
  const skipped: number[] = [];
  const read = (start: number, lineEnd: number, number: number) => {
    if (reader.read(page, start, lineEnd, number) === Verdict.skipped) skipped.push(number);
  };
  let lines = 0;
  if (inKernel && format.shape) lines = new LineScanner(format.shape, noted).read(page, at, end, read);
  else {
    const line = new LineCursor(page, at, end, 0);
    while (line.next()) read(line.start, line.end, line.number);
    lines = line.number;
  }
  return { added, skipped, lines, symbols: [...builder.build().symbols()] };
}

const SHAPED = MAP_FORMATS.filter((format) => format.shape);
const hex = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => value.toString(16).padStart(16, "0")),
  fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF"), minLength: 1, maxLength: 18 }),
  fc.constantFrom("0", "0000000000000000", "0x", "0x0", "0X7f", "x", "ffffffffffffffff", "fffffffffffffff0"),
);
const blanks = fc.constantFrom(" ", " ", " ", "  ", "\t", "");
const field = fc.oneof(
  hex,
  hex.map((digits) => `0x${digits}`),
  fc.constantFrom(
    ..."TtUAawVNC-?G",
    "add",
    "main",
    "operator new(unsigned long)",
    "f # g",
    "#",
    "é",
    "a\tb",
    "\0",
  ),
  fc.nat(40).map((length) => "n".repeat(length)),
);
const line = fc.oneof(
  fc.tuple(hex, fc.constantFrom("T", "D", "a", "U", "10 T"), field).map((fields) => fields.join(" ")),
  fc.array(fc.tuple(blanks, field), { maxLength: 5 }).map((fields) => fields.flat().join("")),
);
const ending = fc.constantFrom("\n", "\n", "\n", "\r\n", " \r\n", "\t\n", "\r \n", "\r\r\n");
const text = fc
  .tuple(fc.array(fc.tuple(line, ending), { maxLength: 40 }), line)
  .map(([lines, last]) => new TextEncoder().encode(`${lines.flat().join("")}${last}`));

describe.each(SHAPED.map((format) => [format.name, format] as const))("%s in the kernel", (_, format) => {
  it("says what its reader says of any lines", () => {
    fc.assert(
      fc.property(text, fc.nat(3), fc.nat(3), (bytes, before, less) => {
        const end = Math.max(0, bytes.length - less);
        const at = Math.min(before, end);
        expect(readAll(format, bytes, end, at, true)).toEqual(readAll(format, bytes, end, at, false));
      }),
      { numRuns: 400 },
    );
  });

  it("says so of a page that is full, of very long lines and of very many", () => {
    const longest = "n".repeat(MAX_LINE_BYTES - 20);
    for (const one of [
      "401000 10 T f\n",
      "0 a\n",
      "a\n",
      "\n",
      `401000 ${longest}\n`,
      "#\n401000 T f\n     U g\n",
    ]) {
      const page = new TextEncoder().encode(one.repeat(Math.ceil(2 ** 17 / one.length)));
      expect(readAll(format, page, page.length, 0, true)).toEqual(
        readAll(format, page, page.length, 0, false),
      );
    }
  });
});

it.each([
  ["nm", "0000000000401000 T main\n401010 0x20 d operator new(unsigned long) \r\n"],
  ["perf map", "401000 10 T main\n0x401010 20 LazyCompile:~f a.js:1\n"],
  ["ADDRESS NAME", "0x401000 main\n401010\toperator new(unsigned long)\n"],
])("leaves no line of %s to its reader that has the shape", (name, lines) => {
  const shape = SHAPED.find((format) => format.name === name)?.shape;
  const page = new TextEncoder().encode(lines);
  const others: number[] = [];
  const builder = new SymbolTableBuilder();
  builder.adopt(page);
  if (shape) new LineScanner(shape, builder).read(page, 0, page.length, (start) => others.push(start));
  expect(others).toEqual([]);
  expect([...builder.build().symbols()].map(({ address }) => address)).toEqual([0x401000n, 0x401010n]);
});

it("reads a long map in the kernel as a short one line by line", async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `${(0x401000 + 16 * i).toString(16)} T f${i}`);
  lines[3] = "what is this";
  lines[50_000] = "and this";
  const map = await readSymbolMap([new TextEncoder().encode(lines.join("\n"))], "x");
  expect(map).toMatchObject({ format: "nm", symbols: 59_998, skippedLines: 2, firstSkippedLine: 4 });
  expect(map.table.find(0x401000n + 16n * 59_999n, false)?.name).toBe("f59999");
});
