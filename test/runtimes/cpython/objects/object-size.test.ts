import { describe, expect, it } from "vitest";
import { otherSize } from "../../../../src/runtimes/cpython/objects/object-size.ts";
import { V312 } from "../../../../src/runtimes/cpython/structs/v312.ts";
import type { TypePlan } from "../../../../src/runtimes/cpython/types/kinds.ts";
import { AT, layout, memory } from "../one-page.ts";

const BASIC = 100;
const OBJECT = 0x40;

/** The bytes beside its struct that an object of that kind at byte 0x40 of the page has. */
function extra(
  version: string,
  other: TypePlan["other"],
  put: (view: DataView) => void,
  { head = 0 }: { head?: number } = {},
): number {
  const plan = { kind: 0, other, head, basic: BASIC, item: 0, leastItems: 0, isRounded: false };
  return otherSize(memory(put), layout(version), plan as TypePlan, AT + OBJECT) - BASIC;
}

const u64 = (view: DataView, at: number, word: number) => view.setBigUint64(at, BigInt(word), true);

describe("the size of", () => {
  const { structs } = layout("3.12");

  it("a buffered reader has its buffer, where there is one", () => {
    const size = (buffer: number, bytes: number) =>
      extra("3.12", "buffered", (view) => {
        u64(view, OBJECT + structs.buffered.buffer, buffer);
        u64(view, OBJECT + structs.buffered.buffer_size, bytes);
      });
    expect(size(AT, 8192)).toBe(8192);
    expect(size(1, 8192)).toBe(8192);
    expect(size(0, 8192)).toBe(0);
    // More than a process can have is nothing, and the most that it can is something.
    expect(size(AT, 2 ** 47)).toBe(0);
    expect(size(AT, 2 ** 47 - BASIC)).toBe(0);
    expect(size(AT, 2 ** 47 - BASIC - 1)).toBe(2 ** 47 - BASIC - 1);
  });

  it("a BytesIO has its buffer unless others have it too", () => {
    const size = (references: number, length = 50) =>
      extra("3.12", "bytes io", (view) => {
        u64(view, OBJECT + structs.bytesio.buf, AT + 0x800);
        u64(view, 0x800, references);
        u64(view, 0x810, length);
      });
    expect(size(1)).toBe(33 + 50);
    expect(size(1, 0)).toBe(33);
    for (const references of [0, 2, 3]) expect(size(references)).toBe(0);
  });

  it("a decimal has its digits where they are its own and not in its struct", () => {
    const size = (flags: number) =>
      extra("3.12", "decimal", (view) => {
        view.setUint8(OBJECT + structs.PyDecObject.flags, flags);
        u64(view, OBJECT + structs.PyDecObject.alloc, 9);
      });
    for (const flags of [0, 1, 2, 0x0f]) expect(size(flags), String(flags)).toBe(72);
    for (const flags of [0x10, 0x20, 0x40, 0x80, 0xf1]) expect(size(flags), String(flags)).toBe(0);
  });

  it("a struct format has a code for each part of it, and one that ends them", () => {
    const { sizeof, fmtdef } = structs.formatcode;
    const size = (count: number, at = AT + 0x400) =>
      extra("3.12", "struct", (view) => {
        u64(view, OBJECT + structs.PyStructObject.s_codes, at);
        for (let code = 0; code < count; code += 1) u64(view, 0x400 + code * sizeof + fmtdef, 1);
      });
    expect(size(0)).toBe(sizeof);
    expect(size(1)).toBe(2 * sizeof);
    expect(size(7)).toBe(8 * sizeof);
    expect(size(7, 0)).toBe(sizeof);
  });

  it("an ordered dict has its fast nodes, and a node for each item where it has any order", () => {
    const { PyODictObject, PyDictObject, _ODictNode } = structs;
    const size = (first: number) =>
      extra("3.12", "ordered dict", (view) => {
        u64(view, OBJECT + PyODictObject.od_first, first);
        u64(view, OBJECT + PyODictObject.od_fast_nodes_size, 8);
        u64(view, OBJECT + PyDictObject.ma_used, 3);
      });
    expect(size(AT + 0x800)).toBe(8 * 8 + 3 * _ODictNode.sizeof);
    expect(size(1)).toBe(8 * 8 + 3 * _ODictNode.sizeof);
    expect(size(0)).toBe(8 * 8);
  });

  it("an array has the items that it has room for, where its module's file says how large they are", () => {
    const { ob_descr, allocated } = structs.arrayobject;
    const size = (descriptor: number) =>
      extra("3.12", "array", (view) => {
        u64(view, OBJECT + ob_descr, descriptor);
        u64(view, OBJECT + allocated, 11);
        view.setUint32(0x800 + structs.arraydescr.itemsize, 4, true);
      });
    expect(size(AT + 0x800)).toBe(44);
    expect(size(AT + 0x8000)).toBe(0);
  });

  it("a type is that of its struct, and of the table of keys that its instances share", () => {
    const { sizeof: whole, ht_cached_keys } = structs.PyHeapTypeObject;
    const { dk_refcnt, dk_log2_size, dk_log2_index_bytes, dk_usable, dk_nentries } = V312.PyDictKeysObject;
    const size = (version: string, flags: number, keys: number) =>
      extra(
        version,
        "type",
        (view) => {
          view.setUint32(OBJECT + structs.PyTypeObject.tp_flags, flags, true);
          u64(view, OBJECT + ht_cached_keys, keys);
          u64(view, 0xc00 + dk_refcnt, 1);
          view.setUint8(0xc00 + dk_log2_size, 3);
          view.setUint8(0xc00 + dk_log2_index_bytes, 3);
          view.setUint8(0xc00 + V312.PyDictKeysObject.dk_kind, 1);
          u64(view, 0xc00 + dk_usable, 5);
          u64(view, 0xc00 + dk_nentries, 0);
        },
        { head: 16 },
      ) + BASIC;
    const heapType = 1 << 9;
    expect(size("3.12", heapType, 0)).toBe(16 + whole);
    // A header, 8 indices of a byte, 5 entries of two words.
    expect(size("3.12", heapType, AT + 0xc00)).toBe(16 + whole + 32 + 8 + 80);
    expect(size("3.12", 0, AT + 0xc00)).toBe(structs.PyTypeObject.sizeof + 16);
    expect(size("3.14", 0, 0)).toBe(layout("3.14").structs.PyTypeObject.sizeof);
  });
});

