import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatBytes, formatCount, parseDuration, parseSize } from "../../src/terms/index.ts";

describe("sizes", () => {
  it.each([
    ["512M", 512 * 2 ** 20],
    ["1.5GiB", 1.5 * 2 ** 30],
    ["64k", 65_536],
    ["2T", 2 ** 41],
    ["1048576", 1_048_576],
    [" 8 mb ", 8 * 2 ** 20],
    ["10B", 10],
    ["0", 0],
  ])("reads %j", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(["", "M", "-1", "1e9", "1,5G", "5X", "0x10", "1.M", "99999999999999T", "1 2"])(
    "refuses %j",
    (text) => {
      expect(parseSize(text)).toBeNull();
    },
  );

  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [452_567_704, "431.6 MiB"],
    [2 ** 60, "1.0 EiB"],
    [2 ** 70, "1024.0 EiB"],
  ])("writes %d bytes as %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

it("separates thousands, as Intl does for English", () => {
  expect(formatCount(14_230_702)).toBe("14,230,702");
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (count) => {
      expect(formatCount(count)).toBe(count.toLocaleString("en"));
    }),
  );
});

describe("parseDuration", () => {
  it.each([
    ["60s", 60_000],
    ["1.5m", 90_000],
    ["2h", 7_200_000],
    ["500ms", 500],
    ["7", 7000],
    ["0", 0],
  ])("%s", (text, millis) => {
    expect(parseDuration(text)).toBe(millis);
  });

  it("of what is no time is null", () => {
    for (const text of ["", "s", "-1s", "1d", "1 m s", "1e3s", "9".repeat(20)])
      expect(parseDuration(text)).toBeNull();
  });
});
