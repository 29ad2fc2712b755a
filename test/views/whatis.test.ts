import { expect, test } from "vitest";
import type { WhatisObject, WhatisRow } from "../../src/answers/results/index.ts";
import { checkFrame } from "./frame-check.ts";
import { render as renderResult, UNSAFE } from "./word-results.ts";

const ROW: WhatisRow = {
  address: "0x7f01104e0c70",
  count: 145219,
  segment: { start: "0x7f01104e0000", end: "0x7f01104e2000", permissions: "rw-", savedBytes: 8192 },
  memory: "saved",
  mapping: {
    path: "/usr/lib/libpython3.11.so.1.0",
    start: "0x7f01104e0000",
    end: "0x7f01104e1000",
    fileOffset: "0x4df000",
  },
  module: "/usr/lib/libpython3.11.so.1.0",
  symbol: "PyTuple_Type",
  unnamed: null,
  traced: null,
  allocated: null,
  bytes: "700c4e10017f00002070797468",
  block: null,
  object: null,
};
const NOWHERE: WhatisRow = {
  address: "0x1",
  count: 1,
  segment: null,
  memory: "not mapped",
  mapping: null,
  module: null,
  symbol: null,
  unnamed: null,
  traced: null,
  allocated: null,
  bytes: null,
  block: null,
  object: null,
};

function render(format: string, rows: readonly WhatisRow[]): string {
  return renderResult(format, {
    schema: "coregram/whatis@1",
    input: { path: "core.1", bytes: 100, compression: null },
    totals: { savedBytes: 80, notSavedBytes: null },
    rows,
  });
}

test("a line a fact, the address in front of each", () => {
  expect(render("plain", [ROW, NOWHERE])).toBe(`0x7f01104e0c70  symbol    PyTuple_Type
0x7f01104e0c70  segment   0x7f01104e0000-0x7f01104e2000 rw-, saved here
0x7f01104e0c70  mapping   /usr/lib/libpython3.11.so.1.0, 0x7f01104e0000-0x7f01104e1000, from 0x4df000 of the file on
0x7f01104e0c70  occurs    145,219 times as a word
0x7f01104e0c70  bytes     +0x00  70 0c 4e 10 01 7f 00 00 20 70 79 74 68           p.N..... pyth
0x1  symbol    none
0x1  segment   not mapped: no segment is there
0x1  occurs    once as a word
`);
});

test("why there is no name, and the module of a gap or .bss, which no mapping shows", () => {
  const text = render("plain", [
    { ...NOWHERE, module: "/lib/x.so", unnamed: "/lib/x.so is not found", memory: "not saved" },
  ]);
  expect(text).toContain("0x1  symbol    none: /lib/x.so is not found\n");
  expect(text).toContain("0x1  module    /lib/x.so\n");
});

test("64 bytes are four lines, and what is no ASCII is a dot", () => {
  const bytes = Buffer.from(Array.from({ length: 64 }, (_, index) => index * 4)).toString("hex");
  const lines = render("plain", [{ ...ROW, bytes }])
    .split("\n")
    .filter((line) => line.includes("  bytes "));
  expect(lines.map((line) => line.slice(26, 31))).toEqual(["+0x00", "+0x10", "+0x20", "+0x30"]);
  expect(lines[1]).toMatch(/ {2}@DHLPTX\\`dhlptx\|$/);
});

test("what refers to an object is a line each, and those in none are counted", () => {
  const object: WhatisObject = {
    ...{ type: "app.Store", typeAddress: "0x10", address: "0x1", offset: 0, bytes: 56, references: 2012 },
    ...{ immortal: false, state: "live", place: "pool", value: null, length: null },
    ...{ path: "app.store", retainedBytes: 56, items: [], referrerCount: 2012 },
    referrers: [
      { path: "app.cache[*].owner", type: "app.Thing", address: "0x30", count: 2000, conservative: false },
      { path: "<thread 7 f app.py:1>.row", type: null, address: null, count: 1, conservative: false },
      { path: "<thread 7 stack>", type: null, address: null, count: 1, conservative: true },
    ],
  };
  const lines = (given: WhatisObject) =>
    render("plain", [{ ...NOWHERE, object: given }])
      .split("\n")
      .filter((line) => line.startsWith("0x1  referrer"));
  expect(lines(object)).toEqual([
    "0x1  referrer  app.cache[*].owner  0x30  app.Thing, 2,000 times",
    "0x1  referrer  <thread 7 f app.py:1>.row",
    "0x1  referrer  <thread 7 stack>, by a word that may be anything",
    "0x1  referrer  and 10 more",
  ]);
  expect(lines({ ...object, referrerCount: 2002 })).toHaveLength(3);
  expect(lines({ ...object, referrers: null, referrerCount: null })).toEqual([]);
  expect(checkFrame(JSON.parse(render("json", [{ ...NOWHERE, object }])))).toEqual([]);
});

test("json keeps the contract, whatever the names are", () => {
  const hostile = "evil\x1b[31m\u202e\n\ud800";
  const rows = [ROW, NOWHERE, { ...ROW, symbol: hostile, module: hostile, unnamed: hostile }];
  const json = render("json", rows);
  expect(checkFrame(JSON.parse(json))).toEqual([]);
  expect(JSON.parse(json).rows[2].symbol).toBe(hostile);
  for (const format of ["plain", "table", "csv", "tsv", "json", "ndjson"])
    expect(render(format, rows).replaceAll("\t", " ")).not.toMatch(UNSAFE);
});

test("the check of the contract can fail", () => {
  const frame = JSON.parse(render("json", [ROW]));
  for (const change of [
    { address: "7f" },
    { memory: "zero" },
    { bytes: "abc" },
    { count: -1 },
    { mapping: {} },
  ])
    expect(checkFrame({ ...frame, rows: [{ ...frame.rows[0], ...change }] })).toHaveLength(1);
});
