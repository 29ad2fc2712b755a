import fc from "fast-check";
import { expect, it } from "vitest";
import { formatWord, wordFromBytes } from "../../src/terms/index.ts";

it("a word has all its digits", () => {
  expect(formatWord(0n)).toBe("0000000000000000");
  expect(formatWord(0x7f01104e0c70n)).toBe("00007f01104e0c70");
  expect(formatWord(2n ** 64n - 1n)).toBe("ffffffffffffffff");
  expect(formatWord(0xabcn, 4)).toBe("00000abc");
});

it("a word is read from its bytes in either order", () => {
  const bytes = Uint8Array.of(0x70, 0x0c, 0x4e, 0x10, 0x01, 0x7f, 0, 0x80);
  expect(wordFromBytes(bytes, "little")).toBe(0x80007f01104e0c70n);
  expect(wordFromBytes(bytes, "big")).toBe(0x700c4e10017f0080n);
  expect(wordFromBytes(bytes.subarray(1, 5), "little")).toBe(0x01104e0cn);
  expect(wordFromBytes(bytes.subarray(1, 5), "big")).toBe(0x0c4e1001n);
  expect([...bytes], "the bytes stay as they are").toEqual([0x70, 0x0c, 0x4e, 0x10, 0x01, 0x7f, 0, 0x80]);
  for (const length of [0, 3, 7, 9]) expect(() => wordFromBytes(new Uint8Array(length), "little")).toThrow();
});

it("reads the word that a DataView reads, wherever it lies", () => {
  const around = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(around, fc.nat(8), fc.constantFrom("little", "big"), (bytes, at, endian) => {
      const view = new DataView(bytes.buffer, at, 8);
      const little = endian === "little";
      expect(wordFromBytes(bytes.subarray(at, at + 8), endian)).toBe(view.getBigUint64(0, little));
      expect(wordFromBytes(bytes.subarray(at, at + 4), endian)).toBe(BigInt(view.getUint32(0, little)));
    }),
  );
});
