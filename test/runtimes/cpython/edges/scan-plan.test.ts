import { describe, expect, it } from "vitest";
import { SCAN } from "../../../../src/kernel/index.ts";
import { planScans } from "../../../../src/runtimes/cpython/edges/scan-plan.ts";
import type { Python } from "../../../../src/runtimes/cpython/index.ts";
import { ANY } from "../../../../src/runtimes/cpython/structs/structs.ts";
import { planType } from "../../../../src/runtimes/cpython/types/kinds.ts";
import type { TypeName } from "../../../../src/runtimes/cpython/types/names.ts";
import { readType, type TypeObject } from "../../../../src/runtimes/cpython/types/type-objects.ts";
import { AT, layout, memory } from "../one-page.ts";

/** `object`, a built-in type, and a class of it. */
const [OBJECT, BUILT_IN, CLASS] = [AT, AT + 0x400, AT + 0x800] as [number, number, number];
/** Bits of tp_flags (Include/object.h). */
const [INLINE, MANAGED_DICT, HEAP_TYPE, LIST, TUPLE, STR, DICT, TYPES] = [2, 4, 9, 25, 26, 28, 29, 31].map(
  (bit) => 2 ** bit,
) as [...[number, number, number, number, number, number, number, number]];

interface TypePlan {
  readonly basic: number;
  readonly flags?: number;
  readonly weak?: number;
  readonly dict?: number;
}

/** How the instances of the built-in type of that name, and of a class of it, are followed. */
function scansOf(version: string, name: string, builtIn: TypePlan, cls: Partial<TypePlan> = {}) {
  const made = layout(version);
  const { PyTypeObject: fields, PyHeapTypeObject } = made.structs;
  const reader = memory((view) => {
    const put = (at: number, base: number, { basic, flags = 0, weak = 0, dict = 0 }: TypePlan) => {
      const own = at - AT;
      view.setBigUint64(own + fields.tp_basicsize, BigInt(basic), true);
      view.setUint32(own + fields.tp_flags, flags, true);
      view.setBigInt64(own + fields.tp_weaklistoffset, BigInt(weak), true);
      view.setBigInt64(own + fields.tp_dictoffset, BigInt(dict), true);
      view.setBigUint64(own + fields.tp_base, BigInt(base), true);
      view.setBigUint64(own + PyHeapTypeObject.ht_cached_keys, 0n, true);
    };
    put(OBJECT, 0, { basic: 16 });
    put(BUILT_IN, OBJECT, builtIn);
    put(CLASS, BUILT_IN, { ...builtIn, ...cls, flags: (builtIn.flags ?? 0) + (cls.flags ?? HEAP_TYPE) });
  });
  const types = [OBJECT, BUILT_IN, CLASS].map((at) => readType(reader, at));
  const all = new Map(
    types.filter((type): type is TypeObject => type !== null).map((type) => [type.address, type]),
  );
  const names = new Map<number, TypeName>([
    [OBJECT, { name: "builtins.object", from: "self" }],
    [BUILT_IN, { name, from: "self" }],
    [CLASS, { name: "app.Class", from: "self" }],
  ]);
  const typeObjects = { root: OBJECT, all, structs: ANY };
  const plans = [...all.values()].map((type) => planType(made, typeObjects, names, type));
  const python = { reader, layout: made, types: plans, typeObjects, names } as Partial<Python> as Python;
  const [, ofBuiltIn, ofClass] = planScans(python);
  if (ofBuiltIn === undefined || ofClass === undefined) throw new Error("types are missing");
  return [ofBuiltIn, ofClass] as const;
}

const words = (mask: bigint) =>
  Array.from({ length: 64 }, (_, word) => word).filter((word) => ((mask >> BigInt(word)) & 1n) === 1n);

describe("instances of a class have words of its own behind what is known of", () => {
  it.each<[string, number, number, number]>([
    ["builtins.float", 0, SCAN.TABLE_NONE, 24],
    ["collections.deque", 0, SCAN.TABLE_SPECIAL, 56],
    ["builtins.module", 0, SCAN.TABLE_SPECIAL, 56],
    ["builtins.frame", 0, SCAN.TABLE_SPECIAL, 56],
    ["builtins.generator", 0, SCAN.TABLE_SPECIAL, 168],
    ["builtins.set", 0, SCAN.TABLE_SET, 200],
    ["builtins.list", LIST, SCAN.TABLE_LIST, 40],
    ["builtins.dict", DICT, SCAN.TABLE_DICT, 48],
    ["builtins.str", STR, SCAN.TABLE_STR, 64],
    ["builtins.tuple", TUPLE, SCAN.TABLE_NONE, 24],
  ])("%s", (name, flags, table, basic) => {
    const [builtIn, cls] = scansOf("3.12", name, { basic, flags }, { basic: basic + 16 });
    expect(builtIn).toMatchObject({ from: basic, to: basic, table, visitsType: false });
    expect(cls).toMatchObject({ from: basic, to: basic + 16, table, visitsType: true });
    expect([builtIn.hasItems, cls.hasItems]).toEqual(flags === TUPLE ? [true, true] : [false, false]);
  });

  it("a type: all of its struct", () => {
    const { PyHeapTypeObject } = layout("3.12").structs;
    const size = PyHeapTypeObject.sizeof;
    const [builtIn, cls] = scansOf(
      "3.12",
      "builtins.type",
      { basic: size, flags: TYPES },
      { basic: size + 8 },
    );
    expect(builtIn).toMatchObject({ from: size, to: size, table: SCAN.TABLE_SPECIAL });
    expect(cls).toMatchObject({ from: size, to: size + 8 });
  });
});

