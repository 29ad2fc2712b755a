import fc from "fast-check";
import { expect, it } from "vitest";
import { LineCursor } from "../../../src/symbols/maps/lines.ts";

it("steps through the lines that say something, and counts all", () => {
  const text = fc.string({ unit: fc.constantFrom("a", " ", "\t", "\r", "\n", "#"), maxLength: 60 });
  fc.assert(
    fc.property(text, text, text, (before, lines, after) => {
      // What stands around the lines must not matter.
      const bytes = new TextEncoder().encode(before + lines + after);
      const cursor = new LineCursor(bytes, before.length, before.length + lines.length, 7);
      const found: [number, string][] = [];
      while (cursor.next()) {
        found.push([cursor.number, new TextDecoder().decode(bytes.subarray(cursor.start, cursor.end))]);
      }
      const texts = lines.split("\n");
      if (texts.at(-1) === "") texts.pop();
      const expected = texts
        .map((line, i): [number, string] => [i + 8, line.replace(/\r$/, "").replace(/[ \t]+$/, "")])
        .filter(([, line]) => /^[ \t]*[^ \t#]/.test(line));
      expect(found).toEqual(expected);
      expect(cursor.number).toBe(7 + texts.length);
    }),
  );
});
