import fc from "fast-check";
import { expect, it } from "vitest";
import { pathOfTags } from "../../src/commands/summary/partition.ts";

const folderOf = (value: string) => pathOfTags([{ key: "service", value }]);

it("what is too long for a file name is cut by bytes, and told from others with the same start", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 65, maxLength: 200 }),
      fc.string({ minLength: 1 }),
      (value, more) => {
        const folder = folderOf(value);
        expect(folder.length).toBeLessThanOrEqual(255);
        expect(folderOf(value + more)).not.toBe(folder);
        // All of it is text: no character was cut in two.
        const text = decodeURIComponent(folder.slice("service=".length));
        expect(value.startsWith(text.replace(/-[0-9a-f]{16}$/, ""))).toBe(true);
      },
    ),
  );
});