describe("all words behind the head may lead to objects", () => {
  it.each([
    ["thing.Opaque", SCAN.TABLE_NONE],
    ["builtins.cell", SCAN.TABLE_NONE],
    ["builtins.code", SCAN.TABLE_NONE],
    ["_thread._local", SCAN.TABLE_SPECIAL],
  ])("of %s", (name, table) => {
    const [builtIn, cls] = scansOf("3.12", name, { basic: 44 }, { basic: 64 });
    expect(builtIn).toMatchObject({ from: 16, to: 40, skip: 0n, part: 0n, table });
    expect(cls).toMatchObject({ from: 16, to: 64, table });
  });

  it("of a generator up to CPython 3.10, which holds a frame object", () => {
    expect(scansOf("3.10", "builtins.generator", { basic: 112 })[0]).toMatchObject({
      ...{ from: 16, to: 112, table: SCAN.TABLE_NONE },
    });
  });

  it("of a function, whose closure is a part of it", () => {
    const { func_closure } = layout("3.12").structs.PyFunctionObject;
    const [builtIn] = scansOf("3.12", "builtins.function", { basic: 144 });
    expect(words(builtIn.part)).toEqual([func_closure / 8]);
  });

  it("of a weak reference, of which its callback alone is held", () => {
    const { sizeof, wr_callback } = layout("3.12").structs.PyWeakReference;
    const [builtIn] = scansOf("3.12", "weakref.ReferenceType", { basic: sizeof });
    const all = Array.from({ length: sizeof / 8 - 2 }, (_, index) => index + 2);
    expect(words(builtIn.skip)).toEqual(all.filter((word) => word !== wr_callback / 8));
  });

  it.each(["functools._lru_cache_wrapper", "functools._lru_list_elem"])(
    "of %s, but for its neighbours",
    (name) => {
      const { prev, next } = layout("3.12").structs.lru_list_elem;
      expect(words(scansOf("3.12", name, { basic: 80 })[0].skip)).toEqual([prev / 8, next / 8]);
    },
  );
});

describe("an instance's namespace", () => {
  it("and weak references to it are where its type says, in its first 64 words", () => {
    const [builtIn, cls] = scansOf(
      "3.10",
      "thing.Opaque",
      { basic: 64, weak: 24, dict: 32 },
      { dict: 512, weak: 504 },
    );
    expect([words(builtIn.skip), words(builtIn.part)]).toEqual([[3], [4]]);
    expect([words(cls.skip), words(cls.part)]).toEqual([[63], []]);
    expect(builtIn.dictFromEnd).toBe(0);
  });

  it("may be told from its end", () => {
    const [builtIn] = scansOf("3.10", "builtins.tuple", { basic: 24, flags: TUPLE, dict: -8 });
    expect(builtIn).toMatchObject({ dictFromEnd: 8, part: 0n });
  });

  it.each([
    ["3.10", 0, false],
    ["3.11", 1, false],
    ["3.12", 2, false],
    ["3.13", 3, true],
    ["3.14", 3, true],
  ])(
    "of CPython %s may be managed in way %i, and in the object itself: %s",
    (version, managed, hasInline) => {
      const flags = MANAGED_DICT + INLINE + HEAP_TYPE;
      const [builtIn, cls] = scansOf(version, "builtins.object2", { basic: 16 }, { flags, dict: -1 });
      expect(builtIn).toMatchObject({ managed: 0, hasInline: false });
      expect(cls).toMatchObject({ managed, hasInline, dictFromEnd: managed === 0 ? 1 : 0 });
      const [, without] = scansOf(
        version,
        "builtins.object2",
        { basic: 16 },
        { flags: MANAGED_DICT + HEAP_TYPE, dict: -1 },
      );
      expect(without.hasInline).toBe(false);
    },
  );
});
