import type { MemoryReader } from "../../../blocks/index.ts";
import type { DebugOffsets } from "../layout/debug-offsets.ts";
import { type Evidence, evidenceOf } from "../layout/detect.ts";
import { dictEntries } from "../layout/dict-entries.ts";
import { FLAG, type Layout, layoutFrom } from "../layout/layout.ts";
import { readRefs } from "../layout/refs.ts";
import { textOf } from "./names.ts";
import { hasFlag, type TypeObjects } from "./type-objects.ts";

/** Classes that are asked where they have their names; most of them must have a str there, as many as that. */
const ASKED = 1024;
const LEAST_CLASSES = 8;
const LEAST_NAMED = 0.95;
/** Words of _Py_DebugOffsets that are looked at: 3.15 has 111. */
const MOST_OFFSETS = 512;
/** Offsets in it are those of structs. */
const MOST_OFFSET = 2 ** 20;
/** From ht_name to ht_qualname, with ht_slots between, in all versions (Include/cpython/object.h). */
const NAME_TO_QUALNAME = 16;

/**
 * The layout of a version newer than all that are known: the newest of those, as far as the core says no other of itself. That is
 * how large types are, where classes have their names, how long a str's header is, and where a frame has its variables.
 * Null where it is no such version, or what it says does not fit.
 */
export function unseenLayout(
  reader: MemoryReader,
  types: TypeObjects,
  layouts: readonly Layout[],
  debug: DebugOffsets | null,
): Layout | null {
  const evidence = evidenceOf(reader, types, layouts);
  const newest = layouts.at(-1);
  if (debug === null || newest === undefined || evidence?.root === undefined) return null;
  const { root, str } = evidence;
  if (debug.minor <= newest.minor || debug.isFreeThreaded !== newest.isFreeThreaded) return null;
  const names = namesAt(reader, evidence, newest, root.basicSize);
  if (names === null) return null;
  const structs = structuredClone(newest.structs);
  const { PyUnicodeObject, PyCompactUnicodeObject, PyASCIIObject } = newest.structs;
  // What a str got came in front of its text: the three structs begin with one another.
  const more = str.basicSize - PyUnicodeObject.sizeof;
  const { data } = PyUnicodeObject;
  const said = readOffsets(reader, debug.address);
  const typeBytes = typeBytesOf(said, newest);
  Object.assign(structs, { minor: debug.minor });
  Object.assign(structs.PyTypeObject, { sizeof: typeBytes ?? newest.structs.PyTypeObject.sizeof });
  Object.assign(structs.PyHeapTypeObject, {
    sizeof: root.basicSize,
    ht_name: names,
    ht_slots: names + 8,
    ht_qualname: names + NAME_TO_QUALNAME,
    ht_cached_keys: names + NAME_TO_QUALNAME + 8,
    ht_module: names + NAME_TO_QUALNAME + 16,
  });
  Object.assign(structs.PyUnicodeObject, { sizeof: str.basicSize, data: data + more });
  Object.assign(structs.PyCompactUnicodeObject, { sizeof: PyCompactUnicodeObject.sizeof + more });
  Object.assign(structs.PyASCIIObject, { sizeof: PyASCIIObject.sizeof + more });
  if ("_PyInterpreterFrame" in structs)
    Object.assign(structs._PyInterpreterFrame, frameOf(said, newest) ?? {});
  const version = `3.${debug.minor}${newest.isFreeThreaded ? "t" : ""}`;
  const layout = { ...layoutFrom(version, structs, newest), minor: debug.minor };
  return { ...layout, refs: refsOf(reader, types, layout) };
}

/** How counts of references are written: in the way in which most types have one, of those there were the newest layout's first. */
function refsOf(reader: MemoryReader, types: TypeObjects, layout: Layout): Layout["refs"] {
  if (layout.refs === 3) return layout.refs;
  const counted = (refs: Layout["refs"]) =>
    [...types.all.keys()].filter((at) => readRefs(reader, { ...layout, refs }, at) !== null).length;
  const ways = [layout.refs, 1, 2] as const;
  return ways.reduce((best, way) => (counted(way) > counted(best) ? way : best));
}

