import type { NameUser } from "../../references.ts";
import type { PythonEdges } from "../edges/edges.ts";
import { FLAG } from "../layout/layout.ts";
import type { ObjectTable } from "../objects/object-table.ts";
import type { Python } from "../python.ts";
import { textOf } from "../types/names.ts";
import { hasFlag } from "../types/type-objects.ts";

const ADDING: ReadonlySet<string> = new Set([
  "add",
  "append",
  "appendleft",
  "extend",
  "insert",
  "put",
  "register",
  "setdefault",
  "update",
]);
const MOST_NAMES = 4096;
const MOST_TEXT = 256;

/**
 * Functions whose code names an attribute of a holder: both by name (`Profiler.results`), or the attribute alone in
 * the holder's own methods (`self.results`) or, where the holder is a module, in its functions. Those that may add first,
 * then by file and line.
 * @param holder the holder's qualified name: `downstream.profiler.Profiler`, `downstream.app`
 */
export function findNameUsers(
  python: Python,
  table: ObjectTable,
  edges: Pick<PythonEdges, "scans">,
  holder: string,
  attribute: string,
): NameUser[] {
  const { reader, layout, typeObjects } = python;
  const text = (at: number) => textOf(reader, layout, typeObjects, at, MOST_TEXT);
  const { PyFunctionObject, PyCodeObject } = layout.structs;
  const holderName = holder.slice(holder.lastIndexOf(".") + 1);
  const found = new Map<string, NameUser>();
  for (let node = 0; node < table.count; node += 1) {
    if (edges.scans[table.type(node)]?.descent.family !== "function") continue;
    const at = table.address(node);
    const code = reader.u64(at + PyFunctionObject.func_code);
    const names = namesOf(python, code, text);
    if (!names.has(attribute)) continue;
    const module = text(reader.u64(at + PyFunctionObject.func_module)) ?? "";
    const qualname = text(reader.u64(at + PyFunctionObject.func_qualname)) ?? "?";
    const isOwn = module === holder || `${module}.${qualname}`.startsWith(`${holder}.`);
    if (!isOwn && !names.has(holderName)) continue;
    const path = text(reader.u64(code + PyCodeObject.co_filename)) ?? "?";
    const file = path.split("/").slice(-2).join("/");
    const line = reader.i32(code + PyCodeObject.co_firstlineno);
    const mayAdd = [...names].some((name) => ADDING.has(name));
    found.set(`${file}:${line} ${qualname}`, {
      file,
      line,
      function: qualname,
      adds: false,
      removes: false,
      mayAdd,
    });
  }
  return [...found.values()].sort(
    (a, b) =>
      Number(b.mayAdd) - Number(a.mayAdd) ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      (a.function < b.function ? -1 : 1),
  );
}

/** What co_names has: globals, attributes and methods. */
function namesOf(
  { reader, layout, typeObjects }: Python,
  code: number,
  text: (at: number) => string | null,
): Set<string> {
  const { PyObject, PyVarObject, PyCodeObject } = layout.structs;
  const names = new Set<string>();
  const tuple = reader.u64(code + PyCodeObject.co_names);
  const type = typeObjects.all.get(reader.u64(tuple + PyObject.ob_type));
  if (type === undefined || !hasFlag(type, FLAG.tuple)) return names;
  const count = Math.min(reader.u64(tuple + PyVarObject.ob_size), MOST_NAMES);
  for (let index = 0; index < count; index += 1) {
    const name = text(reader.u64(tuple + type.basicSize + index * 8));
    if (name !== null) names.add(name);
  }
  return names;
}
