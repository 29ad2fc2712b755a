import { expect, test } from "vitest";
import { FORMATS, findFormat, type Result, type WordRow, wordsResult } from "../../src/views/index.ts";
import { ARTICLE, row } from "./word-results.ts";

test("the six formats, by name", () => {
  expect(FORMATS.map(({ name }) => name)).toEqual(["plain", "table", "csv", "tsv", "json", "ndjson"]);
  expect(findFormat("tsv")?.name).toBe("tsv");
  expect(findFormat("xml")).toBeNull();
});

const ROWS = 300_000;

test.each(FORMATS)(
  "$name streams: chunks are bounded, and rows are asked for as chunks are",
  ({ render }) => {
    let made = 0;
    function* makeRows(): Generator<WordRow> {
      for (; made < ROWS; made++) {
        yield { count: ROWS - made, word: made.toString(16).padStart(16, "0"), symbol: null, type: null };
      }
    }
    const input = { path: "-", bytes: 8, compression: null, wordBytes: 8, endian: "little" } as const;
    const totals = { bytes: 8, words: 1, distinct: null, restCount: 0 };
    let longest = 0;
    let chunks = 0;
    let farthestAhead = 0;
    let before = 0;
    for (const chunk of render(wordsResult(input, totals, makeRows(), { names: true }), { color: false })) {
      longest = Math.max(longest, chunk.length);
      farthestAhead = Math.max(farthestAhead, made - before);
      before = made;
      chunks++;
      expect(chunk.endsWith("\n")).toBe(true);
    }
    expect(made).toBe(ROWS);
    expect(chunks).toBeGreaterThan(100);
    expect(longest).toBeLessThan(65_536 + 200);
    expect(farthestAhead).toBeLessThan(4_000);
  },
);

test("a renderer that is left early leaves its rows, so that they can clean up", () => {
  for (const { name, render } of FORMATS) {
    let cleaned = 0;
    function* makeRows(): Generator<WordRow> {
      try {
        for (;;) yield row(1, "0000000a");
      } finally {
        cleaned++;
      }
    }
    for (const _ of render({ ...ARTICLE, rows: makeRows(), entries: makeRows() }, { color: false })) break;
    expect([name, cleaned]).toEqual([name, 1]);
  }
});

test("entries that are not the rows: the line formats show them, JSON does not", () => {
  const result: Result<"coregram/words@1", { part: string; change: number; holds: string[] }> = {
    ...ARTICLE,
    entries: [
      { part: "x".repeat(100), change: -5, holds: [] },
      { part: "heap", change: 12345, holds: ["a", "b\n"] },
    ],
    plain: ({ part }) => part.slice(0, 4),
    fields: [
      { key: "change", value: ({ change }) => change },
      { key: "holds", value: ({ holds }) => holds },
    ],
    table: {
      columns: [
        { header: "Part", align: "left", cell: ({ part }) => part },
        { header: "Change", align: "right", cell: ({ change }) => String(change) },
      ],
      foot: [],
    },
  };
  const text = (name: string) => [...(findFormat(name)?.render(result, { color: false }) ?? [])].join("");
  expect(text("plain")).toBe("xxxx\nheap\n");
  expect(text("csv")).toBe('change,holds\n-5,[]\n12345,"[""a"",""b\\n""]"\n');
  expect(text("tsv")).toBe('change\tholds\n-5\t[]\n12345\t["a","b\\n"]\n');
  // A cell that is too wide pushes its own line only.
  expect(text("table")).toBe(`Part  Change\n${"x".repeat(100)}      -5\nheap   12345\n`);
  expect(text("json")).toContain("PyTuple_Type");
  expect(text("ndjson")).toContain("PyTuple_Type");
});
