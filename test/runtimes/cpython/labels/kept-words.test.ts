import fc from "fast-check";
import { expect, test } from "vitest";
import type { WordName } from "../../../../src/runtimes/cpython/labels/held-names.ts";
import { KeptWords } from "../../../../src/runtimes/cpython/labels/kept-words.ts";

const names: fc.Arbitrary<WordName> = fc.oneof(
  fc.record({ kind: fc.constant("nothing" as const) }),
  fc.record({ kind: fc.constant("fixed" as const), text: fc.string() }),
  fc.record({ kind: fc.constant("index" as const), index: fc.nat() }),
  fc.record({
    kind: fc.constantFrom("item" as const, "attribute" as const, "local" as const, "closure" as const),
    key: fc.nat({ max: 2 ** 48 }),
  }),
);

// Few different ones, so that many come twice, and such as differ only above 32 bits.
const addresses = fc.oneof(
  fc.nat({ max: 40 }).map((index) => 0x7f00_0000_0000 + index * 16),
  fc.nat({ max: 40 }).map((index) => index * 2 ** 32 + 64),
  fc.constantFrom(0, Number.NaN, 2 ** 64),
);

test("the first name of each address is kept, as in a map", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(addresses, names), { maxLength: 300 }), (words) => {
      const kept = new KeptWords();
      const plain = new Map<number, WordName>();
      for (const [address, name] of words) {
        kept.add(address, name);
        if (!plain.has(address)) plain.set(address, name);
      }
      expect(kept.size).toBe(plain.size);
      for (const [address, name] of plain)
        if (!Number.isNaN(address)) expect(kept.get(address)).toEqual(name);
      expect(kept.get(0x1234_5678)).toBeUndefined();
    }),
  );
});

test("none is lost as their number grows", () => {
  const kept = new KeptWords();
  for (let index = 0; index < 1000; ++index) {
    kept.add(index * 16, { kind: "index", index });
    expect(kept.size).toBe(index + 1);
    for (const each of [0, index >> 1, index])
      expect(kept.get(each * 16)).toEqual({ kind: "index", index: each });
    expect(kept.get((index + 1) * 16)).toBeUndefined();
  }
});
