import fc from "fast-check";
import { expect, test } from "vitest";
import { ARTICLE, anyRow, render, resultOf, row, UNSAFE } from "./word-results.ts";

test("header, units, separators, and the rest up to the total", () => {
  expect(render("table", ARTICLE)).toBe(
    [
      "     Count    Share  Word              Name",
      " 1,209,344    2.8 %  0000000000000000",
      "   145,219    0.3 %  00007f01104e0c70  PyTuple_Type",
      "42,345,678   96.9 %  … more words, in no row",
      "43,700,241  100.0 %  words in all, 333.4 MiB",
      "",
    ].join("\n"),
  );
});

test("no rows: the header and the total", () => {
  expect(render("table", resultOf([]))).toBe("Count  Share  Word  Name\n    0         words in all, 0 B\n");
});

test("everything in rows: no line for the rest, and the distinct words", () => {
  const text = render("table", resultOf([row(9999, "0000000a"), row(1, "0000000b")], { distinct: 2 }), {
    names: false,
  });
  expect(text).toBe(
    [
      " Count    Share  Word",
      " 9,999  100.0 %  0000000a",
      "     1   <0.1 %  0000000b",
      "10,000  100.0 %  words in all, 2 distinct, 78.1 KiB",
      "",
    ].join("\n"),
  );
});

test("colour only when asked for, and no more than bold and faint", () => {
  expect(render("table", ARTICLE)).not.toContain("\x1b");
  const lines = render("table", ARTICLE, { color: true }).split("\n");
  expect(lines[0]).toMatch(/^\x1b\[1m.*\x1b\[0m$/);
  expect(lines[1]).not.toContain("\x1b");
  expect(lines[4]).toMatch(/^\x1b\[2m.*\x1b\[0m$/);
});

test("counts of rows and rest add up to the total, hostile names or not", () => {
  const countOf = (line: string) => Number(/^ *([\d,]+)/.exec(line)?.[1]?.replaceAll(",", ""));
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 20 }), fc.nat(), (rows, restCount) => {
      const text = render("table", resultOf(rows, { restCount }));
      expect(text).not.toMatch(UNSAFE);
      const lines = text.trimEnd().split("\n").slice(1);
      expect(lines).toHaveLength(rows.length + (restCount > 0 ? 2 : 1));
      const total = lines.pop() ?? "";
      expect(lines.reduce((sum, line) => sum + countOf(line), 0)).toBe(countOf(total));
    }),
  );
});

test("rows after the measured ones are aligned as these are", () => {
  const rows = Array.from({ length: 2500 }, (_, index) => row(5000 - index, "000000000000000a", `n${index}`));
  const lines = render("table", resultOf(rows)).split("\n").slice(0, 2501);
  expect(new Set(lines.slice(1).map((line) => line.indexOf("  n"))).size).toBe(1);
  expect(lines[2500]).toMatch(/n2499$/);
});

test("wide, combined and ambiguous characters push no column out of line", () => {
  // Each with the columns that it takes, counted by hand.
  const cells: [string, number][] = [
    ["日本語のテキスト", 16],
    ["\u{1f468}\u200d\u{1f469}\u200d\u{1f467} home", 7],
    ["\u{1f1e9}\u{1f1ea}\u{1f1eb}\u{1f1f7}", 4],
    ["re\u0301sume\u0301", 6],
    ["±α…", 3],
    ["plain", 5],
  ];
  const lines = render("table", resultOf(cells.map(([cell]) => row(1, cell, "name")))).split("\n");
  expect(lines[0]).toBe(`Count    Share  Word${" ".repeat(12)}  Name`);
  for (const [index, [cell, width]] of cells.entries())
    expect(lines[index + 1]).toBe(`    1   16.7 %  ${cell}${" ".repeat(16 - width)}  name`);
});

test("a cell of more than 64 columns runs over, however few characters it has", () => {
  const [widest, wider] = ["日".repeat(32), "日".repeat(33)];
  const heads = [widest, wider].map((cell) => {
    const [head = ""] = render("table", resultOf([row(1, cell, "name"), row(1, "a", "name")])).split("\n");
    return head;
  });
  expect(heads).toEqual([`Count    Share  Word${" ".repeat(60)}  Name`, "Count    Share  Word  Name"]);
});
