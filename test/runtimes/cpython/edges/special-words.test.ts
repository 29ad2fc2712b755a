import { expect, it } from "vitest";
import { MemoryReader } from "../../../../src/blocks/index.ts";
import { specialWords } from "../../../../src/runtimes/cpython/edges/special-words.ts";
import { LAYOUTS, type Layout } from "../../../../src/runtimes/cpython/layout/layout.ts";
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
  ["3.8", null],
  ["3.9", 872],
  ["3.14", 888],
])("a class of CPython %s holds its module at %o", (version, module) => {
  const { structs } = layout(version);
  const { PyTypeObject, PyHeapTypeObject } = structs;
  const reader = memory((view) => view.setUint32(PyTypeObject.tp_flags, 1 << 9, true));
  const behind = [...specialWords(reader, layout(version), "type", AT)]
    .map(({ at }) => at - AT)
    .filter((offset) => offset >= PyHeapTypeObject.ht_cached_keys);
  expect(behind).toEqual(module === null ? [] : [module]);
});
