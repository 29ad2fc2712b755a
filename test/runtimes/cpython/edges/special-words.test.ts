import { describe, expect, it } from "vitest";
import { specialWords } from "../../../../src/runtimes/cpython/edges/special-words.ts";
import type { Family } from "../../../../src/runtimes/cpython/types/families.ts";
import { AT, layout, memory } from "../one-page.ts";

const OBJECT = 0x40;
const u64 = (view: DataView, at: number, word: number) => view.setBigUint64(at, BigInt(word), true);

/** The words that an object at byte 64 of the page holds: offsets from there, and what they are to it. */
function wordsOf(version: string, family: Family, put: (view: DataView) => void) {
  const words = [...specialWords(memory(put), layout(version), family, AT + OBJECT)];
  return words.map(({ at, count, step, what }) => ({ at: at - AT - OBJECT, count, step, what }));
}
/** The offsets of single words, wherever they come from. */
const offsetsOf = (words: ReturnType<typeof wordsOf>) =>
  words.flatMap(({ at, count, step }) => Array.from({ length: count }, (_, index) => at + index * step));

it.each([
  ["3.8", null],
  ["3.9", 872],
  ["3.14", 888],
  ["3.15", 896],
])("a class of CPython %s holds its module at %o", (version, module) => {
  const { structs } = layout(version);
  const { PyTypeObject, PyHeapTypeObject } = structs;
  const words = wordsOf(version, "type", (view) =>
    view.setUint32(OBJECT + PyTypeObject.tp_flags, 1 << 9, true),
  );
  const behind = words.map(({ at }) => at).filter((offset) => offset >= PyHeapTypeObject.ht_cached_keys);
  expect(behind).toEqual(module === null ? [] : [module]);
});

describe("a type", () => {
  const { PyTypeObject: fields, PyHeapTypeObject: more, PyDictKeysObject } = layout("3.12").structs;

  it("that is static holds its dict, its base, and what is made of its bases", () => {
    const words = wordsOf("3.12", "type", () => {});
    expect(words[0]).toEqual({ at: fields.tp_dict, count: 1, step: 8, what: "namespace" });
    expect(offsetsOf(words)).toEqual([fields.tp_dict, fields.tp_base, ...[336, 344, 352, 360]]);
  });

  it("that is a class holds its names, its slots, and the keys that its instances share", () => {
    const keys = 0x800;
    const words = wordsOf("3.12", "type", (view) => {
      view.setUint32(OBJECT + fields.tp_flags, 1 << 9, true);
      u64(view, OBJECT + more.ht_cached_keys, AT + keys);
      if (!("dk_log2_size" in PyDictKeysObject)) throw new Error("old keys");
      view.setUint8(keys + PyDictKeysObject.dk_log2_size, 3);
      view.setUint8(keys + PyDictKeysObject.dk_log2_index_bytes, 3);
      view.setUint8(keys + PyDictKeysObject.dk_kind, 2);
      u64(view, keys + PyDictKeysObject.dk_nentries, 4);
    });
    expect(offsetsOf(words).slice(6, 10)).toEqual([more.ht_name, more.ht_slots, more.ht_qualname, 888]);
    // Behind a header and 8 indices of a byte: pairs of key and value.
    expect(words.at(-1)).toEqual({ at: keys - OBJECT + 40, count: 4, step: 16, what: "key" });
    expect(words).toHaveLength(6);
  });
});

describe("a module", () => {
  const { PyModuleObject: fields, PyModuleDef } = layout("3.12").structs;
  const wordsWith = (state: number, bytes: number) =>
    wordsOf("3.12", "module", (view) => {
      u64(view, OBJECT + fields.md_state, state);
      if (!("md_def" in fields)) throw new Error("no definition");
      u64(view, OBJECT + fields.md_def, AT + 0x800);
      u64(view, 0x800 + PyModuleDef.m_size, bytes);
    });

  it("holds its dict and its name, and what its C code keeps", () => {
    expect(wordsWith(AT + 0x400, 28)).toEqual([
      { at: fields.md_dict, count: 1, step: 8, what: "namespace" },
      { at: fields.md_name, count: 1, step: 8, what: "field" },
      { at: 0x400 - OBJECT, count: 3, step: 8, what: "field" },
    ]);
    expect(wordsWith(0, 28)).toHaveLength(2);
  });

  it("keeps 64 KiB at most, or what says that it keeps more is none", () => {
    expect(wordsWith(AT + 0x400, 65_536)[2]?.count).toBe(8192);
    expect(wordsWith(AT + 0x400, 65_537)).toHaveLength(2);
    expect(wordsWith(AT + 0x400, 2 ** 60)).toHaveLength(2);
  });
});

describe("a module of CPython 3.15", () => {
  it("says itself how much its C code keeps", () => {
    const { PyModuleObject: fields } = layout("3.15").structs;
    if (!("md_state_size" in fields)) throw new Error("no size");
    const words = wordsOf("3.15", "module", (view) => {
      u64(view, OBJECT + fields.md_state, AT + 0x400);
      u64(view, OBJECT + fields.md_state_size, 28);
    });
    expect(words).toEqual([
      { at: 16, count: 1, step: 8, what: "namespace" },
      { at: 40, count: 1, step: 8, what: "field" },
      { at: 0x400 - OBJECT, count: 3, step: 8, what: "field" },
    ]);
  });
});

