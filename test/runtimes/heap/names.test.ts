import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { Entry } from "./dicts.ts";
import { PLACES, type PyObject } from "./heap.ts";
import type { TypesJson, WhatisJson } from "./results.ts";
import { MINORS } from "./versions.ts";
import { World } from "./world.ts";

/** The names of types by address, with `?` behind those that are inferred. */
async function typeNames(world: World): Promise<Map<string, string>> {
  const { json } = await ask<TypesJson>("types", [putCore(world.build().core)], "--all");
  return new Map(json.rows.map(({ address, type, inferred }) => [address, type + (inferred ? "?" : "")]));
}

const hex = ({ address }: PyObject) => `0x${address.toString(16)}`;

/** The module's file is not there, and its read-only data is not saved: only dicts of the core know static types. */
function forgetNames(world: World): void {
  for (const region of world.heap.memory.regions) if (region.start === PLACES.readOnly) region.savedBytes = 0;
}

describe.each(MINORS)("a type of CPython 3.%i", (minor) => {
  it("goes by the same name where its objects are read one by one", async () => {
    const world = new World(minor);
    const { types, values, containers, heap } = world;
    const thing = world.struct("thing.Opaque", {});
    const proxy = world.struct("mappingproxy", {});
    world.module("thing", [[values.str("Opaque"), types.get("thing.Opaque")]]);
    world.module("types", [[values.str("MappingProxyType"), types.get("mappingproxy")]]);
    world.module("app", [[values.str("all"), containers.list([thing, proxy])]]);
    world.addInterpreter();
    forgetNames(world);
    const path = putCore(world.build().core);
    // A class first, which tells 3.8 from 3.9.
    const importer = heap.objects.find(({ type, block }) => type?.name === "type" && block !== null);
    const asked = [importer ?? thing, thing, proxy, world.none];
    const { json } = await ask<WhatisJson>("whatis", [path, ...asked.map(hex)]);
    expect(json.rows.slice(1).map(({ object }) => object?.type)).toEqual([
      "thing.Opaque",
      "builtins.mappingproxy",
      "builtins.NoneType",
    ]);
  });

  it("says its name itself, with its module where it has one", async () => {
    const world = new World(minor);
    const { types, values, none } = world;
    const plain = world.classes.make({ module: "app", name: "Outer.Plain", slots: [] });
    world.module("app", [
      [values.str("plain"), world.classes.instance(plain, [])],
      [values.str("opaque"), world.struct("thing.Opaque", {})],
      [values.str("int"), values.int(1)],
    ]);
    world.addInterpreter();
    const names = await typeNames(world);
    expect(names.get(hex(plain))).toBe("app.Outer.Plain");
    expect(names.get(hex(types.get("thing.Opaque")))).toBe("thing.Opaque");
    expect(names.get(hex(types.get("int")))).toBe("builtins.int");
    expect(names.get(hex(none.type ?? none))).toBe("builtins.NoneType");
  });

  it("goes by the name that modules know it by, where it cannot be asked", async () => {
    const world = new World(minor);
    const { types, values, containers } = world;
    const known: [module: string, word: string, type: string, name: string][] = [
      ["types", "MappingProxyType", "mappingproxy", "builtins.mappingproxy?"],
      ["types", "FunctionType", "function", "builtins.function?"],
      [
        "weakref",
        "ReferenceType",
        minor < 10 ? "weakref" : "weakref.ReferenceType",
        "weakref.ReferenceType?",
      ],
      ["_functools", "partial", "functools.partial", "functools.partial?"],
      ["thing", "Opaque", "thing.Opaque", "thing.Opaque?"],
    ];
    const things: PyObject[] = [];
    for (const [module, word, type] of known) {
      world.module(module, [[values.str(word), types.get(type)]]);
      things.push(world.struct(type, {}));
    }
    world.module("app", [[values.str("things"), containers.list(things)]]);
    world.addInterpreter();
    forgetNames(world);
    const names = await typeNames(world);
    for (const [, , type, name] of known) expect(names.get(hex(types.get(type))), type).toBe(name);
    expect(names.get(hex(types.get("int")))).toBeUndefined();
    expect(names.get(hex(types.get("str")))).toBe("builtins.str?");
    // By None, the one object of its type.
    expect(names.get(hex(types.get("NoneType")))).toBe("builtins.NoneType?");
  });
});

