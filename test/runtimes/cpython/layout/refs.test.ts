import { expect, it } from "vitest";
import { MemoryReader } from "../../../../src/blocks/index.ts";
import { LAYOUTS, type Layout } from "../../../../src/runtimes/cpython/layout/layout.ts";
import { IMMORTAL_FROM, readRefs } from "../../../../src/runtimes/cpython/layout/refs.ts";
import { openPlan } from "../../../image/open-plan.ts";

const AT = 0x7f00_0000_0000;

function layout(version: string): Layout {
  const found = LAYOUTS.find((each) => each.version === version);
  if (found === undefined) throw new RangeError(version);
  return found;
}

function memory(put: (view: DataView) => void): MemoryReader {
  const data = new Uint8Array(4096);
  put(new DataView(data.buffer));
  return new MemoryReader(openPlan([{ type: 1, flags: 6, start: BigInt(AT), data }]).image);
}

it.each([
  ["3.12", 2 ** 30, false],
  ["3.12", 2 ** 31 - 1, false],
  ["3.12", 2 ** 31, true],
  // 2^30 is where those of 32-bit builds begin.
  ["3.14", 2 ** 30, false],
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
