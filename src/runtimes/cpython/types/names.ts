import type { MemoryReader } from "../../../blocks/index.ts";
import { dictEntries } from "../layout/dict-entries.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { readStr } from "../layout/text.ts";
import { hasFlag, type TypeObject, type TypeObjects } from "./type-objects.ts";

/** A type's name: `builtins.tuple`, `downstream.profiler.Profiler`. Untrusted. */
export interface TypeName {
  readonly name: string;
  /** `self` where the type or its module's file says it; `dict` where only a dict does; `none` for `type@0x…`. */
  readonly from: "self" | "dict" | "none";
}

const MOST_NAME = 1024;
/** What else stands in saved memory where a name should be is not one; of a module's file it is known to be. */
const PLAIN = /^[\p{L}_][\p{L}\p{N}_.<>\-[\]]*$/u;

/** Names all types, by address. A static type's name is in its module's file: the reader's image should have those. */
export function nameTypes(reader: MemoryReader, layout: Layout, types: TypeObjects): Map<number, TypeName> {
  const names = new Map<number, TypeName>();
  const nameless: TypeObject[] = [];
  for (const type of types.all.values()) {
    const name = hasFlag(type, FLAG.heapType)
      ? heapTypeName(reader, layout, types, type)
      : staticTypeName(reader, type);
    if (name === null) nameless.push(type);
    else names.set(type.address, { name, from: "self" });
  }
  if (nameless.length > 0) {
    const wanted = new Set(nameless.map(({ address }) => address));
    for (const [address, name] of namesInModules(reader, layout, types, wanted))
      names.set(address, { name, from: "dict" });
  }
  for (const { address } of nameless)
    if (!names.has(address)) names.set(address, { name: `type@0x${address.toString(16)}`, from: "none" });
  return names;
}

/** `__module__` of its dict and ht_qualname (Objects/typeobject.c, type_module and type_qualname). */
export function heapTypeName(
  reader: MemoryReader,
  layout: Layout,
  types: TypeObjects,
  type: TypeObject,
): string | null {
  const qualified = textOf(
    reader,
    layout,
    types,
    reader.u64(type.address + layout.structs.PyHeapTypeObject.ht_qualname),
  );
  if (qualified === null) return null;
  for (const { key, value } of dictEntries(reader, layout, type.dict)) {
    if (textOf(reader, layout, types, key, 16) !== "__module__") continue;
    const module = textOf(reader, layout, types, value);
    return module === null ? qualified : `${module}.${qualified}`;
  }
  return qualified;
}

/** tp_name: `module.name`, or the name alone for what is in `builtins`. */
export function staticTypeName(reader: MemoryReader, type: TypeObject): string | null {
  const name = reader.text(type.name, MOST_NAME);
  if (name === null || name === "") return null;
  if (!PLAIN.test(name) && reader.originAt(type.name)?.kind !== "file") return null;
  return name.includes(".") ? name : `builtins.${name}`;
}

/** The text of a str or of an instance of a class that derives from it; null where it is neither. */
export function textOf(
  reader: MemoryReader,
  layout: Layout,
  types: TypeObjects,
  at: number,
  most = MOST_NAME,
): string | null {
  const type = types.all.get(reader.u64(at + types.structs.PyObject.ob_type));
  return type !== undefined && hasFlag(type, FLAG.str) ? readStr(reader, layout, at, most) : null;
}

