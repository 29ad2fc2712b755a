import { expect, it } from "vitest";
import { address, rangeBytes } from "../../src/terms/index.ts";

it("a range's bytes are its end less its start, exactly, above 2^53 too", () => {
  expect(rangeBytes({ start: address(2n ** 63n), end: address(2n ** 63n + 1n) })).toBe(1n);
  expect(rangeBytes({ start: address(0n), end: address(2n ** 64n - 1n) })).toBe(2n ** 64n - 1n);
  expect(rangeBytes({ start: address(7n), end: address(7n) })).toBe(0n);
});
