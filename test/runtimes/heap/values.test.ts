import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { PyObject } from "./heap.ts";
import type { WhatisJson } from "./results.ts";
import { MINORS } from "./versions.ts";
import { World } from "./world.ts";

/** The value, the length and the items of each object: `name=value`, or its type in angle brackets. */
async function tell(world: World, objects: readonly PyObject[]): Promise<string[]> {
  const path = putCore(world.build().core);
  const addresses = objects.map(({ address }) => `0x${address.toString(16)}`);
  const { json } = await ask<WhatisJson>("whatis", [path, ...addresses]);
  return json.rows.map(({ object }) => {
    const items = object?.items.map(({ name, type, value }) => `${name}=${value ?? `<${type}>`}`) ?? [];
    return [object?.value, object?.length, ...items].filter((part) => part !== null).join(" ");
  });
}

/** The same str, whose state says that it is in the table of interned ones: the lowest bit. */
function interned({ heap: { memory } }: World, text: PyObject): PyObject {
  memory.u32(text.address + 32, memory.readU8(text.address + 32) + 1);
  return text;
}

describe.each(MINORS)("CPython 3.%i's object is told as", (minor) => {
  it("its number, as repr has it", async () => {
    const world = new World(minor);
    const { values, none } = world;
    const cases: [PyObject, string][] = [
      ...[0, 1, -1, 2 ** 30 - 1, 2 ** 30, -(2 ** 31)].map((n): [PyObject, string] => [
        values.int(n),
        String(n),
      ]),
      [values.int(10n ** 30n), `1${"0".repeat(30)}`],
      [values.int(10n ** 250n), `1${"0".repeat(199)}… (251 digits)`],
      [values.int(-(10n ** 250n)), `-1${"0".repeat(198)}… (252 digits)`],
      // 400 digits of 30 bits, and one more.
      [values.int(2n ** 12_000n - 1n), `${String(2n ** 12_000n - 1n).slice(0, 200)}… (3613 digits)`],
      [values.int(2n ** 12_000n), "(an int of 12030 bits)"],
      [values.int(-(2n ** 12_000n)), "-(an int of 12030 bits)"],
      [values.float(1.5), "1.5"],
      [values.float(-1e22), "-1e+22"],
      [values.complex(1, -2), "(1-2j)"],
      [values.complex(1, 2), "(1+2j)"],
      [values.complex(-0.5, 0), "(-0.5+0j)"],
      [values.complex(0, 1.5), "1.5j"],
      [values.complex(0, -1.5), "-1.5j"],
      [values.complex(-0, 1), "(-0+1j)"],
      [none, "None"],
      [world.struct("ellipsis", {}), "Ellipsis"],
      [world.struct("NotImplementedType", {}), "NotImplemented"],
      ...[0, 1].map((n): [PyObject, string] => {
        const object = values.int(n);
        world.heap.setType(object, world.types.get("bool"));
        return [object, n === 0 ? "False" : "True"];
      }),
    ];
    world.addInterpreter();
    expect(
      await tell(
        world,
        cases.map(([object]) => object),
      ),
    ).toEqual(cases.map(([, text]) => text));
  });

  it("its text, quoted, with its length", async () => {
    const world = new World(minor);
    const { values } = world;
    const cases: [PyObject, string][] = [
      [values.str(""), "'' 0"],
      [values.str("it's"), `"it's" 4`],
      [values.str(`both ' and "`), `'both \\' and "' 12`],
      [values.str("a\tb\n\\\u0001"), "'a\\tb\\n\\\\\\x01' 6"],
      [values.str("na\u00efve \u0085"), "'na\u00efve \\x85' 7"],
      [values.str("\u4f60\u2028"), "'\u4f60\\u2028' 2"],
      [values.str("\u{1f40d}\u{e0001}"), "'\u{1f40d}\\U000e0001' 2"],
      [values.str("x".repeat(201)), `'${"x".repeat(200)}'… 201`],
      [values.looseStr("loose"), "'loose' 5"],
      [interned(world, values.looseStr("known")), "'known' 5"],
      [values.bytes(Uint8Array.of(9, 0x41, 0x7f, 0xff)), "b'\\tA\\x7f\\xff' 4"],
      [values.bytearray(Uint8Array.of(0x27)), `bytearray(b"'") 1`],
    ];
    world.addInterpreter();
    expect(
      await tell(
        world,
        cases.map(([object]) => object),
      ),
    ).toEqual(cases.map(([, text]) => text));
  });

  it("its length and its first items", async () => {
    const world = new World(minor);
    const { values, containers, dicts, code } = world;
    const [one, two] = [values.int(1), values.str("two")];
    const inner = containers.list([one, two, one, one]);
    const many = Array.from({ length: 25 }, () => one);
    const cases: [PyObject, string][] = [
      [containers.tuple([one, two]), "2 [0]=1 [1]='two'"],
      [containers.list([inner], 4), "1 [0]=4 items: 1, 'two', 1, …"],
      [
        containers.list(many),
        `25 ${many
          .slice(0, 20)
          .map((_, index) => `[${index}]=1`)
          .join(" ")}`,
      ],
      [containers.set(many, "set", 64), `25 ${Array(20).fill("{}=1").join(" ")}`],
      [containers.deque(many), `25 ${Array.from({ length: 20 }, (_, index) => `[${index}]=1`).join(" ")}`],
      [dicts.dict(many.map((item) => [item, item] as const)), `25 ${Array(20).fill("[1]=1").join(" ")}`],
      [containers.set([one, two]), "2 {}=1 {}='two'"],
      [containers.set([two], "set", 16), "1 {}='two'"],
      [containers.deque([one, two, one], 62), "3 [0]=1 [1]='two' [2]=1"],
      [
        dicts.dict([
          [two, one],
          [one, inner],
        ]),
        "2 ['two']=1 [1]=4 items: 1, 'two', 1, …",
      ],
      [
        dicts.splitDict(
          dicts.keys(
            [
              [two, one],
              [one, one],
            ],
            { isSplit: true },
          ),
          [null, two],
        ),
        "1 [1]='two'",
      ],
      [code.cell(two), ".cell_contents='two'"],
    ];
    world.addInterpreter();
    expect(
      await tell(
        world,
        cases.map(([object]) => object),
      ),
    ).toEqual(cases.map(([, text]) => text));
  });

  it("the names of what has code, and where that stands", async () => {
    const world = new World(minor);
    const { code, dicts, values, frames, classes, containers } = world;
    const body = code.code({
      ...{ name: "serve", qualname: "App.serve", file: "/srv/app.py", line: 40, locals: ["x"] },
    });
    const place = minor >= 11 ? "App.serve at /srv/app.py:40" : "serve at /srv/app.py:40";
    const globals = dicts.dict([]);
    const serve = code.function({ code: body, module: "app", name: "serve", qualname: "App.serve", globals });
    const generator = frames.generator({ code: body, locals: [null], name: values.str("serve") });
    const frame = frames.object({ code: body, locals: [null] });
    const limits = classes.make({ module: "app", name: "Limits" });
    const error = (...args: PyObject[]) => world.struct("Exception", { 24: containers.tuple(args) });
    const module = world.module("app");
    world.addInterpreter();
    const told = await tell(world, [
      ...[body, serve, generator, frame, limits, module],
      ...[error(), error(values.str("no")), error(values.int(5), values.int(6)), error(error())],
    ]);
    const [ofBody, ofServe, ofGenerator, ofFrame, ofLimits, ofModule, ...errors] = told;
    expect(ofBody).toBe(place);
    expect(ofServe?.split(" .")[0]).toBe("app.App.serve at /srv/app.py:40");
    expect(ofServe).toContain(`.__code__=${place}`);
    expect(ofGenerator).toBe(place);
    expect(ofFrame).toBe(place);
    expect(ofLimits).toBe("app.Limits .__base__=builtins.object .__dict__=1 item: '__module__': 'app'");
    expect(ofModule).toBe("'app' .__dict__=0 items".replace("'app'", "app"));
    expect(errors.map((text) => text.split(" .")[0])).toEqual([
      "Exception()",
      "Exception('no')",
      "Exception(5, …)",
      "Exception(…)",
    ]);
  });

  it("what its struct's fields hold, by their names", async () => {
    const world = new World(minor);
    const { values, dicts, code } = world;
    const [one, two, three] = [values.int(1), values.int(2), values.int(3)];
    const weak = minor < 10 ? "weakref" : "weakref.ReferenceType";
    const namespace = dicts.dict([[values.str("x"), one]]);
    const cases: [PyObject, string][] = [
      [world.struct("range", { 16: one, 24: two, 32: three }), ".start=1 .stop=2 .step=3"],
      [world.struct("range", { 16: one, 32: three }), ".start=1 .step=3"],
      [world.struct("property", { 16: one, 24: two, 32: three }), ".fget=1 .fset=2 .fdel=3"],
      [world.struct("staticmethod", { 16: one }), ".__func__=1"],
      [world.struct("classmethod", { 16: two }), ".__func__=2"],
      [code.method(one, two), ".__func__=1 .__self__=2"],
      [world.struct("mappingproxy", { 16: namespace }), ".<mapping>=1 item: 'x': 1"],
      [world.struct("traceback", { 16: one, 24: two }), ".tb_next=1 .tb_frame=2"],
      [world.struct("types.SimpleNamespace", { 16: namespace }), ".__dict__=1 item: 'x': 1 .x=1"],
      [world.struct("functools.partial", { 16: one, 24: two, 32: three }), ".func=1 .args=2 .keywords=3"],
      [world.struct(weak, { 16: one }), ".<referent>=1"],
      [code.cell(null), ""],
    ];
    world.addInterpreter();
    expect(
      await tell(
        world,
        cases.map(([object]) => object),
      ),
    ).toEqual(cases.map(([, text]) => text));
  });

  it("the attributes of an instance", async () => {
    const world = new World(minor);
    const { classes, values, dicts } = world;
    const [one, two] = [values.int(1), values.str("two")];
    const slotted = classes.make({ module: "app", name: "Pair", slots: ["left", "right"] });
    const plain = classes.make({ module: "app", name: "Plain", attributes: ["name", "mass"] });
    const instance = classes.instance(plain, [], [two, one]);
    const open = classes.instance(plain, [], [null, two]);
    if (minor >= 11) classes.materialize(open, dicts.dict([[values.str("extra"), one]]));
    world.addInterpreter();
    const told = await tell(world, [classes.instance(slotted, [one, null]), instance, open]);
    expect(told).toEqual([".left=1", ".name='two' .mass=1", minor >= 11 ? ".extra=1" : ".mass='two'"]);
  });
});