/** What the `types` module calls a type, and what the type calls itself. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["FunctionType", "builtins.function"],
  ["CodeType", "builtins.code"],
  ["MappingProxyType", "builtins.mappingproxy"],
  ["SimpleNamespace", "types.SimpleNamespace"],
  ["CellType", "builtins.cell"],
  ["GeneratorType", "builtins.generator"],
  ["CoroutineType", "builtins.coroutine"],
  ["AsyncGeneratorType", "builtins.async_generator"],
  ["MethodType", "builtins.method"],
  ["BuiltinFunctionType", "builtins.builtin_function_or_method"],
  ["WrapperDescriptorType", "builtins.wrapper_descriptor"],
  ["MethodWrapperType", "builtins.method-wrapper"],
  ["MethodDescriptorType", "builtins.method_descriptor"],
  ["ClassMethodDescriptorType", "builtins.classmethod_descriptor"],
  ["ModuleType", "builtins.module"],
  ["TracebackType", "builtins.traceback"],
  ["FrameType", "builtins.frame"],
  ["GetSetDescriptorType", "builtins.getset_descriptor"],
  ["MemberDescriptorType", "builtins.member_descriptor"],
  ["GenericAlias", "types.GenericAlias"],
  ["UnionType", "types.UnionType"],
  ["EllipsisType", "builtins.ellipsis"],
  ["NoneType", "builtins.NoneType"],
  ["NotImplementedType", "builtins.NotImplementedType"],
  ["CapsuleType", "builtins.PyCapsule"],
]);

/** What other modules call types of `builtins`, or types that say another module's name. */
const OTHER_ALIASES: ReadonlyMap<string, string> = new Map([
  ["_weakref.ReferenceType", "weakref.ReferenceType"],
  ["_weakref.ProxyType", "weakref.ProxyType"],
  ["_weakref.CallableProxyType", "weakref.CallableProxyType"],
  ["_thread.LockType", "_thread.lock"],
  ["_collections_abc.dict_keyiterator", "builtins.dict_keyiterator"],
  ["_collections_abc.bytes_iterator", "builtins.bytes_iterator"],
]);

/** Words that are second names of exceptions (Objects/exceptions.c). */
const SECOND_NAMES: ReadonlySet<string> = new Set(["EnvironmentError", "IOError"]);

/** C modules whose types say the name of the Python module in front of them. */
const FRONTS: ReadonlyMap<string, string> = new Map([
  ["_collections", "collections"],
  ["_functools", "functools"],
  ["_operator", "operator"],
  ["_datetime", "datetime"],
  ["_decimal", "decimal"],
]);

const MOST_MODULES = 100_000;

/** The names under which modules know the wanted types; of several the one in the best place. */
function namesInModules(
  reader: MemoryReader,
  layout: Layout,
  types: TypeObjects,
  wanted: ReadonlySet<number>,
): Map<number, string> {
  const modules = findModules(reader, layout, types);
  return modules === null ? new Map() : namesInDict(reader, layout, types, modules, wanted);
}

/** The same of the modules in a dict: `sys.modules`. */
export function namesInDict(
  reader: MemoryReader,
  layout: Layout,
  types: TypeObjects,
  modules: number,
  wanted: ReadonlySet<number>,
): Map<number, string> {
  const { PyObject, PyModuleObject } = layout.structs;
  const { md_dict } = PyModuleObject;
  const best = new Map<number, { rank: number; name: string }>();
  for (const { key, value: module } of dictEntries(reader, layout, modules, MOST_MODULES)) {
    const moduleName = textOf(reader, layout, types, key);
    if (moduleName === null) continue;
    for (const { key: word, value } of dictEntries(reader, layout, reader.u64(module + md_dict))) {
      // A type itself, or the one object of a type that has no other.
      const type = wanted.has(value) ? value : reader.u64(value + PyObject.ob_type);
      if (!wanted.has(type)) continue;
      const text = textOf(reader, layout, types, word);
      if (text === null) continue;
      const candidate = type === value ? rankName(moduleName, text) : nameOfOnly(moduleName, text);
      if (candidate === null) continue;
      const known = best.get(type);
      if (
        known === undefined ||
        candidate.rank < known.rank ||
        (candidate.rank === known.rank && candidate.name < known.name)
      )
        best.set(type, candidate);
    }
  }
  return new Map([...best].map(([address, { name }]) => [address, name]));
}

