import fc from "fast-check";
import { expect, it } from "vitest";
import { formatWord } from "../../../src/terms/index.ts";
import { kernelMemory, words } from "../memory-of.ts";

const { kernel, a, b, c, put, bytes } = kernelMemory();

it("formatRows writes what formatWord says, after any prefix, in both widths", () => {
  fc.assert(
    fc.property(
      words,
      fc.string({ unit: "grapheme-ascii", maxLength: 32 }),
      fc.boolean(),
      (values, prefix, wide) => {
        const kept = wide ? values : values.map((value) => value & 0xffffffffn);
        put(a, kept);
        bytes(b, 32).fill(0x2e).set(Buffer.from(prefix, "latin1"));
        const end = kernel.formatRows({
          words: a,
          rows: kept.length,
          prefix: b,
          prefixBytes: prefix.length,
          wide: wide ? 1 : 0,
          to: c,
        });
        const text = Buffer.from(bytes(c, end - c)).toString("latin1");
        expect(text).toBe(kept.map((value) => `${prefix}${formatWord(value, wide ? 8 : 4)}\n`).join(""));
      },
    ),
  );
});

it("formatRows writes at most 32 bytes past its end", () => {
  put(a, [1n]);
  bytes(c, 256).fill(0xee);
  const end = kernel.formatRows({ words: a, rows: 1, prefix: b, prefixBytes: 8, wide: 1, to: c });
  expect([...bytes(end + 32, 100)].every((byte) => byte === 0xee)).toBe(true);
});
