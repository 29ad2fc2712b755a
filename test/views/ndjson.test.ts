import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRow, render, resultOf, UNSAFE } from "./word-results.ts";

test("a line a row, each the row itself", () => {
  fc.assert(
    fc.property(fc.array(anyRow), (rows) => {
      const text = render("ndjson", resultOf(rows));
      expect(text).not.toMatch(UNSAFE);
      const lines = text.split("\n");
      expect(lines.pop()).toBe("");
      expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
    }),
  );
});
