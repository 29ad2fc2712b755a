import { describe, expect, it } from "vitest";
import { address, formatAddress, parseAddress } from "../../src/terms/index.ts";

describe("address", () => {
  it("wraps to 64 bits as the machine does", () => {
    expect(address(2n ** 64n + 5n)).toBe(5n);
    expect(address(-1n)).toBe(2n ** 64n - 1n);
  });

  it("is written in lower-case hex without leading zeros", () => {
    expect(formatAddress(0n)).toBe("0x0");
    expect(formatAddress(0xffffffff81000000n)).toBe("0xffffffff81000000");
  });

  it.each([
    ["0x7f01104e0c70", 0x7f01104e0c70n],
    ["7F01104E0C70", 0x7f01104e0c70n],
    ["0XfFfFfFfFfFfFfFfF", 2n ** 64n - 1n],
    ["0", 0n],
  ])("reads %s", (text, value) => {
    expect(parseAddress(text)).toBe(value);
  });

  it.each(["", "0x", "0x1ffffffffffffffff", "12 ", " 12", "-1", "1_0", "0x12\n", "main", "0x0x1"])(
    "refuses %j",
    (text) => {
      expect(parseAddress(text)).toBeNull();
    },
  );
});