/** Most of what sys.modules leads to must be modules, by the names of strings. */
const LEAST_MODULES = 0.9;

/** Whether what such a layout says of a dict, of strings and of names holds: sys.modules leads from strings to modules. */
export function hasModules(
  reader: MemoryReader,
  layout: Layout,
  types: TypeObjects,
  nameOf: (type: number) => string | undefined,
  { modules }: DebugOffsets,
): boolean {
  const { ob_type } = layout.structs.PyObject;
  let count = 0;
  let sound = 0;
  for (const { key, value } of dictEntries(reader, layout, modules)) {
    count += 1;
    const isModule = nameOf(reader.u64(value + ob_type)) === "builtins.module";
    if (isModule && textOf(reader, layout, types, key) !== null) sound += 1;
  }
  return sound > 0 && sound >= count * LEAST_MODULES;
}

/** What is to be said of results that come of such a layout. */
export function unseenRemark({ version }: Layout, newest: Layout): string {
  return `CPython ${version} is newer than ${newest.version}, the newest whose structs are known: read as that, as far as the core says no other; generators and what modules keep for C code may be missed`;
}

/** Where classes have ht_name: two words of theirs, 16 bytes apart, are a str each in nearly all of them. */
function namesAt(
  reader: MemoryReader,
  { types, isStr }: Evidence,
  { structs }: Layout,
  heapTypeBytes: number,
): number | null {
  const classes: number[] = [];
  for (const type of types) {
    if (hasFlag(type, FLAG.heapType)) classes.push(type.address);
    if (classes.length === ASKED) break;
  }
  if (classes.length < LEAST_CLASSES || !(heapTypeBytes < 2 ** 16)) return null;
  const isName = (offset: number) =>
    classes.filter((at) => isStr(reader.u64(at + offset))).length >= classes.length * LEAST_NAMED;
  for (
    let offset: number = structs.PyTypeObject.tp_subclasses;
    offset + NAME_TO_QUALNAME < heapTypeBytes;
    offset += 8
  )
    if (isName(offset) && isName(offset + NAME_TO_QUALNAME)) return offset;
  return null;
}

/** The words of _Py_DebugOffsets behind its cookie, its version and whether it is free-threaded; what follows it may be among them. */
function readOffsets(reader: MemoryReader, address: number): number[] {
  return Array.from({ length: MOST_OFFSETS }, (_, word) => reader.u64(address + 24 + 8 * word));
}

/**
 * type_object {size, tp_name, tp_repr, tp_flags}: fields come between the groups from version to version, so that the group is found by
 * what did not move.
 */
function typeBytesOf(said: readonly number[], { structs: { PyTypeObject } }: Layout): number | null {
  const at = said.findIndex(
    (size, word) =>
      said[word + 1] === PyTypeObject.tp_name &&
      said[word + 3] === PyTypeObject.tp_flags &&
      size > PyTypeObject.tp_subclasses &&
      size < MOST_OFFSET,
  );
  return said[at] ?? null;
}

/** interpreter_frame {size, previous, executable, instr_ptr, localsplus, owner, stackpointer}, in the same way. */
function frameOf(
  said: readonly number[],
  { structs }: Layout,
): { readonly localsplus: number; readonly owner: number } | null {
  if (!("_PyInterpreterFrame" in structs && "instr_ptr" in structs._PyInterpreterFrame)) return null;
  const { previous, f_executable, instr_ptr } = structs._PyInterpreterFrame;
  const at = said.findIndex(
    (size, word) =>
      said[word + 1] === previous &&
      said[word + 2] === f_executable &&
      said[word + 3] === instr_ptr &&
      size < MOST_OFFSET,
  );
  const [localsplus = 0, owner = 0] = at < 0 ? [] : said.slice(at + 4, at + 6);
  return localsplus > instr_ptr && localsplus < MOST_OFFSET && owner < localsplus
    ? { localsplus, owner }
    : null;
}
