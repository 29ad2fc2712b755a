import fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "../../src/terms/index.ts";
import { ARTICLE, anyRow, HOSTILE_NAMES, render, resultOf, row, UNSAFE } from "./word-results.ts";

/** RFC 4180 by its grammar, independent of the writer. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (at >= text.length) throw new Error("quote without an end");
        if (text[at] === '"') at++;
        cell += text[at];
      }
      at++;
    } else {
      while (at < text.length && text[at] !== "," && text[at] !== "\n") {
        if (text[at] === '"') throw new Error("quote in a bare cell");
        cell += text[at++];
      }
    }
    record.push(cell);
    if (text[at] === "\n") {
      records.push(record);
      record = [];
    } else if (text[at] !== ",") throw new Error(`neither comma nor LF at ${at}`);
    at++;
  }
  return records;
}

/** The name as it is printed: safe for a terminal, and for a spreadsheet. */
function printedName(name: string | null): string {
  const text = printable(name ?? "");
  const start = text.charAt(0);
  return ["=", "+", "-", "@"].includes(start)
    ? `\\x${start.charCodeAt(0).toString(16)}${text.slice(1)}`
    : text;
}

test("csv: the JSON keys, empty for null", () => {
  expect(render("csv", ARTICLE)).toBe(
    "count,word,symbol,type\n1209344,0000000000000000,,\n145219,00007f01104e0c70,PyTuple_Type,\n",
  );
  expect(render("csv", resultOf([]))).toBe("count,word,symbol,type\n");
});

test("tsv: the same with tabs, nothing quoted", () => {
  expect(render("tsv", resultOf([row(1, "0000000a", 'f<a, b>"'), row(1, "0000000b", "a\tb")]))).toBe(
    'count\tword\tsymbol\ttype\n1\t0000000a\tf<a, b>"\t\n1\t0000000b\ta\\x09b\t\n',
  );
});

test("csv quotes what needs it", () => {
  const text = render("csv", resultOf([row(1, "0000000a", "f<a, b>"), row(1, "0000000b", 'operator""_s')]));
  expect(text.split("\n").slice(1, 3)).toEqual(['1,0000000a,"f<a, b>",', '1,0000000b,"operator""""_s",']);
});

test("no name is a formula to a spreadsheet", () => {
  const names = ["=1+1", "+1", "-1", "@SUM(1)"];
  for (const format of ["csv", "tsv"]) {
    const text = render(format, resultOf(names.map((name) => row(1, "0000000a", name))));
    expect(text).not.toMatch(/(^|[,\t"\n])[=+\-@]/);
    expect(text).toContain("\\x3d1+1");
  }
});

test("csv and tsv come back as what was printed", () => {
  fc.assert(
    fc.property(fc.array(anyRow), (rows) => {
      const expected = [
        ["count", "word", "symbol", "type"],
        ...rows.map(({ count, word, symbol, type }) => [
          String(count),
          word,
          printedName(symbol),
          printedName(type),
        ]),
      ];
      const asCsv = render("csv", resultOf(rows));
      expect(asCsv).not.toMatch(UNSAFE);
      expect(parseCsv(asCsv)).toEqual(expected);
      const tsvLines = render("tsv", resultOf(rows)).split("\n").slice(0, -1);
      expect(tsvLines.map((line) => line.split("\t"))).toEqual(expected);
    }),
  );
  expect(
    parseCsv(render("csv", resultOf(HOSTILE_NAMES.map((name) => row(1, "0000000a", name))))),
  ).toHaveLength(HOSTILE_NAMES.length + 1);
});
