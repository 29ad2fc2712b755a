import { TYPE_KIND } from "../../../kernel/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import type { TypeName } from "./names.ts";
import { basesOf, hasFlag, type TypeObject, type TypeObjects } from "./type-objects.ts";

/** How the size of a type's instances is found. */
export const KIND = {
  variable: TYPE_KIND.VARIABLE,
  taggedInt: TYPE_KIND.TAGGED_INT,
  str: TYPE_KIND.STR,
  list: TYPE_KIND.LIST,
  dict: TYPE_KIND.DICT,
  set: TYPE_KIND.SET,
  bytearray: TYPE_KIND.BYTEARRAY,
  deque: TYPE_KIND.DEQUE,
  /** By more reading than the kernel does: `OtherKind` says how. */
  other: TYPE_KIND.OTHER,
} as const;

/** What object-size.ts knows to size. */
export type OtherKind =
  | "type"
  | "ordered dict"
  | "generator"
  | "frame"
  | "old code"
  | "array"
  | "decimal"
  | "struct"
  | "buffered"
  | "bytes io"
  | "ndarray";

/** A type as the kernel needs it, and as object-size.ts does. */
export interface TypePlan {
  readonly type: TypeObject;
  readonly kind: number;
  readonly other: OtherKind | null;
  /** Bytes in front of the object that its allocation begins with: 0, 16 or 32. */
  readonly head: number;
  /** Of an instance, `head` included, items not. */
  readonly basic: number;
  readonly item: number;
  readonly leastItems: number;
  /** Whether sizes are rounded up to whole words, as _PyObject_VAR_SIZE does. */
  readonly isRounded: boolean;
}

const BY_NAME: ReadonlyMap<string, number | OtherKind> = new Map<string, number | OtherKind>([
  ["builtins.set", KIND.set],
  ["builtins.frozenset", KIND.set],
  // From 3.15 on, of no dict's flag: PyFrozenDictObject begins as PyDictObject does (Include/internal/pycore_dict.h).
  ["builtins.frozendict", KIND.dict],
  ["builtins.bytearray", KIND.bytearray],
  ["collections.deque", KIND.deque],
  ["collections.OrderedDict", "ordered dict"],
  ["builtins.generator", "generator"],
  ["builtins.coroutine", "generator"],
  ["builtins.async_generator", "generator"],
  ["builtins.frame", "frame"],
  ["array.array", "array"],
  ["decimal.Decimal", "decimal"],
  ["_struct.Struct", "struct"],
  ["_io.BufferedReader", "buffered"],
  ["_io.BufferedWriter", "buffered"],
  ["_io.BufferedRandom", "buffered"],
  ["_io.BytesIO", "bytes io"],
  ["numpy.ndarray", "ndarray"],
]);

/** A managed dict and weak references (Include/internal/pycore_object.h, _PyType_PreHeaderSize). */
const PRE_HEADER = 2 * 8;

/** How to find and size the instances of every type, in the order of `types`. */
export function planTypes(
  layout: Layout,
  types: TypeObjects,
  names: ReadonlyMap<number, TypeName>,
): TypePlan[] {
  return [...types.all.values()].map((type) => planType(layout, types, names, type));
}

/** The same of one type; `names` are those of its bases. */
export function planType(
  layout: Layout,
  types: TypeObjects,
  names: ReadonlyMap<number, TypeName>,
  type: TypeObject,
): TypePlan {
  const head =
    (hasFlag(type, FLAG.hasGc) && !layout.isFreeThreaded ? layout.structs.PyGC_Head.sizeof : 0) +
    (hasFlag(type, layout.preHeaderFlags) ? PRE_HEADER : 0);
  const basic = type.basicSize + head;
  const plan = { type, other: null, head, basic, item: type.itemSize, leastItems: 0, isRounded: false };
  if (hasFlag(type, FLAG.int))
    return layout.intIsTagged
      ? { ...plan, kind: KIND.taggedInt, leastItems: 1 }
      : {
          ...plan,
          kind: KIND.variable,
          basic: layout.structs.PyLongObject.ob_digit + head,
          leastItems: layout.intLeastDigits,
        };
  if (hasFlag(type, FLAG.str)) return { ...plan, kind: KIND.str };
  if (hasFlag(type, FLAG.list)) return { ...plan, kind: KIND.list };
  if (hasFlag(type, FLAG.type)) {
    // Modules/_ctypes/_ctypes.c: since 3.13 such a type says the size of its struct (and of its format's few bytes).
    for (const base of basesOf(type, types.all))
      if (names.get(base.address)?.name === "_ctypes.CType_Type")
        return { ...plan, kind: KIND.variable, item: 0 };
    return { ...plan, kind: KIND.other, other: "type", item: 0 };
  }
  for (const base of basesOf(type, types.all)) {
    const name = names.get(base.address)?.name ?? "";
    if (name === "builtins.code")
      return layout.newKeys
        ? { ...plan, kind: KIND.variable, isRounded: true }
        : { ...plan, kind: KIND.other, other: "old code", item: 0 };
    const kind = BY_NAME.get(name);
    if (typeof kind === "number") return { ...plan, kind };
    if (kind !== undefined) return { ...plan, kind: KIND.other, other: kind, item: 0 };
  }
  if (hasFlag(type, FLAG.dict)) return { ...plan, kind: KIND.dict };
  return { ...plan, kind: KIND.variable };
}
