import { describe, expect, it } from "vitest";
import type { Column } from "../../src/answers/results/index.ts";
import { plainBytes, plainCount, signed, tableColumn } from "../../src/views/column.ts";

const columns = {
  count: { kind: "count", title: "Count", doc: "" },
  bytes: { kind: "bytes", doc: "" },
  change: { kind: "bytes", signed: true, doc: "" },
  pid: { kind: "number", doc: "" },
  at: { kind: "address", doc: "" },
  inferred: { kind: "flag", doc: "" },
} satisfies Record<string, Column>;

const line = { count: 1234567, bytes: 2048, change: -2048, pid: 12345, at: "0x1000", inferred: true };

describe("tableColumn", () => {
  it("goes by the kind: unit, separators, sign", () => {
    const cells = Object.keys(columns).map((key) =>
      tableColumn(columns, key as keyof typeof columns).cell(line),
    );
    expect(cells).toEqual(["1,234,567", "2.0 KiB", "-2.0 KiB", "12345", "0x1000", "true"]);
    expect(tableColumn(columns, "change").cell({ change: 0 })).toBe("+0 B");
    expect(tableColumn(columns, "count").cell({ count: null })).toBe("");
  });

  it("has numbers on the right, and its title or else its key as the header", () => {
    const keys = Object.keys(columns) as (keyof typeof columns)[];
    expect(keys.map((key) => tableColumn(columns, key).align)).toEqual([
      "right",
      "right",
      "right",
      "right",
      "left",
      "left",
    ]);
    expect(tableColumn(columns, "count").header).toBe("Count");
    expect(tableColumn(columns, "pid").header).toBe("pid");
  });

  it("takes a cell that says more", () => {
    const column = tableColumn(columns, "at", ({ at, pid }: typeof line) => `${at} of ${pid}`);
    expect(column.cell(line)).toBe("0x1000 of 12345");
  });
});

it("pads counts to 9 columns, bytes to 12, and lets what is wider be", () => {
  expect(plainCount(7)).toBe("        7");
  expect(plainCount("-")).toBe("        -");
  expect(plainBytes(7)).toBe("           7");
  expect(plainCount(12345678901)).toBe("12345678901");
  expect([signed(0, String), signed(-5, String), signed(5, String)]).toEqual(["+0", "-5", "+5"]);
});