it("of several names of a type the one in the best place counts", async () => {
  const world = new World(11);
  const { types, values, containers } = world;
  // For each type, the module and the word of each name, the best one first.
  const names: [type: string, first: [string, string], ...others: [string, string][]][] = [
    ["Exception", ["builtins", "Error2"], ["builtins", "EnvironmentError"], ["builtins", "IOError"]],
    ["range", ["_functools", "thing"], ["public", "thing"]],
    ["property", ["public", "prop"], ["another", "_prop"], ["another", "PropType"]],
    ["traceback", ["_private", "trace"], ["public", "trace"]],
    ["staticmethod", ["zebra", "ZebraType"], ["_collections_abc", "views"]],
    ["classmethod", ["alpha", "same"], ["beta", "same"]],
    ["generator", ["public", "_gen"], ["public", "GenType"]],
  ];
  const expected = [
    "builtins.Error2?",
    "functools.thing?",
    "public.prop?",
    "_private.trace?",
    "zebra.ZebraType?",
    "alpha.same?",
    "public._gen?",
  ];
  const modules = new Map<string, Entry[]>();
  const things: PyObject[] = [];
  for (const [type, ...places] of names) {
    // The worst first, so that the order says nothing.
    for (const [module, word] of places.reverse())
      modules.set(module, [...(modules.get(module) ?? []), [values.str(word), types.get(type)]]);
    things.push(world.struct(type, {}));
  }
  for (const [module, entries] of modules) world.module(module, entries);
  world.module("app", [[values.str("things"), containers.list(things)]]);
  world.addInterpreter([]);
  forgetNames(world);
  const found = await typeNames(world);
  expect(names.map(([type]) => found.get(hex(types.get(type))))).toEqual(expected);
});

/** Words of modules, and what the types that they name call themselves. */
const ALIASES: readonly (readonly [module: string, word: string, name: string])[] = [
  ["types", "FunctionType", "builtins.function"],
  ["types", "CodeType", "builtins.code"],
  ["types", "MappingProxyType", "builtins.mappingproxy"],
  ["types", "SimpleNamespace", "types.SimpleNamespace"],
  ["types", "CellType", "builtins.cell"],
  ["types", "GeneratorType", "builtins.generator"],
  ["types", "CoroutineType", "builtins.coroutine"],
  ["types", "AsyncGeneratorType", "builtins.async_generator"],
  ["types", "MethodType", "builtins.method"],
  ["types", "BuiltinFunctionType", "builtins.builtin_function_or_method"],
  ["types", "WrapperDescriptorType", "builtins.wrapper_descriptor"],
  ["types", "MethodWrapperType", "builtins.method-wrapper"],
  ["types", "MethodDescriptorType", "builtins.method_descriptor"],
  ["types", "ClassMethodDescriptorType", "builtins.classmethod_descriptor"],
  ["types", "ModuleType", "builtins.module"],
  ["types", "TracebackType", "builtins.traceback"],
  ["types", "FrameType", "builtins.frame"],
  ["types", "GetSetDescriptorType", "builtins.getset_descriptor"],
  ["types", "MemberDescriptorType", "builtins.member_descriptor"],
  ["types", "GenericAlias", "types.GenericAlias"],
  ["types", "UnionType", "types.UnionType"],
  ["types", "EllipsisType", "builtins.ellipsis"],
  ["types", "NoneType", "builtins.NoneType"],
  ["types", "NotImplementedType", "builtins.NotImplementedType"],
  ["types", "CapsuleType", "builtins.PyCapsule"],
  ["_weakref", "ReferenceType", "weakref.ReferenceType"],
  ["_weakref", "ProxyType", "weakref.ProxyType"],
  ["_weakref", "CallableProxyType", "weakref.CallableProxyType"],
  ["_thread", "LockType", "_thread.lock"],
  ["_collections_abc", "dict_keyiterator", "builtins.dict_keyiterator"],
  ["_collections_abc", "bytes_iterator", "builtins.bytes_iterator"],
  ["_collections_abc", "dict_items", "builtins.dict_items"],
  ["collections.abc", "dict_values", "builtins.dict_values"],
  ["_collections", "deque", "collections.deque"],
  ["_functools", "partial", "functools.partial"],
  ["_operator", "itemgetter", "operator.itemgetter"],
  ["_datetime", "date", "datetime.date"],
  ["_decimal", "Decimal", "decimal.Decimal"],
  ["public", "EnvironmentError", "public.EnvironmentError"],
  ["builtins", "Word", "builtins.Word"],
];

