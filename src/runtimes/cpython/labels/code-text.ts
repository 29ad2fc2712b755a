import { FLAG } from "../layout/layout.ts";
import type { Python } from "../python.ts";
import { textOf } from "../types/names.ts";
import { hasFlag } from "../types/type-objects.ts";

/** What is asked of a core to read names. */
export type NamesOf = Pick<Python, "reader" | "layout" | "typeObjects">;

const MOST_NAMES = 4096;
const MOST_TEXT = 256;

/** The text of a str, at most 256 characters; null where there is none. */
export function shortText({ reader, layout, typeObjects }: NamesOf, at: number): string | null {
  return textOf(reader, layout, typeObjects, at, MOST_TEXT);
}

/** The addresses in a tuple, the first 4096; none where there is no tuple at the address. */
export function itemsOfTuple({ reader, layout, typeObjects }: NamesOf, tuple: number): number[] {
  const { PyObject, PyVarObject } = layout.structs;
  const type = typeObjects.all.get(reader.u64(tuple + PyObject.ob_type));
  if (type === undefined || !hasFlag(type, FLAG.tuple)) return [];
  const items: number[] = [];
  const count = Math.min(reader.u64(tuple + PyVarObject.ob_size), MOST_NAMES);
  for (let index = 0; index < count; index += 1) items.push(reader.u64(tuple + type.basicSize + index * 8));
  return items;
}

/** What co_names has, by the index that instructions give: globals, attributes and methods. */
export function namesOfCode(python: NamesOf, code: number): string[] {
  const { PyCodeObject } = python.layout.structs;
  return itemsOfTuple(python, python.reader.u64(code + PyCodeObject.co_names)).map(
    (at) => shortText(python, at) ?? "",
  );
}

/** What LOAD_DEREF's argument means: a variable of this function, or a place in its closure. */
export type CellPlace = { readonly local: number } | { readonly free: number } | null;

/**
 * Where the cell of that index comes from. From 3.11 on cells are numbered among the locals, before that they were
 * apart, and a parameter that is one had a local's number as well (Objects/codeobject.c).
 * @param frees the size of the function's closure
 */
export function cellPlace(python: NamesOf, code: number, index: number, frees: number): CellPlace {
  const { reader, layout } = python;
  const { PyCodeObject } = layout.structs;
  if ("co_nlocalsplus" in PyCodeObject) {
    const first = reader.i32(code + PyCodeObject.co_nlocalsplus) - frees;
    return index < first ? { local: index } : { free: index - first };
  }
  const cells = itemsOfTuple(python, reader.u64(code + PyCodeObject.co_cellvars));
  const cell = cells[index];
  if (cell === undefined) return { free: index - cells.length };
  const locals = itemsOfTuple(python, reader.u64(code + PyCodeObject.co_varnames));
  const name = shortText(python, cell);
  const local = locals.findIndex((at) => name !== null && shortText(python, at) === name);
  return local < 0 ? null : { local };
}

/** The name of a function's first parameter; null where it has none. */
export function firstParameter(python: NamesOf, code: number): string | null {
  const { reader, layout } = python;
  const { PyCodeObject } = layout.structs;
  if (!(reader.i32(code + PyCodeObject.co_argcount) > 0)) return null;
  const locals = layout.code.localNames ?? ("co_varnames" in PyCodeObject ? PyCodeObject.co_varnames : 0);
  const [first] = itemsOfTuple(python, reader.u64(code + locals));
  return first === undefined ? null : shortText(python, first);
}
