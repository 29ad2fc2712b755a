import { USER_SPACE_END } from "../../../terms/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { textOf } from "../types/names.ts";
import { hasFlag, type TypeObject } from "../types/type-objects.ts";
import type { Held, Reading, Value } from "./reading.ts";
import { quote } from "./text-values.ts";

type Fields = ReadonlyMap<string, number>;

/** PyMethodObject, PyWeakReference, PyCellObject and others that hold objects at the same places in all versions. */
const PLAIN: ReadonlyMap<string, Fields> = new Map([
  ["builtins.method", fields({ __func__: 16, __self__: 24 })],
  ["weakref.ReferenceType", fields({ "<referent>": 16 })],
  ["builtins.weakref", fields({ "<referent>": 16 })],
  ["builtins.cell", fields({ cell_contents: 16 })],
  ["builtins.range", fields({ start: 16, stop: 24, step: 32 })],
  ["builtins.slice", fields({ start: 16, stop: 24, step: 32 })],
  ["builtins.mappingproxy", fields({ "<mapping>": 16 })],
  ["builtins.property", fields({ fget: 16, fset: 24, fdel: 32 })],
  ["builtins.staticmethod", fields({ __func__: 16 })],
  ["builtins.classmethod", fields({ __func__: 16 })],
  ["builtins.traceback", fields({ tb_next: 16, tb_frame: 24 })],
  ["types.SimpleNamespace", fields({ __dict__: 16 })],
  ["functools.partial", fields({ func: 16, args: 24, keywords: 32 })],
]);

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
  for (const name of memory.namesOf(type)) {
    if (name === "builtins.function") return functionValue(reading, at);
    if (name === "builtins.code") return named(codeText(reading, at), []);
    if (SUSPENDED.has(name)) {
      const code = memory.reader.u64(at + layout.generatorCode);
      return named(codeText(reading, code - (code % 8)), []);
    }
    if (name === "builtins.frame") return frameValue(reading, at);
    if (name === "builtins.module")
      return named(strAt(reading, at + 48), holding(reading, at, MODULE_FIELDS));
    if (DESCRIPTORS.has(name)) return named(strAt(reading, at + 24), holding(reading, at, DESCRIPTOR_FIELDS));
    if (name === "builtins.builtin_function_or_method")
      return named(
        memory.reader.text(memory.reader.u64(memory.reader.u64(at + 16)), MOST_NAME),
        holding(reading, at, BUILTIN_FIELDS),
      );
    const plain = PLAIN.get(name);
    if (plain !== undefined) return plainValue(reading, at, plain);
  }
  return null;
}

const MODULE_FIELDS = fields({ __dict__: 16 });
const DESCRIPTOR_FIELDS = fields({ __objclass__: 16 });
const BUILTIN_FIELDS = fields({ __self__: 24 });

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

function typeValue({ memory, mostHeld }: Reading, at: number): Value | null {
  const type = memory.typeAt(at);
  if (type === null) return null;
  const held = [
    { label: ".__base__", address: type.base },
    { label: ".__dict__", address: type.dict },
    { label: ".__mro__", address: memory.reader.u64(at + 344) },
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
  const notes = layout.minor >= 11 ? 8 : 0;
  const held = holding(
    reading,
    at,
    fields({
      args: 24,
      __traceback__: 32 + notes,
      __context__: 40 + notes,
      __cause__: 48 + notes,
    }),
  );
  const args = reader.u64(at + 24);
  const argsType = memory.typeOf(args);
  const count = reader.u64(args + 16);
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
  return memory.reader.u64(at + 16) > text.length ? `${quote(text)}…` : quote(text);
}

/** PyFunctionObject up to 3.9, and since. */
const FUNCTION_39 = fields({
  __code__: 16,
  __globals__: 24,
  __defaults__: 32,
  __closure__: 48,
  __dict__: 72,
});
const FUNCTION = fields({ __code__: 48, __globals__: 16, __defaults__: 56, __closure__: 72, __dict__: 88 });

function functionValue(reading: Reading, at: number): Value | null {
  const { memory, layout } = reading;
  const isOld = layout.minor < 10;
  const { reader } = memory;
  const module = strAt(reading, at + (isOld ? 88 : 104));
  const name = strAt(reading, at + (isOld ? 104 : 40));
  const where = codePlace(reading, reader.u64(at + (isOld ? 16 : 48)));
  const full = name === null ? null : module === null ? name : `${module}.${name}`;
  const text = full === null ? where : where === null ? full : `${full} at ${where}`;
  return named(text, holding(reading, at, isOld ? FUNCTION_39 : FUNCTION));
}

/** `name at file:line` of the code object at the address; null where there is none. */
function codeText(reading: Reading, code: number): string | null {
  const type = reading.memory.typeOf(code);
  if (type === null || reading.memory.nameOf(type).name !== "builtins.code") return null;
  const name = strAt(reading, code + nameOffset(reading.layout)) ?? "?";
  const where = codePlace(reading, code);
  return where === null ? name : `${name} at ${where}`;
}

/** From 3.11 on co_qualname follows co_name. */
function nameOffset(layout: Layout): number {
  return layout.code.name + (layout.minor >= 11 ? 8 : 0);
}

/** `file:line` of the code object. */
function codePlace(reading: Reading, code: number): string | null {
  const { fileName, firstLine } = reading.layout.code;
  const file = strAt(reading, code + fileName);
  return file === null ? null : `${file}:${reading.memory.reader.i32(code + firstLine)}`;
}

/** A frame's code is in it up to 3.10, and in the interpreter's own frame since. */
function frameValue(reading: Reading, at: number): Value | null {
  const { memory, layout } = reading;
  const data = memory.reader.u64(at + layout.frameData);
  const code = layout.frameCode === null ? data : memory.reader.u64(data + layout.frameCode);
  return named(codeText(reading, code - (code % 8)), []);
}
