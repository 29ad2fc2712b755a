import { expect, it } from "vitest";
import { FREE_THREADED_LAYOUTS } from "../../../../src/runtimes/cpython/layout/layout.ts";
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

/** _Py_REF_DEFERRED above the two bits of flags (Include/internal/pycore_object.h of 3.14). */
const DEFERRED = ((2n ** 63n - 1n) / 8n) << 2n;

it.each([
  ["its thread's alone", 3, 0n, { count: 3, isImmortal: false }],
  ["its thread's and others', with flags", 3, (2n << 2n) | 3n, { count: 5, isImmortal: false }],
  ["more of others' gone than came", 3, -1n << 2n, { count: 2, isImmortal: false }],
  ["none", 0, 1n, { count: 0, isImmortal: false }],
  ["never freed", 0xffffffff, 0n, { count: 0xffffffff, isImmortal: true }],
  ["deferred", 1, DEFERRED + 4n, { count: 0xffffffff, isImmortal: true }],
  ["less than none", 0, -1n << 2n, null],
])("references of an object without the GIL are %s", (_, local, shared, expected) => {
  const reader = memory((view) => {
    view.setUint32(12, local, true);
    view.setBigInt64(16, shared, true);
  });
  for (const free of FREE_THREADED_LAYOUTS) expect(readRefs(reader, free, AT)).toEqual(expected);
});
