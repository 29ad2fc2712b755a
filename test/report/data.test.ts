import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import { dataBlock } from "../../src/report/data.ts";

/** A frame of types that are called so. */
function typesCalled(names: readonly string[]): Frame<"coregram/types@1"> {
  const rows = names.map((type) => ({
    ...{ type, address: "0x1", count: 1, bytes: 16, freedCount: 0, freedBytes: 0, inferred: false },
  }));
  const totals = { types: 0, count: 0, bytes: 0, freedCount: 0, freedBytes: 0, restCount: 0, restBytes: 0 };
  const frame = {
    schema: "coregram/types@1",
    input: { path: "core", bytes: 1, compression: null },
    totals: { ...totals, savedBytes: 0, notSavedBytes: 0, runtime: "", balance: {}, bridge: {} },
  };
  return { ...frame, rows } as unknown as Frame<"coregram/types@1">;
}

/** The names that a program reads out of the page, and all that stands around them. */
function readBack(names: readonly string[]): { names: string[]; around: string } {
  const text = [...dataBlock("types", typesCalled(names))].join("");
  const [whole, json = ""] =
    /^<script type="application\/json" id="data-types">([\s\S]*)<\/script>\n$/.exec(text) ?? [];
  expect(whole).toBe(text);
  const rows: { type: string }[] = JSON.parse(json).rows;
  return { names: rows.map(({ type }) => type), around: json };
}

describe("a result in the page", () => {
  it.each([
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "<img src=x onerror=alert(1)>",
    "]]>\u2028\u2029\u202e",
    "\ud800\udc00 \udc00",
  ])("%j is a name and nothing else", (name) => {
    const { names, around } = readBack([name]);
    expect(names).toEqual([name]);
    expect(around).not.toMatch(/[<\u2028\u2029\u202e]/);
    expect(Buffer.from(around, "utf8").toString("utf8")).toBe(around);
  });

  it("reads back whatever is in it", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (names) => {
        expect(readBack(names).names).toEqual(names);
      }),
    );
  });

  it("is cut where a name is as long as a core", () => {
    const [name = ""] = readBack(["x".repeat(2 ** 20)]).names;
    expect(name).toBe(`${"x".repeat(4096)}… (1,048,576 characters)`);
  });

  it("is of a size that can be sent, however many such names there are", () => {
    const { names } = readBack(Array.from({ length: 10_000 }, (_, index) => `${index}`.padEnd(5000, "x")));
    expect(names[0]).toHaveLength(4096 + "… (5,000 characters)".length);
    expect(names.at(-1)).toBe(`${"9999".padEnd(200, "x")}… (5,000 characters)`);
    expect(names.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(4_000_000);
    expect(readBack(Array.from({ length: 20_000 }, String)).names).toHaveLength(12_000);
  });
});
