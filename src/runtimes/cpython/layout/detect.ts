import type { MemoryReader } from "../../../blocks/index.ts";
import { hasFlag, type TypeObject, type TypeObjects } from "../types/type-objects.ts";
import { FLAG, LAYOUTS, type Layout } from "./layout.ts";

/** Classes that are asked for their names, to tell layouts apart. */
const ASKED = 64;

/**
 * The layout of the core's CPython, by the sizes that its types give of themselves: `type` is as large as
 * PyHeapTypeObject and `str` as PyUnicodeObject, which differ from version to version; where two agree in both
 * (3.8 and 3.9), by where classes have their qualified names. Null where none fits.
 */
export function detectLayout(reader: MemoryReader, types: TypeObjects): Layout | null {
  const root = types.all.get(types.root);
  const str = basemost(types, FLAG.str);
  if (root === undefined || str === null) return null;
  const fitting = LAYOUTS.filter(
    ({ heapTypeBytes, strWhole }) => heapTypeBytes === root.basicSize && strWhole === str.basicSize,
  );
  const classes = [...types.all.values()].filter((type) => hasFlag(type, FLAG.heapType)).slice(0, ASKED);
  const named = ({ qualifiedName }: Layout) =>
    classes.filter(({ address }) => reader.u64(reader.u64(address + qualifiedName) + 8) === str.address)
      .length;
  return fitting.sort((a, b) => named(b) - named(a))[0] ?? null;
}

/** The type with the flag that derives from `object` alone: `str` of FLAG.str, `int` of FLAG.int. */
export function basemost(types: TypeObjects, flag: number): TypeObject | null {
  for (const type of types.all.values()) {
    if (!hasFlag(type, flag)) continue;
    const base = types.all.get(type.base);
    if (base !== undefined && !hasFlag(base, flag) && base.base === 0) return type;
  }
  return null;
}

/** A word that no object's count of references reaches: there is less memory than that to hold them. */
export function mostReferences(bytes: number): number {
  return Math.max(2 ** 20, Math.ceil(bytes / 8));
}
