import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { Entry } from "./dicts.ts";
import type { PyObject } from "./heap.ts";
import type { WhatisJson } from "./results.ts";
import { MINORS, type Minor } from "./versions.ts";
import { World } from "./world.ts";

/** A world whose module `app` has what a test puts there, and objects that are asked for by the path they should have. */
class PathWorld extends World {
  readonly #entries: Entry[] = [];
  readonly #wanted: [path: string, object: PyObject][] = [];

  /** Something new, with that path. */
  at(path: string): PyObject {
    return this.want(path, this.values.float(this.#wanted.length));
  }

  want<T extends PyObject>(path: string, object: T): T {
    this.#wanted.push([path, object]);
    return object;
  }

  put(name: string, object: PyObject): void {
    this.#entries.push([this.values.str(name), object]);
  }

  /** Of each wanted path, what the program says. */
  async paths(): Promise<{ expected: string[]; found: (string | null | undefined)[] }> {
    this.module("app", this.#entries);
    this.addInterpreter();
    const path = putCore(this.build().core);
    const addresses = this.#wanted.map(([, { address }]) => `0x${address.toString(16)}`);
    const { json } = await ask<WhatisJson>("whatis", [path, ...addresses]);
    return {
      expected: this.#wanted.map(([wanted]) => wanted),
      found: json.rows.map(({ object }) => object?.path),
    };
  }
}

async function expectPaths(minor: Minor, fill: (world: PathWorld) => void): Promise<void> {
  const world = new PathWorld(minor);
  fill(world);
  const { expected, found } = await world.paths();
  expect(expected.length).toBeGreaterThan(0);
  expect(found).toEqual(expected);
}

describe.each(MINORS)("in CPython 3.%i an object is named by", (minor) => {
  it("the container that holds it, and its index or key", async () => {
    await expectPaths(minor, (world) => {
      const { values, containers, dicts, none } = world;
      world.put("rows", containers.list([world.none, world.at("app.rows[1]"), none], 4));
      world.put("pair", containers.tuple([none, world.at("app.pair[1]")]));
      world.put("seen", containers.set([world.at("app.seen.<item>")]));
      // Its last slot is the fourth item's.
      world.put("full", containers.set([none, none, none, world.at("app.full.<item>")]));
      world.put("many", containers.set([none, none, world.at("app.many.<item>")], "set", 32));
      world.put("line", containers.deque([none, world.at("app.line[1]"), world.at("app.line[2]")], 10));
      world.put("queue", containers.deque([none, none, world.at("app.queue[2]")], 62));
      const odd = world.struct("thing.Opaque", {});
      world.put(
        "table",
        dicts.dict([
          [values.str("x y"), world.at("app.table['x y']")],
          [values.str("it's"), world.at(`app.table["it's"]`)],
          [values.int(0), world.at("app.table[0]")],
          [values.int(-12), world.at("app.table[-12]")],
          [values.int(2 ** 31), world.at("app.table[2147483648]")],
          [values.int(-(2 ** 31)), world.at("app.table[-2147483648]")],
          [none, world.at("app.table[None]")],
          [odd, world.at(`app.table[<thing.Opaque 0x${odd.address.toString(16)}>]`)],
          [world.at("app.table.<key>"), none],
        ]),
      );
    });
  });

  it("an attribute of what can be weakly referenced, not by a weak reference", async () => {
    await expectPaths(minor, (world) => {
      const { classes, heap, values } = world;
      const slotted = classes.make({ module: "app", name: "Pair", slots: ["left"], isWeak: true });
      const plain = classes.make({ module: "app", name: "Plain", attributes: ["name"], isWeak: true });
      const pair = classes.instance(slotted, [world.at("app.pair.left")]);
      const thing = classes.instance(plain, [], [world.at("app.thing.name")]);
      for (const [name, object] of [
        ["pair", pair],
        ["thing", thing],
      ] as const) {
        world.put(name, object);
        const weak = world.struct(minor < 10 ? "weakref" : "weakref.ReferenceType", {});
        heap.memory.u64(weak.address + 16, object.address);
        world.put(`weak_${name}`, weak);
        const hidden = world.want("<held by nothing found>", values.float(9));
        heap.hold(heap.malloc.allocate(40).start, hidden);
        // Where the list of weak references begins; what is there is held by nobody.
        const place = minor < 12 ? (object.type?.basicBytes ?? 0) - 8 : -32;
        heap.memory.u64(object.address + place, hidden.address);
      }
    });
  });

  it("the value of a dict that shares its keys, of however many", async () => {
    await expectPaths(minor, (world) => {
      const { dicts, values, none } = world;
      const keys = dicts.keys(
        ["a", "b", "c"].map((name): Entry => [values.str(name), none]),
        { isSplit: true, refs: 1 },
      );
      world.put(
        "first",
        dicts.splitDict(keys, [world.at("app.first['a']"), null, world.at("app.first['c']")]),
      );
      world.put("second", dicts.splitDict(keys, [null, world.at("app.second['b']")]));
    });
  });

  it.runIf(minor < 12)("the attribute of what has items, and its dict behind those", async () => {
    await expectPaths(minor, (world) => {
      const { classes, dicts, heap, types, values } = world;
      const { structs, memory } = heap;
      const record = classes.make({ module: "app", name: "Record", base: types.get("tuple"), slots: [] });
      const number = classes.make({ module: "app", name: "Number", base: types.get("int"), slots: [] });
      // Up to 3.11 such a struct has a word more, which lies behind the items.
      for (const { address, basicBytes } of [record, number]) {
        memory.u64(address + structs.typeDictOffset, -8);
        memory.u64(address + structs.typeBasicSize, basicBytes + 8);
      }
      const row = heap.make(record, structs.tupleItems + 8 * 3);
      memory.u64(row.address + 16, 2);
      heap.hold(row.address + structs.tupleItems, world.at("app.row[0]"));
      heap.hold(row.address + structs.tupleItems + 8, world.at("app.row[1]"));
      heap.hold(
        row.address + structs.tupleItems + 16,
        dicts.dict([[values.str("x"), world.at("app.row.x")]]),
      );
      world.put("row", row);
      // Three digits of 4 bytes, and the sign: the dict is at the next whole word.
      const odd = heap.make(number, 24 + 16 + 8);
      memory.u64(odd.address + 16, -3);
      heap.hold(odd.address + 40, dicts.dict([[values.str("y"), world.at("app.odd.y")]]));
      world.put("odd", odd);
    });
  });

  it("a module by what its dict calls it, where it has no name itself", async () => {
    await expectPaths(minor, (world) => {
      const { values, heap, dicts } = world;
      const entries: Entry[] = [
        [values.str("__doc__"), values.str("what it is")],
        [values.str("__name__"), values.str("pkg.plain")],
        [values.str("x"), world.at("pkg.plain.x")],
      ];
      const plain = world.module("other", entries);
      heap.memory.u64(plain.address + heap.structs.moduleName, 0);
      world.put("empty", dicts.dict([]));
    });
  });

  it("nothing that only looks like its address: numbers, texts and bytes hold none", async () => {
    await expectPaths(minor, (world) => {
      const { values, heap, types } = world;
      const lost = world.at("<held by nothing found>");
      heap.hold(heap.malloc.allocate(40).start, lost);
      const [float, complex] = [values.float(0), values.complex(0, 0)];
      const bytes = values.bytes(new Uint8Array(64));
      const array = world.struct("array.array", {});
      const decimal = world.struct("decimal.Decimal", {});
      for (const at of [
        float.address + 16,
        complex.address + 16,
        complex.address + 24,
        bytes.address + 24,
        bytes.address + 40,
        ...[24, 32, 40].flatMap((offset) => [array.address + offset, decimal.address + offset]),
      ])
        heap.memory.u64(at, lost.address);
      heap.memory.u64(array.address + 24, 0);
      for (const [index, object] of [float, complex, bytes, array, decimal].entries())
        world.put(`x${index}`, object);
      world.put("types", types.get("float"));
    });
  });

  it("the class whose instances' attributes are called so", async () => {
    await expectPaths(minor, (world) => {
      const { classes, heap } = world;
      const plain = classes.make({ module: "app", name: "Plain", attributes: ["mass", "name"] });
      const [header, entryBytes, key] = minor >= 11 ? [32, 16, 0] : [40, 24, 8];
      const first = (plain.keys?.address ?? 0) + header + 8;
      for (const entry of [0, 1]) {
        const name = heap.memory.readU64(first + entry * entryBytes + key);
        const object = heap.objects.find(({ address }) => address === name);
        if (object !== undefined) world.want("app.Plain.<key>", object);
      }
      world.put("Plain", plain);
    });
  });

  it("the attribute that a thread has of a thread's local data", async () => {
    await expectPaths(minor, (world) => {
      const { dicts, values, none } = world;
      const ofThread = () => dicts.dict([[values.str("x"), world.at("app.local.x")]]);
      // The dict of all threads has keys that are no str.
      const all = dicts.dict([
        [values.float(1), ofThread()],
        [values.float(2), ofThread()],
        [none, world.at("app.local.<a dict>[None]")],
      ]);
      world.put("local", world.struct("_thread._local", { 48: all }));
    });
  });

  it("the class or the module that keeps it for its C code", async () => {
    await expectPaths(minor, (world) => {
      const { classes, heap } = world;
      const { heapTypeCachedKeys } = heap.structs;
      const limits = classes.make({ module: "app", name: "Limits" });
      world.put("Limits", limits);
      // ht_module, which classes have from 3.9 on.
      if (minor >= 9) heap.hold(limits.address + heapTypeCachedKeys + 8, world.at("app.Limits.<slot>"));
      const inner = world.module("inner");
      // md_def with an m_size of 16, or md_state_size, and md_state.
      const [definition, state] = [heap.malloc.allocate(104), heap.malloc.allocate(32)];
      heap.memory.u64(definition.start + 56, 16);
      if (minor >= 15) heap.memory.u64(inner.address + heap.structs.moduleStateBytes, 16);
      else heap.memory.u64(inner.address + 24, definition.start);
      heap.memory.u64(inner.address + heap.structs.moduleState, state.start);
      heap.hold(state.start, world.at("inner.<state>"));
      heap.hold(state.start + 8, world.at("inner.<state>"));
      heap.hold(state.start + 16, world.at("inner.<native memory>"));
    });
  });

  it("the attribute of an instance: a slot, a value, an item of its dict", async () => {
    await expectPaths(minor, (world) => {
      const { classes, values, dicts, none } = world;
      const slotted = classes.make({ module: "app", name: "Pair", slots: ["left", "right"] });
      world.put("pair", classes.instance(slotted, [none, world.at("app.pair.right")]));
      const plain = classes.make({ module: "app", name: "Plain", attributes: ["name", "mass"] });
      world.put(
        "plain",
        classes.instance(plain, [], [world.at("app.plain.name"), world.at("app.plain.mass")]),
      );
      if (minor < 11) return;
      const open = classes.instance(plain, [], []);
      const attributes: Entry[] = [
        [values.str("extra"), world.at("app.open.extra")],
        [values.str("a b"), world.at("app.open['a b']")],
      ];
      classes.materialize(open, dicts.dict(attributes));
      world.put("open", open);
    });
  });

  it("the class that has it, and what the class is made of", async () => {
    await expectPaths(minor, (world) => {
      const { classes, values, heap, none } = world;
      const base = classes.make({ module: "app", name: "Base" });
      const limit: Entry = [values.str("limit"), world.at("app.Outer.Limits.limit")];
      const limits = classes.make({ module: "app", name: "Outer.Limits", base, namespace: [limit] });
      world.put("Base", world.want("app.Base", base));
      world.put("alias", world.want("app.Outer.Limits", limits));
      const field = (offset: number, path: string) => heap.hold(limits.address + offset, world.at(path));
      field(heap.structs.typeMro, "app.Outer.Limits.__mro__");
      field(heap.structs.typeMro + 16, "app.Outer.Limits.<subclasses>");
      field(heap.structs.heapTypeName + 8, "app.Outer.Limits.<slot>");
      world.want("app.Outer.Limits.__bases__", limits.bases);
      world.want("app.Outer.Limits.__name__", limits.qualname);
      expect(none.type?.name).toBe("NoneType");
    });
  });

  it("the function, its defaults, its closure, its code", async () => {
    await expectPaths(minor, (world) => {
      const { code, containers, dicts, values, heap } = world;
      const body = code.code({
        ...{ name: "serve", file: "/srv/app.py", line: 40, locals: ["x"], free: ["seen", "lost"] },
        consts: [world.none, world.at("app.App.serve.__code__.co_consts[1]")],
      });
      const seen = world.at("app.App.serve.<closure seen>");
      const lost = world.at("app.App.serve.<closure lost>");
      const closure = containers.tuple([code.cell(seen), code.cell(lost)]);
      const serve = code.function({
        ...{ code: body, module: "app", name: "serve", qualname: "App.serve", closure },
        globals: dicts.dict([]),
        defaults: containers.tuple([world.at("app.App.serve.<defaults>[0]")]),
        kwdefaults: dicts.dict([[values.str("k"), world.at("app.App.serve.<kwdefaults>['k']")]]),
        dict: dicts.dict([[values.str("route"), world.at("app.App.serve.route")]]),
      });
      const { functionDoc, functionAnnotations } = heap.structs;
      heap.hold(serve.address + functionDoc, world.at("app.App.serve.__doc__"));
      heap.hold(serve.address + functionAnnotations, world.at("app.App.serve.__annotations__"));
      world.put("handler", world.want("app.App.serve", serve));
      const self = world.at("app.bound.__self__");
      world.put("bound", code.method(serve, self));
    });
  });

  it("the field of a C struct, or what it is in one that is not known", async () => {
    await expectPaths(minor, (world) => {
      const { structs } = world.heap;
      world.put("thing", world.struct("thing.Opaque", { 24: world.at("app.thing.<a float>") }));
      const first = world.at("app.pair.<a float at 0x18>");
      world.put(
        "pair",
        world.struct("thing.Opaque", { 24: first, 32: world.at("app.pair.<a float at 0x20>") }),
      );
      world.put("cell", world.code.cell(world.at("app.cell")));
      world.put("namespace", world.struct("types.SimpleNamespace", { 16: world.at("app.namespace") }));
      world.put(
        "prop",
        world.struct("property", {
          16: world.at("app.prop.fget"),
          24: world.at("app.prop.fset"),
          32: world.at("app.prop.fdel"),
          40: world.at("app.prop.__doc__"),
        }),
      );
      const named = world.dicts.dict([[world.values.str("x"), world.at("app.record.x")]]);
      world.put("record", world.struct("types.SimpleNamespace", { 16: named }));
      for (const name of ["staticmethod", "classmethod"])
        world.put(name, world.struct(name, { 16: world.at(`app.${name}.__func__`) }));
      world.put(
        "traced",
        world.struct("traceback", {
          16: world.at("app.traced.tb_next"),
          24: world.at("app.traced.tb_frame"),
        }),
      );
      world.put("proxy", world.struct("mappingproxy", { 16: world.at("app.proxy.<mapping>") }));
      world.put(
        "part",
        world.struct("functools.partial", {
          16: world.at("app.part.func"),
          24: world.at("app.part.args"),
          32: world.at("app.part.keywords"),
        }),
      );
      world.put(
        "c",
        world.struct("builtin_function_or_method", {
          24: world.at("app.c.__self__"),
          32: world.at("app.c.__module__"),
        }),
      );
      world.put(
        "error",
        world.struct("Exception", {
          24: world.at("app.error.args"),
          ...(minor >= 11 ? { 32: world.at("app.error.__notes__") } : {}),
          [structs.exceptionTraceback]: world.at("app.error.__traceback__"),
          [structs.exceptionContext]: world.at("app.error.__context__"),
          [structs.exceptionCause]: world.at("app.error.__cause__"),
        }),
      );
      const failed = world.dicts.dict([[world.values.str("code"), world.at("app.failed.code")]]);
      world.put("failed", world.struct("Exception", { 16: failed }));
      const factory = world.dicts.dict([], {}, world.types.get("collections.defaultdict"));
      world.heap.hold(factory.address + 48, world.at("app.factory.default_factory"));
      world.put("factory", factory);
    });
  });

  it("the module that has it in its name, or in what its C code keeps", async () => {
    await expectPaths(minor, (world) => {
      const { heap, values } = world;
      const { moduleName, moduleState, moduleStateBytes } = heap.structs;
      const module = world.module("other");
      const name = heap.objects.find(
        ({ address }) => address === heap.memory.readU64(module.address + moduleName),
      );
      if (name !== undefined) world.want("other.__name__", name);
      // PyModuleDef.m_size says how many bytes of state there are, from 3.15 on the module.
      const definition = heap.malloc.allocate(104).start;
      heap.memory.u64(definition + 56, 24);
      if (minor >= 15) heap.memory.u64(module.address + moduleStateBytes, 24);
      else heap.memory.u64(module.address + 24, definition);
      const state = heap.malloc.allocate(64).start;
      heap.memory.u64(module.address + moduleState, state);
      heap.hold(state + 16, world.at("other.<state>"));
      // Behind the state that the module says it has, but in the block.
      heap.hold(state + 24, world.at("other.<native memory>"));
      world.put("x", values.float(9));
    });
  });

  it("the cache that keeps it, and not by weak references or links to neighbours", async () => {
    await expectPaths(minor, (world) => {
      const { dicts, values } = world;
      const [outside, seen] = [
        world.at("<held by nothing found>"),
        world.at("app.fetch.<cache>['k'].<result>"),
      ];
      const key = world.at("app.fetch.<cache>['k'].<key>");
      const link = world.struct("functools._lru_list_elem", { 16: outside, 40: key, 48: seen });
      const cache = dicts.dict([[values.str("k"), link]]);
      world.put("fetch", world.struct("functools._lru_cache_wrapper", { 40: cache }));
      const weak = minor < 10 ? "weakref" : "weakref.ReferenceType";
      const [referent, next] = [values.float(1), values.float(2)];
      const callback = minor < 10 ? "app.reference.<a float>" : "app.reference.__callback__";
      world.put("reference", world.struct(weak, { 16: referent, 24: world.at(callback), 48: next }));
      world.want("<held by nothing found>", referent);
      world.want("<held by nothing found>", next);
    });
  });
});