/** Singletons of `builtins`, and what their types are called. */
const SINGLETONS: ReadonlyMap<string, string> = new Map([
  ["None", "builtins.NoneType"],
  ["Ellipsis", "builtins.ellipsis"],
  ["NotImplemented", "builtins.NotImplementedType"],
]);
/** Attributes of `sys` that are each the one object of a type of its own, called like it (Python/sysmodule.c). */
const SYS_RECORD = /^(flags|version_info|thread_info|float_info|int_info|hash_info)$/;

/** The name of a type by its one object, as a module has it; null where that says nothing. */
function nameOfOnly(module: string, word: string): { rank: number; name: string } | null {
  const singleton = module === "builtins" ? SINGLETONS.get(word) : undefined;
  if (singleton !== undefined) return { rank: 0, name: singleton };
  return module === "sys" && SYS_RECORD.test(word) ? { rank: 5, name: `sys.${word}` } : null;
}

function rankName(module: string, word: string): { rank: number; name: string } {
  if (SECOND_NAMES.has(word)) return { rank: 9, name: `${module}.${word}` };
  if (module === "builtins") return { rank: 0, name: `builtins.${word}` };
  const alias = module === "types" ? ALIASES.get(word) : OTHER_ALIASES.get(`${module}.${word}`);
  if (alias !== undefined) return { rank: 1, name: alias };
  const front = FRONTS.get(module);
  if (front !== undefined) return { rank: 2, name: `${front}.${word}` };
  // What it takes the views and iterators of built-in types from (Lib/_collections_abc.py) has no other name.
  if (module === "_collections_abc" || module === "collections.abc")
    return { rank: 8, name: `builtins.${word}` };
  const rank = word.endsWith("Type") ? 7 : word.startsWith("_") ? 6 : module.startsWith("_") ? 3 : 4;
  return { rank, name: `${module}.${word}` };
}

const MOST_STARTS = 2000;
/** func_globals, and what else may lead to a dict, lie before that. */
const FUNCTION_BYTES = 80;

/**
 * The dict `sys.modules`: from any function in a class of the interpreter's import system, whose globals hold `sys`.
 * Null where no way leads there.
 */
export function findModules(reader: MemoryReader, layout: Layout, types: TypeObjects): number | null {
  let starts = 0;
  const seen = new Set<number>();
  for (const type of types.all.values()) {
    if (!hasFlag(type, FLAG.heapType)) continue;
    starts += 1;
    if (starts > MOST_STARTS) return null;
    for (const { value } of dictEntries(reader, layout, type.dict, 256)) {
      for (let at = value + layout.structs.PyObject.sizeof; at < value + FUNCTION_BYTES; at += 8) {
        const globals = reader.u64(at);
        if (seen.has(globals) || !isDict(reader, types, globals)) continue;
        seen.add(globals);
        const modules = modulesFrom(reader, layout, types, globals);
        if (modules !== null) return modules;
      }
    }
  }
  return null;
}

/** `sys.modules` by a dict that has `sys` in it: a module's globals, or itself; null where it has not. */
export function modulesFrom(
  reader: MemoryReader,
  layout: Layout,
  types: TypeObjects,
  globals: number,
): number | null {
  const sys = valueUnder(reader, layout, types, globals, "sys");
  if (sys === null) return null;
  const dict = reader.u64(sys + layout.structs.PyModuleObject.md_dict);
  if (!isDict(reader, types, dict)) return null;
  const modules = valueUnder(reader, layout, types, dict, "modules");
  return modules !== null && isDict(reader, types, modules) ? modules : null;
}

function valueUnder(
  reader: MemoryReader,
  layout: Layout,
  types: TypeObjects,
  dict: number,
  word: string,
): number | null {
  for (const { key, value } of dictEntries(reader, layout, dict, 4096))
    if (textOf(reader, layout, types, key, word.length + 1) === word) return value;
  return null;
}

function isDict(reader: MemoryReader, types: TypeObjects, at: number): boolean {
  const type = types.all.get(reader.u64(at + types.structs.PyObject.ob_type));
  return (
    type !== undefined && hasFlag(type, FLAG.dict) && reader.u64(at + types.structs.PyDictObject.ma_keys) > 0
  );
}
