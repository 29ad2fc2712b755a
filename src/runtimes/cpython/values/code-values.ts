import { USER_SPACE_END } from "../../../terms/index.ts";
import { FLAG } from "../layout/layout.ts";
import { perStructs } from "../structs/structs.ts";
import { textOf } from "../types/names.ts";
import { hasFlag, type TypeObject } from "../types/type-objects.ts";
import type { Held, Reading, Value } from "./reading.ts";
import { quote } from "./text-values.ts";

type Fields = ReadonlyMap<string, number>;

/** Types that hold objects in fields alone, and those fields, by what they are called. */
const plainFields = perStructs((structs): ReadonlyMap<string, Fields> => {
  const { PyMethodObject, PyWeakReference, PyCellObject, PySliceObject, PyTracebackObject } = structs;
  const { rangeobject, mappingproxyobject, propertyobject, partialobject } = structs;
  const range = ({ start, stop, step }: Readonly<Record<"start" | "stop" | "step", number>>) =>
    fields({ start, stop, step });
  return new Map([
    ["builtins.method", fields({ __func__: PyMethodObject.im_func, __self__: PyMethodObject.im_self })],
    ["weakref.ReferenceType", fields({ "<referent>": PyWeakReference.wr_object })],
    ["builtins.weakref", fields({ "<referent>": PyWeakReference.wr_object })],
    ["builtins.cell", fields({ cell_contents: PyCellObject.ob_ref })],
    ["builtins.range", range(rangeobject)],
    ["builtins.slice", range(PySliceObject)],
    ["builtins.mappingproxy", fields({ "<mapping>": mappingproxyobject.mapping })],
    [
      "builtins.property",
      fields({ fget: propertyobject.prop_get, fset: propertyobject.prop_set, fdel: propertyobject.prop_del }),
    ],
    ["builtins.staticmethod", fields({ __func__: structs.staticmethod.sm_callable })],
    ["builtins.classmethod", fields({ __func__: structs.classmethod.cm_callable })],
    [
      "builtins.traceback",
      fields({ tb_next: PyTracebackObject.tb_next, tb_frame: PyTracebackObject.tb_frame }),
    ],
    ["types.SimpleNamespace", fields({ __dict__: structs._PyNamespaceObject.ns_dict })],
    [
      "functools.partial",
      fields({ func: partialobject.fn, args: partialobject.args, keywords: partialobject.kw }),
    ],
  ]);
});

/** ml_name of a C function is no longer. */
const MOST_NAME = 1024;
const DESCRIPTORS: ReadonlySet<string> = new Set([
  "builtins.method_descriptor",
  "builtins.classmethod_descriptor",
  "builtins.wrapper_descriptor",
  "builtins.getset_descriptor",
  "builtins.member_descriptor",
]);

const SUSPENDED: ReadonlySet<string> = new Set([
  "builtins.generator",
  "builtins.coroutine",
  "builtins.async_generator",
]);

function fields(places: Readonly<Record<string, number>>): Fields {
  return new Map(Object.entries(places));
}

/** Types, modules, functions, code, frames, exceptions, and what leads to one or two others; null for others. */
export function codeValue(reading: Reading, type: TypeObject, at: number): Value | null {
  const { memory, layout } = reading;
  if (hasFlag(type, FLAG.type)) return typeValue(reading, at);
  if (hasFlag(type, FLAG.exception)) return exceptionValue(reading, type, at);
  const { PyModuleObject, PyDescrObject, PyCFunctionObject, PyMethodDef } = layout.structs;
  for (const name of memory.namesOf(type)) {
    if (name === "builtins.function") return functionValue(reading, at);
    if (name === "builtins.code") return named(codeText(reading, at), []);
    if (SUSPENDED.has(name)) {
      const code = memory.reader.u64(at + layout.generatorCode);
      return named(codeText(reading, code - (code % 8)), []);
    }
    if (name === "builtins.frame") return frameValue(reading, at);
    if (name === "builtins.module")
      return named(
        strAt(reading, at + PyModuleObject.md_name),
        holding(reading, at, fields({ __dict__: PyModuleObject.md_dict })),
      );
    if (DESCRIPTORS.has(name))
      return named(
        strAt(reading, at + PyDescrObject.d_name),
        holding(reading, at, fields({ __objclass__: PyDescrObject.d_type })),
      );
    if (name === "builtins.builtin_function_or_method") {
      const definition = memory.reader.u64(at + PyCFunctionObject.m_ml);
      return named(
        memory.reader.text(memory.reader.u64(definition + PyMethodDef.ml_name), MOST_NAME),
        holding(reading, at, fields({ __self__: PyCFunctionObject.m_self })),
      );
    }
    const plain = plainFields(layout.structs).get(name);
    if (plain !== undefined) return plainValue(reading, at, plain);
  }
  return null;
}

