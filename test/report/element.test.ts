import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { element, toHtml } from "../../src/report/element.ts";

/** Markup that a parser would see: all tags and their attributes' names. */
function markupOf(html: string): string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
}

describe("an element", () => {
  it.each([
    ["<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"],
    ['"><script>alert(1)</script>', "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["a&b'c", "a&amp;b&#39;c"],
    ["\u202egnp.exe", "\\u202egnp.exe"],
    ["a\u2028b\u0000c", "a\\u2028b\\x00c"],
    ["\ud800x", "\\ud800x"],
    ["日本 😀", "日本 😀"],
  ])("has %j as text alone", (text, html) => {
    expect(toHtml(element("p", { title: text }, text))).toBe(`<p title="${html}">${html}</p>`);
  });

  it("cuts what is too long, and says how long it was", () => {
    const html = toHtml(element("p", { title: "y".repeat(1e6) }, "x".repeat(1e6)));
    expect(html.length).toBeLessThan(10_000);
    expect(html.match(/… \(1,000,000 characters\)/g)).toHaveLength(2);
  });

  it("is the same markup whatever texts are in it", () => {
    const wanted = markupOf(toHtml(element("p", { title: "" }, element("b", {}, ""))));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (a, b) => {
        expect(markupOf(toHtml(element("p", { title: a }, element("b", {}, b))))).toEqual(wanted);
      }),
    );
  });

  it("has no content where none is given", () => {
    expect(toHtml(element("p", { hidden: true, title: null, id: false }, null, false, [1, "a"]))).toBe(
      '<p hidden="">1a</p>',
    );
  });
});
