import fc from "fast-check";
import { expect, test } from "vitest";
import { checkFrame } from "./frame-check.ts";
import { ARTICLE, anyRow, HOSTILE_NAMES, render, resultOf, row, UNSAFE } from "./word-results.ts";

test("the frame, a row a line", () => {
  expect(render("json", ARTICLE)).toBe(`{
  "schema": "coregram/words@1",
  "input": {"path":"core.1","bytes":349601928,"compression":null,"wordBytes":8,"endian":"little"},
  "totals": {"bytes":349601928,"words":43700241,"distinct":null,"restCount":42345678},
  "rows": [
    {"count":1209344,"word":"0000000000000000","symbol":null,"type":null},
    {"count":145219,"word":"00007f01104e0c70","symbol":"PyTuple_Type","type":null}
  ]
}
`);
});

test("what was redacted, behind the schema", () => {
  const redacted = { key: "0123abcd", leftOut: ["values"] };
  const text = render("json", { ...ARTICLE, redacted });
  expect(text).toContain('\n  "redacted": {"key":"0123abcd","leftOut":["values"]},\n  "input"');
  expect(checkFrame(JSON.parse(text))).toEqual([]);
  expect(checkFrame({ ...JSON.parse(text), redacted: { key: 1 } })).not.toEqual([]);
});

test("no rows", () => {
  const text = render("json", resultOf([], { distinct: 0 }));
  expect(text).toContain('\n  "rows": []\n}\n');
  expect(checkFrame(JSON.parse(text))).toEqual([]);
});

test("names come back as they were, and the text is safe for a terminal", () => {
  fc.assert(
    fc.property(fc.array(anyRow), fc.nat(), (rows, restCount) => {
      const text = render("json", resultOf(rows, { restCount }));
      expect(text).not.toMatch(UNSAFE);
      const frame = JSON.parse(text);
      expect(checkFrame(frame)).toEqual([]);
      expect(frame.rows).toEqual(rows);
    }),
  );
  const hostile = HOSTILE_NAMES.map((name) => row(1, "0000000a", name));
  const text = render("json", resultOf(hostile));
  expect(text).not.toMatch(UNSAFE);
  // Through UTF-8, as a reader gets it.
  expect(JSON.parse(Buffer.from(text).toString()).rows).toEqual(hostile);
});

test("the check of the contract can fail", () => {
  const frame = JSON.parse(render("json", ARTICLE));
  expect(checkFrame({ ...frame, schema: "coregram/words@2" })).toEqual(["the frame has no known schema"]);
  expect(checkFrame({ ...frame, rows: [{ ...frame.rows[0], count: 2 ** 53 }] })).toEqual([
    "/rows/0/count must be <= 9007199254740991",
  ]);
  expect(checkFrame({ ...frame, totals: { bytes: 1 } })).toEqual([
    "/totals must have required property 'words'",
  ]);
});
