import { describe, expect, it } from "vitest";
import { ANY } from "../../../../src/runtimes/cpython/structs/structs.ts";
import { KIND, planType } from "../../../../src/runtimes/cpython/types/kinds.ts";
import type { TypeName } from "../../../../src/runtimes/cpython/types/names.ts";
import type { TypeObject } from "../../../../src/runtimes/cpython/types/type-objects.ts";
import { layout } from "../one-page.ts";

const [BASE, TYPE] = [0x1000, 0x2000];
/** Bits of tp_flags (Include/object.h). */
const [MANAGED_WEAKREF, MANAGED_DICT, GC, INT, LIST, TUPLE, STR, TYPES] = [3, 4, 14, 24, 25, 26, 28, 31].map(
  (bit) => 2 ** bit,
) as [...[number, number, number, number, number, number, number, number]];

interface Plan {
  readonly flags?: number;
  readonly name?: string;
  readonly base?: string;
  readonly basic?: number;
  readonly item?: number;
}

function planOf(
  version: string,
  { flags = 0, name = "app.Thing", base = "builtins.object", ...sizes }: Plan,
) {
  const object = (address: number, from: number, of: number): TypeObject => ({
    ...{ address, type: BASE, name: 0, flags: of, base: from, dict: 0, dictOffset: 0 },
    ...{ basicSize: sizes.basic ?? 40, itemSize: sizes.item ?? 0 },
  });
  const type = object(TYPE, BASE, flags);
  const all = new Map([
    [BASE, object(BASE, 0, 0)],
    [TYPE, type],
  ]);
  const names = new Map<number, TypeName>([
    [BASE, { name: base, from: "self" }],
    [TYPE, { name, from: "self" }],
  ]);
  const { type: own, ...plan } = planType(layout(version), { root: BASE, all, structs: ANY }, names, type);
  expect(own).toBe(type);
  return plan;
}
const plain = { other: null, head: 0, basic: 40, item: 0, leastItems: 0, isRounded: false };

describe("instances of a type", () => {
  it.each([
    ["3.8", 16, 0, 0],
    ["3.11", 16, 16, 0],
    ["3.12", 16, 16, 16],
    ["3.14", 16, 16, 16],
  ])(
    "have in front of them in CPython %s what the collector, a dict and weak references need",
    (version, gc, dict, weak) => {
      const head = (flags: number) => planOf(version, { flags }).head;
      expect([head(0), head(GC), head(MANAGED_DICT), head(MANAGED_WEAKREF)]).toEqual([0, gc, dict, weak]);
      expect(planOf(version, { flags: GC | MANAGED_DICT })).toMatchObject({
        head: gc + dict,
        basic: 40 + gc + dict,
      });
    },
  );

  it("are told by its flags", () => {
    expect(planOf("3.12", { flags: STR })).toEqual({ ...plain, kind: KIND.str });
    expect(planOf("3.12", { flags: LIST | GC })).toEqual({ ...plain, kind: KIND.list, head: 16, basic: 56 });
    expect(planOf("3.12", { flags: TYPES, item: 40 })).toMatchObject({
      kind: KIND.other,
      other: "type",
      item: 0,
    });
    expect(planOf("3.12", { flags: TUPLE, item: 8 })).toMatchObject({ kind: KIND.variable, item: 8 });
  });

  it("of ctypes' own metaclass have the size that this says", () => {
    const given = { flags: TYPES, item: 40, base: "_ctypes.CType_Type" };
    expect(planOf("3.13", given)).toMatchObject({ kind: KIND.variable, other: null, item: 0 });
  });

  it("that are ints have digits: one at least since 3.11, behind a tag since 3.12", () => {
    const given = { flags: INT, item: 4, basic: 24 };
    expect(planOf("3.9", given)).toEqual({
      ...plain,
      kind: KIND.variable,
      basic: 24,
      item: 4,
      leastItems: 0,
    });
    expect(planOf("3.11", given)).toEqual({
      ...plain,
      kind: KIND.variable,
      basic: 24,
      item: 4,
      leastItems: 1,
    });
    expect(planOf("3.12", given)).toEqual({
      ...plain,
      kind: KIND.taggedInt,
      basic: 24,
      item: 4,
      leastItems: 1,
    });
    // bool and classes that derive from int have no more than its digits in sys.getsizeof's words.
    expect(planOf("3.9", { ...given, basic: 56 }).basic).toBe(24);
  });

  it("that are code have items of whole words since 3.11, and other fields before", () => {
    const given = { name: "builtins.code", item: 2 };
    expect(planOf("3.10", given)).toMatchObject({ kind: KIND.other, other: "old code", item: 0 });
    expect(planOf("3.11", given)).toMatchObject({
      kind: KIND.variable,
      other: null,
      item: 2,
      isRounded: true,
    });
  });

  it("that are dicts have a table, unless they are ordered", () => {
    const flags = 2 ** 29;
    expect(planOf("3.12", { flags })).toMatchObject({ kind: KIND.dict, other: null });
    const ordered = { flags, base: "collections.OrderedDict" };
    expect(planOf("3.12", ordered)).toMatchObject({ kind: KIND.other, other: "ordered dict" });
  });

  it.each([
    ["builtins.set", KIND.set, null],
    ["builtins.frozenset", KIND.set, null],
    ["builtins.bytearray", KIND.bytearray, null],
    ["collections.deque", KIND.deque, null],
    ["collections.OrderedDict", KIND.other, "ordered dict"],
    ["builtins.generator", KIND.other, "generator"],
    ["builtins.coroutine", KIND.other, "generator"],
    ["builtins.async_generator", KIND.other, "generator"],
    ["builtins.frame", KIND.other, "frame"],
    ["array.array", KIND.other, "array"],
    ["decimal.Decimal", KIND.other, "decimal"],
    ["_struct.Struct", KIND.other, "struct"],
    ["_io.BufferedReader", KIND.other, "buffered"],
    ["_io.BufferedWriter", KIND.other, "buffered"],
    ["_io.BufferedRandom", KIND.other, "buffered"],
    ["_io.BytesIO", KIND.other, "bytes io"],
    ["app.Other", KIND.variable, null],
  ])("of %s, and of what derives from it, are sized alike", (name, kind, other) => {
    expect(planOf("3.12", { name })).toMatchObject({ kind, other });
    expect(planOf("3.12", { base: name })).toMatchObject({ kind, other });
  });
});
