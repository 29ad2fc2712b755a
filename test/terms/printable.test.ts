import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "../../src/terms/index.ts";

describe("printable", () => {
  it.each([
    ["a\x1b[31mb", "a\\x1b[31mb"],
    ["line\nbreak\ttab", "line\\x0abreak\\x09tab"],
    ["\x7f\x9b", "\\x7f\\x9b"],
    ["\u202eevil\u2066", "\\u202eevil\\u2066"],
    ["\u2028\u2029", "\\u2028\\u2029"],
    ["\ud800x", "\\ud800x"],
    ["x\udc00", "x\\udc00"],
  ])("makes %j harmless", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("leaves names in any script, and whole surrogate pairs, as they are", () => {
    const text = "std::vector<int> größe 名前 🐍";
    expect(printable(text)).toBe(text);
  });

  it("never lets a control character or a broken pair through, and changes nothing twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(/\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
        expect(Buffer.from(shown, "utf8").toString("utf8")).toBe(shown);
        expect(printable(shown)).toBe(shown);
      }),
    );
  });
});