it.each([ALIASES.slice(0, 20), ALIASES.slice(20)])(
  "modules' words for types are known, %#",
  async (...aliases) => {
    const world = new World(11);
    const { types, values, containers } = world;
    // Which types they are does not matter: nothing but these words names them.
    const stand = types.all.filter(
      ({ name, flags }) =>
        !["type", "object", "module", "function", "code", "NoneType"].includes(name) &&
        flags % 2 ** 31 < 2 ** 24,
    );
    const modules = new Map<string, Entry[]>();
    for (const [index, [module, word]] of aliases.entries())
      modules.set(module, [...(modules.get(module) ?? []), [values.str(word), stand[index] ?? world.none]]);
    for (const [module, entries] of modules) if (module !== "builtins") world.module(module, entries);
    const things = aliases.map((_, index) => world.struct(stand[index]?.name ?? "", {}));
    world.module("app", [[values.str("things"), containers.list(things)]]);
    world.module("builtins", modules.get("builtins"));
    world.addInterpreter([]);
    forgetNames(world);
    const names = await typeNames(world);
    expect(aliases.map((_, index) => names.get(hex(stand[index] ?? world.none)))).toEqual(
      aliases.map(([, , name]) => `${name}?`),
    );
  },
);

it("a type is known by its one object, in `builtins` and `sys`", async () => {
  const world = new World(11);
  const { types, values, containers } = world;
  const only: readonly (readonly [module: string, word: string, type: string, name: string | undefined])[] = [
    ["builtins", "Ellipsis", "cell", "builtins.ellipsis?"],
    ["builtins", "NotImplemented", "range", "builtins.NotImplementedType?"],
    ["sys2", "Ellipsis", "property", undefined],
    ["sys2", "flags", "thing.Opaque", undefined],
  ];
  const objects = only.map(([, , type]) => world.struct(type, {}));
  const entries = (module: string) =>
    only.flatMap(([of, word], index): Entry[] =>
      of === module ? [[values.str(word), objects[index] ?? world.none]] : [],
    );
  world.module("sys2", entries("sys2"));
  world.module("app", [[values.str("all"), containers.list(objects)]]);
  world.module("builtins", entries("builtins"));
  world.addInterpreter([]);
  forgetNames(world);
  const names = await typeNames(world);
  for (const [, , type, name] of only)
    expect(names.get(hex(types.get(type)))).toBe(name ?? `type@${hex(types.get(type))}?`);
});

it("a type that nothing names goes by its address", async () => {
  const world = new World(11);
  world.module("app", [[world.values.str("thing"), world.struct("thing.Opaque", {})]]);
  world.addInterpreter();
  forgetNames(world);
  const at = hex(world.types.get("thing.Opaque"));
  expect((await typeNames(world)).get(at)).toBe(`type@${at}?`);
});
