import fc from "fast-check";
import { expect, it } from "vitest";
import { sortOrder } from "../../../src/symbols/table/order.ts";
import { halves } from "../../../src/symbols/table/wide.ts";

const half = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 0xffffffff }));

it("orders as a stable comparison sort does", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(half, half), { maxLength: 300 }), fc.boolean(), (pairs, isOneHigh) => {
      const keys = BigUint64Array.from(
        pairs,
        ([high, low]) => (BigInt(isOneHigh ? 7 : high) << 32n) | BigInt(low),
      );
      const key = (i: number): bigint => keys[i] ?? 0n;
      const expected = pairs
        .map((_, i) => i)
        .sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b));
      const order = sortOrder(halves(keys));
      expect([...(order ?? expected)]).toEqual(expected);
      // Null says that the keys were in order, and only that.
      expect(order === null).toBe(expected.every((index, i) => index === i));
    }),
  );
});
