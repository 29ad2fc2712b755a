import fc from "fast-check";
import { expect, test } from "vitest";
import { ARTICLE, anyRow, HOSTILE_NAMES, render, resultOf, row, UNSAFE } from "./word-results.ts";

test("the article's rows, as uniq -c pads them", () => {
  expect(render("plain", ARTICLE)).toBe("1209344 0000000000000000\n 145219 00007f01104e0c70  PyTuple_Type\n");
});

test("counts grow past seven columns and past 32 bits", () => {
  const rows = [row(2 ** 40 + 1, "0000000000000000"), row(12345678, "0000000000000001"), row(1, "0000000a")];
  expect(render("plain", resultOf(rows))).toBe(
    "1099511627777 0000000000000000\n12345678 0000000000000001\n      1 0000000a\n",
  );
});

test("a type names a word that no symbol does", () => {
  expect(render("plain", resultOf([row(1, "0000000a", null, "builtins.tuple")]))).toBe(
    "      1 0000000a  type builtins.tuple\n",
  );
  expect(render("plain", resultOf([row(1, "0000000a", "PyTuple_Type", "builtins.tuple")]))).toContain(
    "PyTuple",
  );
});

test("no rows, no text", () => {
  expect(render("plain", resultOf([]))).toBe("");
});

test("what is in no row, which takes a walk over all rows, is not asked for", () => {
  const totals = {
    ...ARTICLE.totals,
    get restCount(): number {
      throw new Error("asked for");
    },
  };
  expect(render("plain", { ...ARTICLE, totals })).toBe(render("plain", ARTICLE));
  expect(() => render("table", { ...ARTICLE, totals })).toThrow("asked for");
});

test("hostile names stay on their line and send nothing to the terminal", () => {
  const text = render("plain", resultOf(HOSTILE_NAMES.map((name) => row(1, "0000000a", name))));
  expect(text.split("\n")).toHaveLength(HOSTILE_NAMES.length + 1);
  expect(text).toContain("  \\x1b[31mred\\x1b[0m\n");
  expect(text).not.toMatch(UNSAFE);
  fc.assert(
    fc.property(fc.array(anyRow), (rows) => {
      const lines = render("plain", resultOf(rows)).split("\n");
      expect(lines).toHaveLength(rows.length + 1);
      expect(lines.join("\n")).not.toMatch(UNSAFE);
    }),
  );
});
