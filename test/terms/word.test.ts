import { expect, it } from "vitest";
import { formatWord } from "../../src/terms/index.ts";

it("a word has all its digits", () => {
  expect(formatWord(0n)).toBe("0000000000000000");
  expect(formatWord(0x7f01104e0c70n)).toBe("00007f01104e0c70");
  expect(formatWord(2n ** 64n - 1n)).toBe("ffffffffffffffff");
  expect(formatWord(0xabcn, 4)).toBe("00000abc");
});
