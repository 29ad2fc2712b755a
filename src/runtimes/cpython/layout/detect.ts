import type { MemoryReader } from "../../../blocks/index.ts";
import { hasFlag, type TypeObject, type TypeObjects } from "../types/type-objects.ts";
import { FLAG, LAYOUTS, type Layout } from "./layout.ts";

/** Classes that are asked for their names, to tell layouts apart. */
const ASKED = 64;

/** What is known of a Python's types. */
export interface Evidence {
  /** `type`. */
  readonly root: TypeObject | undefined;
  /** `str`; null where it is not known, then it is not asked. */
  readonly str: TypeObject | null;
  readonly types: Iterable<TypeObject>;
  /** Those that it may be, oldest first. */
  readonly layouts: readonly Layout[];
  /** Whether a str is at the address. */
  isStr(at: number): boolean;
}

/**
 * The layout of the core's CPython, by the sizes that its types give of themselves: `type` is as large as
 * PyHeapTypeObject and `str` as PyUnicodeObject, which differ from version to version; where two agree in both
 * (3.8 and 3.9), by where classes have their qualified names, or (3.6 and 3.7) by the size of frames. Null where none fits; not
 * settled where more types might tell another.
 */
export function tellLayout(
  reader: MemoryReader,
  { root, str, types, layouts, isStr }: Evidence,
): { layout: Layout | null; isSettled: boolean } {
  const fitting = layouts.filter(
    ({ structs }) =>
      structs.PyHeapTypeObject.sizeof === root?.basicSize &&
      (str === null || structs.PyUnicodeObject.sizeof === str.basicSize),
  );
  if (fitting.length < 2) return { layout: fitting[0] ?? null, isSettled: true };
  const all = [...types];
  const classes = all.filter((type) => hasFlag(type, FLAG.heapType)).slice(0, ASKED);
  const told = fitting.map((layout) => {
    const { ht_qualname } = layout.structs.PyHeapTypeObject;
    return {
      layout,
      named: classes.filter(({ address }) => isStr(reader.u64(address + ht_qualname))).length,
      frames: all.some((type) => isFrame(layout, type)) ? 1 : 0,
    };
  });
  told.sort((a, b) => b.named - a.named || b.frames - a.frames || b.layout.minor - a.layout.minor);
  const [first, second] = told;
  const isSettled = first?.named !== second?.named || first?.frames !== second?.frames;
  return { layout: first?.layout ?? null, isSettled };
}

/** Whether the type is as large as PyFrameObject, which variables of 8 bytes follow. */
function isFrame({ structs: { PyFrameObject } }: Layout, { basicSize, itemSize }: TypeObject): boolean {
  return "f_localsplus" in PyFrameObject && basicSize === PyFrameObject.sizeof && itemSize === 8;
}

/** The same, where all types are known. */
export function detectLayout(
  reader: MemoryReader,
  types: TypeObjects,
  layouts: readonly Layout[] = LAYOUTS,
): Layout | null {
  const evidence = evidenceOf(reader, types, layouts);
  return evidence === null ? null : tellLayout(reader, evidence).layout;
}

/** What all types say; null where there is no `str` among them. */
export function evidenceOf(
  reader: MemoryReader,
  types: TypeObjects,
  layouts: readonly Layout[],
): (Evidence & { readonly str: TypeObject }) | null {
  const { root, all, structs } = types;
  const str = basemost(types, FLAG.str);
  if (str === null) return null;
  const isStr = (at: number) => reader.u64(at + structs.PyObject.ob_type) === str.address;
  return { root: all.get(root), str, types: [...all.values()], layouts, isStr };
}

/** The type with the flag that derives from `object` alone: `str` of FLAG.str, `int` of FLAG.int. */
function basemost(types: TypeObjects, flag: number): TypeObject | null {
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
