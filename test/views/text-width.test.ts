import { describe, expect, it } from "vitest";
import { textWidth } from "../../src/views/text-width.ts";

describe("the columns of a text", () => {
  it.each([
    ["nothing", "", 0],
    ["ASCII", "operator<< (x)", 14],
    ["Han and kana", "日本語かな", 10],
    ["Hangul", "한국", 4],
    ["Hangul in parts", "한국".normalize("NFD"), 4],
    ["fullwidth letters", "ＡＢ", 4],
    ["halfwidth katakana", "ｱﾊ", 2],
    ["an emoji", "\u{1f600}", 2],
    ["a family, joined", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}", 2],
    ["a skin tone", "\u{1f44d}\u{1f3fd}", 2],
    ["a flag", "\u{1f1e9}\u{1f1ea}", 2],
    ["a heart as emoji", "\u2764\ufe0f", 2],
    ["combining marks", "e\u0301a\u0308\u0301x\u0336", 3],
    ["ambiguous characters", "±α§…", 4],
    ["a zero width space", "a\u200bb", 2],
    ["a joiner between letters", "a\u200db", 2],
  ])("%s", (_, text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });
});
