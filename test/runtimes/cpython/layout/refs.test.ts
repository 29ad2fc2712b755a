import { expect, it } from "vitest";
import { IMMORTAL_FROM, readRefs } from "../../../../src/runtimes/cpython/layout/refs.ts";
import { AT, layout, memory } from "../one-page.ts";

it.each([
  ["3.12", 2 ** 30, false],
  ["3.12", 2 ** 31 - 1, false],
  ["3.12", 2 ** 31, true],
  // 2^30 is where those of 32-bit builds begin.
  ["3.14", 2 ** 30, false],
  ["3.15", 2 ** 31 - 1, false],
  ["3.15", 2 ** 31, true],
  ["3.14", 2 ** 31 - 1, false],
  ["3.14", 2 ** 31, true],
])(
  "an object of CPython %s with a count of %i is immortal: %o, to its edges too",
  (version, count, isImmortal) => {
    const reader = memory((view) => view.setUint32(0, count, true));
    expect(readRefs(reader, layout(version), AT)).toEqual({ count, isImmortal });
    expect(count >= IMMORTAL_FROM[layout(version).refs]).toBe(isImmortal);
  },
);
