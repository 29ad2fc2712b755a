import fc from "fast-check";
import { expect, it } from "vitest";
import { formatFloat } from "../../../../src/runtimes/cpython/values/number-values.ts";

it.each([
  [0, "0.0"],
  [-0, "-0.0"],
  [1, "1.0"],
  [-2.5, "-2.5"],
  [0.1, "0.1"],
  [1e15, "1000000000000000.0"],
  [123456789012345680, "1.2345678901234568e+17"],
  [9999999999999998, "9999999999999998.0"],
  [1e16, "1e+16"],
  [1e22, "1e+22"],
  [1.5e300, "1.5e+300"],
  [0.0001, "0.0001"],
  [0.00012345, "0.00012345"],
  [0.00001, "1e-05"],
  [5e-324, "5e-324"],
  [Number.POSITIVE_INFINITY, "inf"],
  [Number.NEGATIVE_INFINITY, "-inf"],
  [Number.NaN, "nan"],
])("%f is written as Python's repr writes it", (value, text) => {
  expect(formatFloat(value)).toBe(text);
});

it("reads back as the same number", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Object.is(Number(formatFloat(value)), value)).toBe(true);
      expect(formatFloat(value)).toMatch(/^-?\d+(\.\d+)?(e[-+]\d\d+)?$/);
    }),
  );
});
