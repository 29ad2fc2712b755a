import { expect, it } from "vitest";
import type { Result } from "../../src/answers/index.ts";
import { FORMATS, render } from "../../src/views/index.ts";

it("plain rows, csv and ndjson do not ask how many words are in no row, which takes a walk over all", () => {
  const asked: string[] = [];
  for (const format of FORMATS) {
    const totals = {
      bytes: 16,
      words: 2,
      distinct: null,
      get restCount() {
        asked.push(format.name);
        return 0;
      },
    };
    const result: Result<"coregram/words@1"> = {
      schema: "coregram/words@1",
      input: { path: "core", bytes: 16, compression: null, wordBytes: 8, endian: "little" },
      totals,
      rows: [{ count: 2, word: "00".repeat(8), symbol: null, type: null }],
    };
    expect([...render(format, result)].join("")).toContain("2");
  }
  expect(new Set(asked)).toEqual(new Set(["table", "json"]));
});
