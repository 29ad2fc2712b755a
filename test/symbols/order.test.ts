import fc from "fast-check";
import { expect, it } from "vitest";
import { sortOrder } from "../../src/symbols/order.ts";

const half = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 0xffffffff }));

it("orders as a stable comparison sort does", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(half, half), { maxLength: 300 }), (keys) => {
      const high = Uint32Array.from(keys, ([h]) => h);
      const low = Uint32Array.from(keys, ([, l]) => l);
      const key = (i: number): bigint => (BigInt(high[i] ?? 0) << 32n) | BigInt(low[i] ?? 0);
      const expected = keys
        .map((_, i) => i)
        .sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b));
      const order = sortOrder(high, low);
      expect([...(order ?? expected)]).toEqual(expected);
      // Null says that the keys were in order, and only that.
      expect(order === null).toBe(expected.every((index, i) => index === i));
    }),
  );
});
