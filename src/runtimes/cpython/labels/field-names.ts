import { perStructs, type Structs } from "../structs/structs.ts";
import type { Family } from "../types/families.ts";

/** Names by offset, as they stand in a path: `.attr`, in angle brackets what is no attribute, empty for nothing. */
export type Fields = Readonly<Record<number, string>>;

/** Where C structs hold what, by their type; a name that is no attribute is in angle brackets. */
export const namesOfFields = perStructs((structs): ReadonlyMap<string, Fields> => {
  const { PyMethodObject, PyCellObject, PyTracebackObject, PyCFunctionObject, PyWeakReference } = structs;
  const { propertyobject, mappingproxyobject, _PyNamespaceObject, partialobject } = structs;
  const { lru_list_elem, defdictobject, PyMemoryViewObject, PySliceObject } = structs;
  return new Map<string, Fields>([
    ["builtins.method", { [PyMethodObject.im_func]: ".__func__", [PyMethodObject.im_self]: ".__self__" }],
    ["builtins.cell", { [PyCellObject.ob_ref]: "" }],
    [
      "builtins.slice",
      {
        [PySliceObject.start]: ".start",
        [PySliceObject.stop]: ".stop",
        [PySliceObject.step]: ".step",
      },
    ],
    [
      "builtins.property",
      {
        [propertyobject.prop_get]: ".fget",
        [propertyobject.prop_set]: ".fset",
        [propertyobject.prop_del]: ".fdel",
        [propertyobject.prop_doc]: ".__doc__",
      },
    ],
    ["builtins.staticmethod", { [structs.staticmethod.sm_callable]: ".__func__" }],
    ["builtins.classmethod", { [structs.classmethod.cm_callable]: ".__func__" }],
    [
      "builtins.traceback",
      { [PyTracebackObject.tb_next]: ".tb_next", [PyTracebackObject.tb_frame]: ".tb_frame" },
    ],
    ["builtins.mappingproxy", { [mappingproxyobject.mapping]: ".<mapping>" }],
    [
      "builtins.builtin_function_or_method",
      { [PyCFunctionObject.m_self]: ".__self__", [PyCFunctionObject.m_module]: ".__module__" },
    ],
    ["types.SimpleNamespace", { [_PyNamespaceObject.ns_dict]: "" }],
    [
      "functools.partial",
      { [partialobject.fn]: ".func", [partialobject.args]: ".args", [partialobject.kw]: ".keywords" },
    ],
    ["functools._lru_list_elem", { [lru_list_elem.key]: ".<key>", [lru_list_elem.result]: ".<result>" }],
    ["collections.defaultdict", { [defdictobject.default_factory]: ".default_factory" }],
    ["builtins.memoryview", { [PyMemoryViewObject.mbuf]: ".<mbuf>", [PyMemoryViewObject.obj]: ".obj" }],
    ["weakref.ReferenceType", { [PyWeakReference.wr_callback]: ".__callback__" }],
  ]);
});

/** Of functions. */
export const functionNames = perStructs(
  ({ PyFunctionObject: fields }): Fields => ({
    [fields.func_globals]: ".__globals__",
    [fields.func_code]: ".__code__",
    [fields.func_defaults]: ".<defaults>",
    [fields.func_kwdefaults]: ".<kwdefaults>",
    [fields.func_closure]: "",
    [fields.func_doc]: ".__doc__",
    [fields.func_name]: ".__name__",
    [fields.func_module]: ".__module__",
    [fields.func_annotations]: ".__annotations__",
    [fields.func_qualname]: ".__qualname__",
  }),
);

/** Of code: with names as its attributes have them. */
export const codeNames = perStructs(({ PyCodeObject: fields }): Fields => {
  const names: Record<number, string> = {
    [fields.co_consts]: ".co_consts",
    [fields.co_names]: ".co_names",
    [fields.co_filename]: ".co_filename",
    [fields.co_name]: ".co_name",
  };
  if ("co_linetable" in fields) names[fields.co_linetable] = ".co_linetable";
  else names[fields.co_lnotab] = ".co_lnotab";
  if ("co_qualname" in fields) {
    names[fields.co_exceptiontable] = ".co_exceptiontable";
    names[fields.co_localsplusnames] = ".<co_localsplusnames>";
    names[fields.co_localspluskinds] = ".<co_localspluskinds>";
    names[fields.co_qualname] = ".co_qualname";
  } else {
    names[fields.co_code] = ".co_code";
    names[fields.co_varnames] = ".co_varnames";
    names[fields.co_freevars] = ".co_freevars";
    names[fields.co_cellvars] = ".co_cellvars";
  }
  return names;
});

/** Of all exceptions; notes since 3.11. */
export const exceptionNames = perStructs(
  ({ PyBaseExceptionObject: fields }): Fields => ({
    [fields.args]: ".args",
    ...("notes" in fields ? { [fields.notes]: ".__notes__" } : {}),
    [fields.traceback]: ".__traceback__",
    [fields.context]: ".__context__",
    [fields.cause]: ".__cause__",
  }),
);

/** What some exceptions have besides, by the name of theirs that a class derives from. */
export const moreOfExceptions = perStructs(
  ({ PyStopIterationObject, PyOSErrorObject }): ReadonlyMap<string, Fields> =>
    new Map<string, Fields>([
      ["builtins.StopIteration", { [PyStopIterationObject.value]: ".value" }],
      [
        "builtins.OSError",
        {
          [PyOSErrorObject.myerrno]: ".errno",
          [PyOSErrorObject.strerror]: ".strerror",
          [PyOSErrorObject.filename]: ".filename",
          [PyOSErrorObject.filename2]: ".filename2",
        },
      ],
    ]),
);

/** What specialWords calls a field: that of a type, a module, a frame. */
export function specialField(structs: Structs, family: Family, offset: number): string {
  if (family === "type") {
    const { PyTypeObject, PyHeapTypeObject } = structs;
    if (offset === PyTypeObject.tp_base) return ".__base__";
    if (offset === PyTypeObject.tp_bases) return ".__bases__";
    if (offset === PyTypeObject.tp_mro) return ".__mro__";
    if (offset === PyTypeObject.tp_subclasses) return ".<subclasses>";
    if (offset === PyHeapTypeObject.ht_qualname) return ".__qualname__";
    if (offset === PyHeapTypeObject.ht_name) return ".__name__";
    return ".<slot>";
  }
  if (family === "module") return offset === structs.PyModuleObject.md_name ? ".__name__" : ".<state>";
  if (family === "frame" && offset === structs.PyFrameObject.f_back) return ".f_back";
  return ".<field>";
}
