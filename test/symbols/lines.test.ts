import fc from "fast-check";
import { expect, it } from "vitest";
import { LineCutter, MAX_LINE_BYTES } from "../../src/symbols/lines.ts";

function cut(chunks: readonly string[]): [number, string | null][] {
  const lines: [number, string | null][] = [];
  const cutter = new LineCutter((bytes, start, end, number) => {
    lines.push([number, bytes && Buffer.from(bytes.subarray(start, end)).toString("latin1")]);
  });
  for (const chunk of chunks) cutter.push(Buffer.from(chunk, "latin1"));
  cutter.finish();
  return lines;
}

it("cuts the same lines whatever the chunks", () => {
  const chunk = fc.string({ unit: fc.constantFrom("a", " ", "\t", "\r", "\n"), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 20 }), (chunks) => {
      const texts = chunks.join("").split("\n");
      if (texts.at(-1) === "") texts.pop();
      const expected = texts.map((text, i) => [i + 1, text.replace(/\r$/, "").replace(/[ \t]+$/, "")]);
      expect(cut(chunks)).toEqual(expected);
    }),
  );
});

it("gives null for a line that is too long, in one chunk or several, ended or not", () => {
  const long = "x".repeat(MAX_LINE_BYTES + 1);
  const longest = "y".repeat(MAX_LINE_BYTES);
  expect(cut([`a\n${long}\nb\n`])).toEqual([
    [1, "a"],
    [2, null],
    [3, "b"],
  ]);
  expect(cut(["a\n", long.slice(0, 9), long.slice(9), "\nb"])).toEqual([
    [1, "a"],
    [2, null],
    [3, "b"],
  ]);
  expect(cut([long])).toEqual([[1, null]]);
  expect(cut([longest.slice(1), "y", "\n", longest])).toEqual([
    [1, longest],
    [2, longest],
  ]);
});