function named(text: string | null, held: readonly Held[]): Value | null {
  return text === null && held.length === 0 ? null : { text, length: null, held };
}

function holding({ memory: { reader }, mostHeld }: Reading, at: number, places: Fields): Held[] {
  return [...places]
    .map(([name, offset]) => ({ label: `.${name}`, address: reader.u64(at + offset) }))
    .filter(({ address }) => address > 0 && address < USER_SPACE_END)
    .slice(0, mostHeld);
}

/** Numbers and texts among what it holds say what it is; range(0, 5, 1). */
function plainValue(reading: Reading, at: number, places: Fields): Value {
  return { text: null, length: null, held: holding(reading, at, places) };
}

function strAt({ memory, layout, mostText }: Reading, place: number): string | null {
  return textOf(memory.reader, layout, memory.types, memory.reader.u64(place), mostText);
}

function typeValue({ memory, layout, mostHeld }: Reading, at: number): Value | null {
  const type = memory.typeAt(at);
  if (type === null) return null;
  const held = [
    { label: ".__base__", address: type.base },
    { label: ".__dict__", address: type.dict },
    { label: ".__mro__", address: memory.reader.u64(at + layout.structs.PyTypeObject.tp_mro) },
  ];
  return {
    text: memory.nameOf(type).name,
    length: null,
    held: held.filter(({ address }) => address > 0).slice(0, mostHeld),
  };
}

/** Its message: what it was made of, as repr has it. */
function exceptionValue(reading: Reading, type: TypeObject, at: number): Value {
  const { memory, layout } = reading;
  const { reader } = memory;
  const { PyVarObject, PyBaseExceptionObject: places } = layout.structs;
  const held = holding(
    reading,
    at,
    fields({
      args: places.args,
      __traceback__: places.traceback,
      __context__: places.context,
      __cause__: places.cause,
    }),
  );
  const args = reader.u64(at + places.args);
  const argsType = memory.typeOf(args);
  const count = reader.u64(args + PyVarObject.ob_size);
  const name = memory.nameOf(type).name.replace(/^builtins\./, "");
  if (argsType === null || !hasFlag(argsType, FLAG.tuple)) return { text: null, length: null, held };
  const first = reader.u64(args + argsType.basicSize);
  const firstType = count > 0 ? memory.typeOf(first) : null;
  const isNested = firstType !== null && hasFlag(firstType, FLAG.exception);
  const message = firstType === null ? "" : isNested ? "…" : (readShortOf(reading, firstType, first) ?? "…");
  return { text: `${name}(${message}${count > 1 ? ", …" : ""})`, length: null, held };
}

/** A message is worth more than the 40 characters of other items. */
function readShortOf(reading: Reading, type: TypeObject, at: number): string | null {
  if (!hasFlag(type, FLAG.str)) return reading.shortOf(type, at);
  const { memory, layout, mostText } = reading;
  const text = textOf(memory.reader, layout, memory.types, at, mostText);
  if (text === null) return null;
  return memory.reader.u64(at + layout.structs.PyASCIIObject.length) > text.length
    ? `${quote(text)}…`
    : quote(text);
}

function functionValue(reading: Reading, at: number): Value | null {
  const { memory, layout } = reading;
  const { PyFunctionObject: places } = layout.structs;
  const { reader } = memory;
  const module = strAt(reading, at + places.func_module);
  const name = strAt(reading, at + places.func_qualname);
  const where = codePlace(reading, reader.u64(at + places.func_code));
  const full = name === null ? null : module === null ? name : `${module}.${name}`;
  const text = full === null ? where : where === null ? full : `${full} at ${where}`;
  const held = fields({
    __code__: places.func_code,
    __globals__: places.func_globals,
    __defaults__: places.func_defaults,
    __closure__: places.func_closure,
    __dict__: places.func_dict,
  });
  return named(text, holding(reading, at, held));
}

/** `name at file:line` of the code object at the address; null where there is none. */
function codeText(reading: Reading, code: number): string | null {
  if (reading.memory.typeNameAt(code) !== "builtins.code") return null;
  const name = strAt(reading, code + reading.layout.code.name) ?? "?";
  const where = codePlace(reading, code);
  return where === null ? name : `${name} at ${where}`;
}

/** `file:line` of the code object. */
function codePlace(reading: Reading, code: number): string | null {
  const { co_filename, co_firstlineno } = reading.layout.structs.PyCodeObject;
  const file = strAt(reading, code + co_filename);
  return file === null ? null : `${file}:${reading.memory.reader.i32(code + co_firstlineno)}`;
}

/** A frame's code is in it up to 3.10, and in the interpreter's own frame since. */
function frameValue(reading: Reading, at: number): Value | null {
  const { memory, layout } = reading;
  const data = memory.reader.u64(at + layout.frameData);
  const code = layout.frame === null ? data : memory.reader.u64(data + layout.frame.code);
  return named(codeText(reading, code - (code % 8)), []);
}
