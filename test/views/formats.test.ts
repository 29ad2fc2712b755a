import { expect, test } from "vitest";
import type { WordRow } from "../../src/answers/results/index.ts";
import { FORMATS, findFormat, render, TEXT_FORMATS } from "../../src/views/index.ts";
import { viewOf } from "../../src/views/render.ts";
import type { View } from "../../src/views/view.ts";
import { ARTICLE, row } from "./word-results.ts";

test("the formats, by name", () => {
  expect(FORMATS.map(({ name }) => name)).toEqual([
    ...["plain", "table", "csv", "tsv", "json", "ndjson"],
    "parquet",
  ]);
  expect(findFormat("tsv")?.name).toBe("tsv");
  expect(findFormat("xml")).toBeNull();
});

const ROWS = 300_000;

test.each(TEXT_FORMATS)(
  "$name streams: chunks are bounded, and rows are asked for as chunks are",
  (format) => {
    let made = 0;
    function* makeRows(): Generator<WordRow> {
      for (; made < ROWS; made++) {
        yield { count: ROWS - made, word: made.toString(16).padStart(16, "0"), symbol: null, type: null };
      }
    }
    let longest = 0;
    let chunks = 0;
    let farthestAhead = 0;
    let before = 0;
    for (const chunk of render(format, { ...ARTICLE, rows: makeRows() })) {
      longest = Math.max(longest, chunk.length);
      farthestAhead = Math.max(farthestAhead, made - before);
      before = made;
      chunks++;
      expect(String(chunk).endsWith("\n")).toBe(true);
    }
    expect(made).toBe(ROWS);
    expect(chunks).toBeGreaterThan(100);
    expect(longest).toBeLessThan(65_536 + 200);
    expect(farthestAhead).toBeLessThan(4_000);
  },
);

test("a renderer that is left early leaves its rows, so that they can clean up", () => {
  for (const format of TEXT_FORMATS) {
    let cleaned = 0;
    function* makeRows(): Generator<WordRow> {
      try {
        for (;;) yield row(1, "0000000a");
      } finally {
        cleaned++;
      }
    }
    for (const _ of render(format, { ...ARTICLE, rows: makeRows() })) break;
    expect([format.name, cleaned]).toEqual([format.name, 1]);
  }
});

test("lines that are not the rows: the line formats show them, JSON does not", () => {
  const lines = [
    { part: "x".repeat(100), change: -5, holds: [] },
    { part: "heap", change: 12345, holds: ["a", "b\n"] },
  ];
  const words = viewOf(ARTICLE, {});
  const view: View = {
    ...words,
    columns: {
      ...words.columns,
      lines: {
        change: { kind: "count", signed: true, doc: "" },
        holds: { kind: "list", of: { kind: "text", tells: "ours" }, doc: "" },
      },
    },
    lines,
    plain: ({ part }: (typeof lines)[number]) => part.slice(0, 4),
    table: {
      columns: [
        { header: "Part", align: "left", cell: ({ part }: (typeof lines)[number]) => part },
        { header: "Change", align: "right", cell: ({ change }: (typeof lines)[number]) => String(change) },
      ],
      foot: [],
    },
  };
  const text = (name: string) => [...textFormat(name).render(view, { color: false })].join("");
  expect(text("plain")).toBe("xxxx\nheap\n");
  expect(text("csv")).toBe('change,holds\n-5,[]\n12345,"[""a"",""b\\n""]"\n');
  expect(text("tsv")).toBe('change\tholds\n-5\t[]\n12345\t["a","b\\n"]\n');
  // A cell that is too wide pushes its own line only.
  expect(text("table")).toBe(`Part  Change\n${"x".repeat(100)}      -5\nheap   12345\n`);
  expect(text("json")).toContain("PyTuple_Type");
  expect(text("ndjson")).toContain("PyTuple_Type");
});

test("a result's own plain text stands for its rows, in that format alone", () => {
  const result = { ...ARTICLE, plainChunks: () => [Buffer.from("ready "), Buffer.from("text\n")] };
  const bytes = [...render(textFormat("plain"), result)].map((chunk) => Buffer.from(chunk));
  expect(Buffer.concat(bytes).toString()).toBe("ready text\n");
  for (const format of TEXT_FORMATS.filter(({ name }) => name !== "plain"))
    expect([...render(format, result)]).toEqual([...render(format, ARTICLE)]);
});

function textFormat(name: string) {
  const found = TEXT_FORMATS.find((format) => format.name === name);
  if (!found) throw new Error(`no format ${name}`);
  return found;
}
