import { expect, test } from "vitest";
import { FORMATS, findFormat, type WordRow, wordsResult } from "../../src/views/index.ts";

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