describe("a deque", () => {
  const { PyVarObject, dequeobject, block } = layout("3.12").structs;
  const [FIRST, SECOND, THIRD] = [0x200, 0x600, 0xa00];
  const wordsWith = (index: number, length: number, links: readonly number[] = [FIRST, SECOND, THIRD]) =>
    wordsOf("3.12", "deque", (view) => {
      const [first = 0] = links;
      u64(view, OBJECT + dequeobject.leftblock, AT + first);
      u64(view, OBJECT + dequeobject.leftindex, index);
      u64(view, OBJECT + PyVarObject.ob_size, length);
      links.forEach((link, place) => {
        const next = links[place + 1];
        u64(view, link + block.rightlink, next === undefined ? 0 : AT + next);
      });
    }).map(({ at, count, what }) => {
      expect(what).toBe("item");
      return [at + OBJECT, count];
    });

  it("has its items in blocks of 64, from an index in the first one on", () => {
    expect(wordsWith(31, 3)).toEqual([[FIRST + 8 + 31 * 8, 3]]);
    expect(wordsWith(62, 2)).toEqual([[FIRST + 8 + 62 * 8, 2]]);
    expect(wordsWith(62, 70)).toEqual([
      [FIRST + 8 + 62 * 8, 2],
      [SECOND + 8, 64],
      [THIRD + 8, 4],
    ]);
    // All of the first block were taken from the left.
    expect(wordsWith(64, 5)).toEqual([[SECOND + 8, 5]]);
    expect(wordsWith(0, 0)).toEqual([]);
  });

  it("ends where its blocks do, and is none where its first index is no block's", () => {
    expect(wordsWith(0, 1000)).toEqual([FIRST, SECOND, THIRD].map((at) => [at + 8, 64]));
    expect(wordsWith(65, 3)).toEqual([]);
  });
});

describe.each(["3.11", "3.12", "3.13", "3.14", "3.15"])("of CPython %s", (version) => {
  const made = layout(version);
  const { structs, frame } = made;
  const { PyGenObject: generator, PyFrameObject: frameObject, PyCoroObject } = structs;
  if (frame === null || !("gi_iframe" in generator) || !("cr_origin_or_finalizer" in PyCoroObject))
    throw new RangeError(version);
  if (!("f_frame" in frameObject)) throw new RangeError(version);
  const CODE = 0xc00;

  /** A frame with two locals and nothing on its stack. */
  const putFrame = (view: DataView, at: number) => {
    u64(view, at + frame.code, AT + CODE);
    view.setInt32(CODE + made.code.locals, 2, true);
    if (frame.stackTopIsAddress) u64(view, at + frame.stackTop, AT + at + frame.slots + 16);
    else view.setInt32(at + frame.stackTop, 2, true);
  };
  const inFrame = [frame.code, frame.function, frame.locals, frame.object, frame.slots, frame.slots + 8];

  // FRAME_COMPLETED and FRAME_CLEARED (Include/internal/pycore_frame.h), of which 3.15 has the latter alone.
  const [finished, states] = version === "3.15" ? [5, [0, 1, 2, 3, 4, 5]] : [1, [-3, -2, -1, 0, 1, 4]];

  it("a generator holds its names, its exception, and its frame's words while that is not done", () => {
    const own = offsetsOf(
      wordsOf(version, "generator", (view) => view.setInt8(OBJECT + generator.gi_frame_state, finished)),
    );
    for (const offset of [generator.gi_name, generator.gi_exc_state, PyCoroObject.cr_origin_or_finalizer])
      expect(own).toContain(offset);
    for (const state of states) {
      const offsets = offsetsOf(
        wordsOf(version, "generator", (view) => {
          view.setInt8(OBJECT + generator.gi_frame_state, state);
          putFrame(view, OBJECT + generator.gi_iframe);
        }),
      );
      const more = inFrame.map((offset) => generator.gi_iframe + offset);
      expect(offsets, String(state)).toEqual(state < finished ? [...own, ...more] : own);
    }
  });

  it("a frame object holds the one before it, its trace, and what its frame does where that is its own", () => {
    const FRAME = 0x800;
    for (const owner of [0, 1, 2, 3]) {
      const offsets = offsetsOf(
        wordsOf(version, "frame", (view) => {
          u64(view, OBJECT + made.frameData, AT + FRAME);
          view.setUint8(FRAME + frame.owner, owner);
          putFrame(view, FRAME);
        }),
      );
      expect(offsets).toContain(frameObject.f_back);
      expect(offsets).toContain(frameObject.f_trace);
      const more = inFrame.map((offset) => FRAME - OBJECT + offset);
      expect(offsets.filter((offset) => offset >= 0x400 - OBJECT)).toEqual(owner === 2 ? more : []);
    }
  });
});

it("a frame object of CPython 3.10 holds its fields and its slots, and a generator only the frame", () => {
  const { oldFrame, oldCode, structs } = layout("3.10");
  if (oldFrame === null || oldCode === null) throw new RangeError("3.10");
  const { PyFrameObject } = structs;
  if (!("f_locals" in PyFrameObject)) throw new RangeError("3.10");
  const slots = 0x100;
  const words = wordsOf("3.10", "frame", (view) => {
    u64(view, OBJECT + oldFrame.f_code, AT + 0x800);
    u64(view, OBJECT + oldFrame.f_valuestack, AT + OBJECT + slots + 16);
    view.setInt32(0x800 + oldCode.co_nlocals, 2, true);
    u64(view, 0x800 + oldCode.co_cellvars, AT + 0xc00);
    u64(view, 0x800 + oldCode.co_freevars, AT + 0xc00);
  });
  const fields = [PyFrameObject.f_back, 32, 40, 48, PyFrameObject.f_locals].filter(
    (at) => at <= PyFrameObject.f_locals,
  );
  expect(offsetsOf(words)).toEqual([...new Set([...fields, PyFrameObject.f_trace]), slots, slots + 8]);
  expect(wordsOf("3.10", "generator", () => {})).toEqual([]);
});
