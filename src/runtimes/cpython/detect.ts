import { FLAG, LAYOUTS, type Layout } from "./layout.ts";
import { hasFlag, type TypeObject, type TypeObjects } from "./type-objects.ts";

/**
 * The layout of the core's CPython, by the sizes that its types give of themselves: `type` is as large as
 * PyHeapTypeObject and `str` as PyUnicodeObject, which differ from version to version; and by the bits that types
 * have from 3.12 and 3.13 on. Null where none fits.
 */
export function detectLayout(types: TypeObjects): Layout | null {
  const root = types.all.get(types.root);
  const str = basemost(types, FLAG.str);
  if (root === undefined || str === null) return null;
  const fitting = LAYOUTS.filter(
    ({ heapTypeBytes, strWhole }) => heapTypeBytes === root.basicSize && strWhole === str.basicSize,
  );
  if (fitting.length < 2) return fitting[0] ?? null;
  // 3.12 and 3.13 agree in both; instances have had their values within since 3.13.
  const hasInlineValues = [...types.all.values()].some((type) => hasFlag(type, FLAG.inlineValues));
  return (hasInlineValues ? fitting.at(-1) : fitting[0]) ?? null;
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
