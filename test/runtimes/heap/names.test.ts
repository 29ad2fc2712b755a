import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { Entry } from "./dicts.ts";
import { PLACES, type PyObject } from "./heap.ts";
import type { TypesJson } from "./results.ts";
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

it("a type that nothing names goes by its address", async () => {
  const world = new World(11);
  world.module("app", [[world.values.str("thing"), world.struct("thing.Opaque", {})]]);
  world.addInterpreter();
  forgetNames(world);
  const at = hex(world.types.get("thing.Opaque"));
  expect((await typeNames(world)).get(at)).toBe(`type@${at}?`);
});
