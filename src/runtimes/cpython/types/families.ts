import { FLAG } from "../layout/layout.ts";
import type { TypeName } from "./names.ts";
import { basesOf, hasFlag, type TypeObject, type TypeObjects } from "./type-objects.ts";

/** Built-in types whose instances are read in a way of their own; classes that derive from them are of their family. */
export type Family =
  | "opaque"
  | "list"
  | "tuple"
  | "dict"
  | "set"
  | "deque"
  | "type"
  | "module"
  | "function"
  | "code"
  | "cell"
  | "generator"
  | "frame"
  | "weakref"
  | "lru cache"
  | "lru link"
  | "thread local"
  | "queue"
  | "ndarray"
  | "other";

/** A type's family and the base that has given it. */
export interface Descent {
  readonly family: Family;
  readonly base: TypeObject;
}

const FAMILIES: ReadonlyMap<string, Family> = new Map<string, Family>([
  ["builtins.float", "opaque"],
  ["builtins.complex", "opaque"],
  ["builtins.bytearray", "opaque"],
  ["builtins.NoneType", "opaque"],
  ["array.array", "opaque"],
  ["decimal.Decimal", "opaque"],
  ["builtins.frozendict", "dict"],
  ["builtins.set", "set"],
  ["builtins.frozenset", "set"],
  ["collections.deque", "deque"],
  ["builtins.module", "module"],
  ["builtins.function", "function"],
  ["builtins.code", "code"],
  ["builtins.cell", "cell"],
  ["builtins.generator", "generator"],
  ["builtins.coroutine", "generator"],
  ["builtins.async_generator", "generator"],
  ["builtins.frame", "frame"],
  ["weakref.ReferenceType", "weakref"],
  ["weakref.ProxyType", "weakref"],
  ["weakref.CallableProxyType", "weakref"],
  // Up to 3.9.
  ["builtins.weakref", "weakref"],
  ["builtins.weakproxy", "weakref"],
  ["builtins.weakcallableproxy", "weakref"],
  ["functools._lru_cache_wrapper", "lru cache"],
  ["functools._lru_list_elem", "lru link"],
  ["_thread._local", "thread local"],
  ["_queue.SimpleQueue", "queue"],
  ["numpy.ndarray", "ndarray"],
]);

/** Which family a type belongs to, by its flags and the names of its bases. */
export function descentOf(
  types: TypeObjects,
  names: ReadonlyMap<number, TypeName>,
  type: TypeObject,
): Descent {
  const flagged = familyOfFlags(type);
  let last = type;
  for (const base of basesOf(type, types.all)) {
    if (flagged !== null) {
      if (familyOfFlags(base) !== flagged) return { family: flagged, base: last };
      last = base;
      continue;
    }
    const family = FAMILIES.get(names.get(base.address)?.name ?? "");
    if (family !== undefined) return { family, base };
  }
  return { family: flagged ?? "other", base: last };
}

function familyOfFlags(type: TypeObject): Family | null {
  if (hasFlag(type, FLAG.int | FLAG.str | FLAG.bytes)) return "opaque";
  if (hasFlag(type, FLAG.list)) return "list";
  if (hasFlag(type, FLAG.tuple)) return "tuple";
  if (hasFlag(type, FLAG.dict)) return "dict";
  if (hasFlag(type, FLAG.type)) return "type";
  return null;
}
