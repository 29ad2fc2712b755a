import { expect, it } from "vitest";
import type { Result } from "../../src/answers/index.ts";
import { render as renderResult, TEXT_FORMATS } from "../../src/views/index.ts";
import { render, resultOf, row } from "./word-results.ts";

it("plain rows, csv and ndjson do not ask how many words are in no row, which takes a walk over all", () => {
  const asked: string[] = [];
  for (const format of TEXT_FORMATS) {
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
    expect([...renderResult(format, result)].join("")).toContain("2");
  }
  expect(new Set(asked)).toEqual(new Set(["table", "json"]));
});

it("a table shows the text that a word without a name is, as it lies in memory", () => {
  const shown = (word: string, endian: "little" | "big" = "little", symbol: string | null = null) => {
    const result = resultOf([row(1, word, symbol)]);
    const text = render("table", { ...result, input: { ...result.input, endian } });
    return text.split("\n")[1]?.slice(text.indexOf("Name")) ?? "";
  };
  expect(shown("7878787878787878")).toBe("'xxxxxxxx'");
  expect(shown("5d292c312c286465")).toBe("'ed(,1,)]'");
  expect(shown("5d292c312c286465", "big")).toBe("']),1,(de'");
  expect(shown("20217e41")).toBe("'A~! '");
  expect(shown("7878787878787878", "little", "name")).toBe("name");
  for (const word of ["7f78787878787878", "1f78787878787878", "0078787878787878", "7878787878787880"])
    expect(shown(word)).toBe("");
  const [plain, csv] = ["plain", "csv"].map((format) =>
    render(format, resultOf([row(1, "7878787878787878")])),
  );
  expect(`${plain}${csv}`).not.toContain("xxxx");
});
