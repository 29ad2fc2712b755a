import { expect, it } from "vitest";
import { specialWords } from "../../../../src/runtimes/cpython/edges/special-words.ts";
import { AT, layout, memory } from "../one-page.ts";

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
