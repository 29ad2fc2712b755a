import type { MemoryReader } from "../../../blocks/index.ts";
import { FLAG } from "../layout/layout.ts";
import { ANY, type AnyStructs } from "../structs/structs.ts";

/** A PyTypeObject that was found; all numbers as they stand in it. */
export interface TypeObject {
  readonly address: number;
  /** Its own type: `type` or a metaclass. */
  readonly type: number;
  /** Where its C name lies; that of a static type is in the module's file, not in the core. */
  readonly name: number;
  readonly basicSize: number;
  readonly itemSize: number;
  /** Unsigned, 32 bits. */
  readonly flags: number;
  readonly base: number;
  readonly dict: number;
  readonly dictOffset: number;
}

/** All types of one interpreter's `type`. */
export interface TypeObjects {
  /** The address of `type` itself. */
  readonly root: number;
  /** By address, in its order. */
  readonly all: ReadonlyMap<number, TypeObject>;
  /** Where they have their fields. */
  readonly structs: AnyStructs;
}

/** Longer chains of tp_base are not followed: they run in a circle. */
const MOST_BASES = 256;

/** Whether the type has the bit of tp_flags, of which bit 31 is one. */
export function hasFlag(type: TypeObject, flag: number): boolean {
  return (type.flags & flag) !== 0;
}

/**
 * Picks the type objects out of the candidates. `type` is the one whose own type it is itself and that most others
 * have for theirs; a type's type is `type` or derives from it, and its bases are types that end in `object`.
 * Null where there is none: no CPython.
 */
export function findTypeObjects(
  reader: MemoryReader,
  candidates: Float64Array,
  structs: AnyStructs = ANY,
): TypeObjects | null {
  const found = new Map<number, TypeObject>();
  const byType = new Map<number, TypeObject[]>();
  for (const address of candidates) {
    const type = readType(reader, address, structs);
    if (type === null) continue;
    found.set(address, type);
    const alike = byType.get(type.type);
    if (alike) alike.push(type);
    else byType.set(type.type, [type]);
  }
  let root: TypeObject | null = null;
  for (const type of found.values()) {
    if (type.type !== type.address || !hasFlag(type, FLAG.type)) continue;
    const followers = byType.get(type.address)?.length ?? 0;
    if (root === null || followers > (byType.get(root.address)?.length ?? 0)) root = type;
  }
  if (root === null) return null;
  const all = new Map<number, TypeObject>();
  const metatypes = [root.address];
  for (let next = metatypes.pop(); next !== undefined; next = metatypes.pop()) {
    for (const type of byType.get(next) ?? []) {
      if (all.has(type.address) || !endsInObject(type, found)) continue;
      all.set(type.address, type);
      if (type !== root && derivesFrom(type, root.address, found)) metatypes.push(type.address);
    }
  }
  return { root: root.address, structs, all: new Map([...all].sort(([a], [b]) => a - b)) };
}

/** The words of a PyTypeObject at the address; null where they make no sense. */
export function readType(
  reader: MemoryReader,
  address: number,
  { PyObject, PyTypeObject }: AnyStructs = ANY,
): TypeObject | null {
  const type: TypeObject = {
    address,
    type: reader.u64(address + PyObject.ob_type),
    name: reader.u64(address + PyTypeObject.tp_name),
    basicSize: reader.u64(address + PyTypeObject.tp_basicsize),
    itemSize: reader.u64(address + PyTypeObject.tp_itemsize),
    flags: reader.u32(address + PyTypeObject.tp_flags),
    base: reader.u64(address + PyTypeObject.tp_base),
    dict: reader.u64(address + PyTypeObject.tp_dict),
    dictOffset: reader.i64(address + PyTypeObject.tp_dictoffset),
  };
  return type.basicSize < 2 ** 24 && Math.abs(type.dictOffset) < 2 ** 24 ? type : null;
}

/** The type and its bases, nearest first. */
export function* basesOf(type: TypeObject, all: ReadonlyMap<number, TypeObject>): Generator<TypeObject> {
  let here: TypeObject | undefined = type;
  for (let steps = 0; here !== undefined && steps < MOST_BASES; steps += 1) {
    yield here;
    here = all.get(here.base);
  }
}

function derivesFrom(type: TypeObject, ancestor: number, all: ReadonlyMap<number, TypeObject>): boolean {
  for (const base of basesOf(type, all)) if (base.address === ancestor) return true;
  return false;
}

function endsInObject(type: TypeObject, all: ReadonlyMap<number, TypeObject>): boolean {
  let last = type;
  for (const base of basesOf(type, all)) last = base;
  return last.base === 0;
}
