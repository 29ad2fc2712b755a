import { functionFields } from "../edges/scan-plan.ts";
import { MODULE, TYPE_FIELDS } from "../edges/special-words.ts";
import type { Layout } from "../layout/layout.ts";
import { frameLayout } from "../threads/frames.ts";
import type { Family } from "../types/families.ts";

/** Names by offset, as they stand in a path: `.attr`, in angle brackets what is no attribute, empty for nothing. */
export type Fields = Readonly<Record<number, string>>;

/** Where C structs hold what, at the same places in all versions; a name that is no attribute is in angle brackets. */
export const FIELDS: ReadonlyMap<string, Fields> = new Map<string, Fields>([
  ["builtins.method", { 16: ".__func__", 24: ".__self__" }],
  ["builtins.cell", { 16: "" }],
  ["builtins.property", { 16: ".fget", 24: ".fset", 32: ".fdel", 40: ".__doc__" }],
  ["builtins.staticmethod", { 16: ".__func__" }],
  ["builtins.classmethod", { 16: ".__func__" }],
  ["builtins.traceback", { 16: ".tb_next", 24: ".tb_frame" }],
  ["builtins.mappingproxy", { 16: ".<mapping>" }],
  ["builtins.builtin_function_or_method", { 24: ".__self__", 32: ".__module__" }],
  ["types.SimpleNamespace", { 16: "" }],
  ["functools.partial", { 16: ".func", 24: ".args", 32: ".keywords" }],
  ["functools._lru_list_elem", { 40: ".<key>", 48: ".<result>" }],
  ["collections.defaultdict", { 48: ".default_factory" }],
  ["weakref.ReferenceType", { 24: ".__callback__" }],
]);

/** PyFunctionObject (Include/cpython/funcobject.h). */
export function functionNames(layout: Layout): Fields {
  const fields = functionFields(layout);
  return {
    [fields.globals]: ".__globals__",
    [fields.code]: ".__code__",
    [fields.defaults]: ".<defaults>",
    [fields.kwdefaults]: ".<kwdefaults>",
    [fields.closure]: "",
    [fields.doc]: ".__doc__",
    [fields.name]: ".__name__",
    [fields.module]: ".__module__",
    [fields.annotations]: ".__annotations__",
    [fields.qualname]: ".__qualname__",
  };
}

/** PyCodeObject (Include/cpython/code.h): with names as its attributes have them. */
export function codeNames({ minor, code, oldCode }: Layout): Fields {
  if (oldCode === null)
    return {
      24: ".co_consts",
      32: ".co_names",
      40: ".co_exceptiontable",
      [code.fileName - 16]: ".<co_localsplusnames>",
      [code.fileName - 8]: ".<co_localspluskinds>",
      [code.fileName]: ".co_filename",
      [code.name]: ".co_name",
      [code.name + 8]: ".co_qualname",
      [code.name + 16]: ".co_linetable",
    };
  return {
    [oldCode.bytecode]: ".co_code",
    [oldCode.bytecode + 8]: ".co_consts",
    [oldCode.bytecode + 16]: ".co_names",
    [oldCode.freeNames - 8]: ".co_varnames",
    [oldCode.freeNames]: ".co_freevars",
    [oldCode.cellNames]: ".co_cellvars",
    [code.fileName]: ".co_filename",
    [code.name]: ".co_name",
    [code.name + 8]: minor < 10 ? ".co_lnotab" : ".co_linetable",
  };
}

/** PyBaseExceptionObject (Include/cpython/pyerrors.h); notes since 3.11. */
export function exceptionNames({ minor }: Layout): Fields {
  const notes = minor >= 11 ? 8 : 0;
  return {
    24: ".args",
    ...(notes > 0 ? { 32: ".__notes__" } : {}),
    [32 + notes]: ".__traceback__",
    [40 + notes]: ".__context__",
    [48 + notes]: ".__cause__",
  };
}

/** What specialWords calls a field: that of a type, a module, a frame. */
export function specialField(layout: Layout, family: Family, offset: number): string {
  if (family === "type") {
    if (offset === TYPE_FIELDS.base) return ".__base__";
    if (offset === TYPE_FIELDS.bases) return ".__bases__";
    if (offset === TYPE_FIELDS.mro) return ".__mro__";
    if (offset === TYPE_FIELDS.subclasses) return ".<subclasses>";
    if (offset === layout.qualifiedName) return ".__qualname__";
    if (offset === layout.qualifiedName - 16) return ".__name__";
    return ".<slot>";
  }
  if (family === "module") return offset === MODULE.name ? ".__name__" : ".<state>";
  if (family === "frame" && offset === (frameLayout(layout) === null ? 24 : 16)) return ".f_back";
  return ".<field>";
}