describe("the size of a frame has a word for each slot", () => {
  it.each(["3.11", "3.12", "3.13", "3.14", "3.15"])("of CPython %s, as its code says", (version) => {
    const made = layout(version);
    const { frame, code } = made;
    if (frame === null) throw new RangeError(version);
    const size = (tag: number) =>
      extra(version, "frame", (view) => {
        u64(view, OBJECT + made.frameData, AT + 0x400);
        u64(view, 0x400 + frame.code, AT + 0x800 + tag);
        view.setInt32(0x800 + code.locals, 3, true);
        view.setInt32(0x800 + made.structs.PyCodeObject.co_stacksize, 4, true);
      });
    expect(size(0)).toBe(56);
    expect(size(1)).toBe(56);
  });

  it.each(["3.8", "3.10"])(
    "of CPython %s with its cells and free variables, one of which is in its struct",
    (version) => {
      const made = layout(version);
      const { oldCode, structs } = made;
      if (oldCode === null) throw new RangeError(version);
      const { ob_size } = structs.PyVarObject;
      const size = extra(version, "frame", (view) => {
        u64(view, OBJECT + made.frameData, AT + 0x400);
        view.setInt32(0x400 + oldCode.co_nlocals, 3, true);
        view.setInt32(0x400 + oldCode.co_stacksize, 4, true);
        u64(view, 0x400 + oldCode.co_cellvars, AT + 0x800);
        u64(view, 0x400 + oldCode.co_freevars, AT + 0x840);
        u64(view, 0x800 + ob_size, 2);
        u64(view, 0x840 + ob_size, 5);
      });
      expect(size).toBe(8 * (3 + 4 + 2 + 5) - 8);
    },
  );
});

it("a generator has its frame's slots in it from CPython 3.11 on", () => {
  const size = (version: string) => {
    const made = layout(version);
    return extra(version, "generator", (view) => {
      u64(view, OBJECT + made.generatorCode, AT + 0x800);
      view.setInt32(0x800 + made.code.locals, 3, true);
      view.setInt32(0x800 + made.structs.PyCodeObject.co_stacksize, 4, true);
    });
  };
  expect([size("3.10"), size("3.11"), size("3.12")]).toEqual([0, 56, 56]);
});

it("code up to CPython 3.10 has its cells' arguments, and its cache of globals from 3.8 on", () => {
  const size = (version: string, cells: number, cache: number) => {
    const { oldCode, structs } = layout(version);
    if (oldCode === null) throw new RangeError(version);
    const { ob_size } = structs.PyVarObject;
    return extra(version, "old code", (view) => {
      u64(view, OBJECT + oldCode.co_cell2arg, cells);
      u64(view, OBJECT + oldCode.co_cellvars, AT + 0x800);
      u64(view, 0x800 + ob_size, 3);
      if (!("co_opcache" in oldCode)) return;
      u64(view, OBJECT + oldCode.co_opcache, cache);
      view.setUint8(OBJECT + oldCode.co_opcache_size, 2);
      u64(view, OBJECT + oldCode.co_code, AT + 0xc00);
      u64(view, 0xc00 + ob_size, 40);
    });
  };
  const cacheBytes = (version: string) => {
    const { structs } = layout(version);
    return "_PyOpcache" in structs ? 20 + 2 * structs._PyOpcache.sizeof : Number.NaN;
  };
  for (const cells of [0, 1, AT]) expect(size("3.7", cells, 0)).toBe(cells === 0 ? 0 : 24);
  for (const version of ["3.8", "3.9", "3.10"]) {
    expect(size(version, 0, 0)).toBe(0);
    expect(size(version, AT, 0)).toBe(24);
    expect(size(version, 0, AT)).toBe(cacheBytes(version));
    expect(size(version, AT, AT)).toBe(24 + cacheBytes(version));
  }
});
