import type { MemoryReader } from "../../../blocks/index.ts";
import type { NotDetected } from "../../runtime.ts";
import { buildName, type DebugOffsets } from "../layout/debug-offsets.ts";
import { type Evidence, evidenceOf } from "../layout/detect.ts";
import { dictEntries } from "../layout/dict-entries.ts";
import { FLAG, type Layout, layoutFrom } from "../layout/layout.ts";
import { readRefs } from "../layout/refs.ts";
import type { Structs } from "../structs/structs.ts";
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
/** Fields of a thread's state that it may tell: 3.15 has 16. */
const MOST_THREAD_FIELDS = 32;
/** From ht_name to ht_qualname, with ht_slots between, in all versions (Include/cpython/object.h). */
const NAME_TO_QUALNAME = 16;

/**
 * The layout of a version newer than all that are known: the newest of those, as far as the core says no other of itself. That is
 * how large types are, where classes have their names, how long a str's header is, where a frame has its variables, and a thread its frames.
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
  Object.assign(structs.PyThreadState, threadStateOf(said, newest) ?? {});
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

/** A version newer than all that are known; null where it is none. */
export function newerVersion(debug: DebugOffsets, known: readonly Layout[]): NotDetected | null {
  const newest = known.at(-1);
  return newest !== undefined && debug.minor > newest.minor
    ? { reason: `${buildName(debug)}, newer than ${newest.version}, the newest whose objects are read` }
    : null;
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

/** PyThreadState of a version newer than all that are known; null where it is no such version, or does not say. */
export function unseenThreadState(
  reader: MemoryReader,
  { address, minor }: DebugOffsets,
  layouts: readonly Layout[],
): NewThreadState | null {
  const newest = layouts.at(-1);
  return newest === undefined || minor <= newest.minor
    ? null
    : threadStateOf(readOffsets(reader, address), newest);
}

/** That of 3.13 on, which leads to the frame that runs. */
type NewThreadState = Extract<Structs["PyThreadState"], { readonly current_frame: number }>;

/**
 * thread_state {size, prev, next, interp, current_frame, …, thread_id, native_thread_id, datastack_chunk}: what stands behind the frame
 * moves as one.
 */
function threadStateOf(
  said: readonly number[],
  { structs: { PyThreadState: known } }: Layout,
): NewThreadState | null {
  if (!("current_frame" in known)) return null;
  const at = said.findIndex(
    (size, word) =>
      said[word + 1] === known.prev &&
      said[word + 2] === known.next &&
      said[word + 3] === known.interp &&
      size > known.datastack_limit &&
      size < MOST_OFFSET,
  );
  if (at < 0) return null;
  const [size = 0, , , , frame = 0, ...others] = said.slice(at, at + MOST_THREAD_FIELDS);
  const id = others.find(
    (offset, word) =>
      others[word + 1] === offset + known.native_thread_id - known.thread_id &&
      others[word + 2] === offset + known.datastack_chunk - known.thread_id,
  );
  if (id === undefined || !(frame > known.interp && frame < id && id < size)) return null;
  const moved = id - known.thread_id;
  const behind = ["thread_id", "native_thread_id", "exc_info", "current_exception"] as const;
  const stack = ["datastack_chunk", "datastack_top", "datastack_limit"] as const;
  const places = [...behind, ...stack].map((field) => [field, known[field] + moved]);
  return { ...known, sizeof: size, current_frame: frame, ...Object.fromEntries(places) };
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
