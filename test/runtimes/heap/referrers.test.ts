import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { Entry } from "./dicts.ts";
import { PLACES, type PyObject } from "./heap.ts";
import type { OwnersJson, WhatisJson } from "./results.ts";
import { MINORS, type Minor } from "./versions.ts";
import { World } from "./world.ts";

const DATA_STACK = 0x7f40_0000_0000;
const hex = ({ address }: PyObject) => `0x${address.toString(16)}`;

/** A list that is held in all ways: by items, keys, attributes, a variable of a frame, a closure. */
function held(minor: Minor) {
  const world = new World(minor);
  const { values, containers, dicts, classes, code, heap, frames } = world;
  const str = (text: string) => values.str(text);
  const thing = containers.list([values.float(1)]);
  const often = containers.list(Array.from({ length: 20 }, () => thing));
  const once = containers.tuple([values.float(2), thing]);
  const cls = classes.make({ module: "app", name: "Owner", attributes: ["first", "second"] });
  const slotted = classes.make({ module: "app", name: "Slotted", slots: ["left", "right"] });
  const owner = classes.instance(cls, [], [thing, values.float(3)]);
  const pair = classes.instance(slotted, [thing, thing]);
  const table = dicts.dict([
    [str("a"), thing],
    [str("b"), thing],
    [str("c"), values.float(4)],
  ]);
  const body = code.code({ name: "inner", file: "/srv/app.py", line: 3, free: ["kept"] });
  const inner = code.function({
    ...{ code: body, module: "app", name: "inner", globals: dicts.dict([]) },
    closure: containers.tuple([code.cell(thing)]),
  });
  const many = Array.from({ length: 300 }, (_, n): Entry => {
    const holder = classes.instance(slotted, [thing, values.float(n)]);
    return [values.int(n + 1), holder];
  });
  world.module("app", [
    [str("often"), often],
    [str("once"), once],
    [str("owner"), owner],
    [str("pair"), pair],
    [str("table"), table],
    [str("inner"), inner],
    [str("many"), dicts.dict(many, { log2: 10 })],
    [str("thing"), thing],
  ]);
  const main = code.code({ name: "main", file: "/srv/app.py", line: 40, locals: ["local"] });
  world.module("code", [[str("all"), containers.list([main, body])]]);
  const frame = { code: main, locals: [thing] };
  if (minor >= 11) frames.thread(4711, DATA_STACK, [frame]);
  else {
    const top = frames.object(frame);
    top.references += 1;
    heap.memory.u64(PLACES.stack + 0x1010, top.address);
  }
  world.addInterpreter();
  return { world, thing, often, owner, pair, first: many[0]?.[1] };
}

describe.each(MINORS)("in CPython 3.%i what refers to an object", (minor) => {
  it("is told with its path, as many as the object counts, folded where it is alike", async () => {
    const { world, thing, often, owner, pair, first } = held(minor);
    if (first === undefined || first === null) throw new Error("no first");
    const core = putCore(world.build().core);
    const { json } = await ask<WhatisJson>("whatis", [core, hex(thing)]);
    const object = json.rows[0]?.object;
    const frame =
      minor >= 11 ? "<thread 4711 main app.py:40>.local" : "<thread 4711 main app.py:40>.f_locals['local']";
    expect(object?.referrers?.map(({ path, count }) => `${path} ${count}`)).toEqual([
      "app.many[*].left 300",
      "app.often[*] 20",
      "app.table[*] 2",
      `${frame} 1`,
      "app.inner.<closure kept> 1",
      "app.once[1] 1",
      "app.owner.first 1",
      "app.pair.left 1",
      "app.pair.right 1",
      "app.thing 1",
    ]);
    expect(object?.referrerCount).toBe(329);
    expect(object?.references).toBe(329);
    const byPath = new Map(object?.referrers?.map((row) => [row.path, row]));
    const from = (path: string) => [byPath.get(path)?.type, byPath.get(path)?.address];
    expect(from("app.often[*]")).toEqual(["builtins.list", hex(often)]);
    expect(from("app.owner.first")).toEqual(["app.Owner", hex(owner)]);
    expect(from("app.pair.right")).toEqual(["app.Slotted", hex(pair)]);
    expect(from("app.many[*].left")).toEqual(["app.Slotted", hex(first)]);
    expect(byPath.get(frame)?.type ?? null).toBe(minor >= 11 ? null : "builtins.frame");
    expect([...byPath.values()].filter(({ conservative }) => conservative)).toEqual([]);
    const chain = await ask<OwnersJson>("owners", [core], "--of", "app.thing");
    expect(chain.json.rows[0]?.referrers).toEqual(object?.referrers);
    expect(chain.json.rows[0]?.referrerCount).toBe(329);
    expect(chain.json.rows.slice(1).map(({ referrers }) => referrers)).toContain(null);
  });
});

describe("references that may be none", () => {
  it("are words of C data and of stacks", async () => {
    const world = new World(12);
    const { values, containers, heap } = world;
    const thing = containers.list([values.float(1)]);
    heap.holdInVariable(thing);
    heap.hold(PLACES.stack + 0x1ff8, thing);
    world.addInterpreter();
    const { json } = await ask<WhatisJson>("whatis", [putCore(world.build().core), hex(thing)]);
    const { referrers, referrerCount } = json.rows[0]?.object ?? {};
    expect(referrerCount).toBe(2);
    expect(referrers?.map(({ path, type, conservative }) => [path, type, conservative])).toEqual([
      [expect.stringMatching(/^<python3\.12 data\+0x[0-9a-f]+>$/), null, true],
      ["<thread 4711 stack>", null, true],
    ]);
  });

  it("are not that a module or a static object is alive", async () => {
    const world = new World(12);
    const { values, containers } = world;
    const module = world.module("app", [[values.str("list"), containers.list([world.none])]]);
    world.addInterpreter();
    const { json } = await ask<WhatisJson>("whatis", [
      putCore(world.build().core),
      hex(module),
      hex(world.none),
    ]);
    const [ofModule, ofNone] = json.rows.map(({ object }) => object?.referrers);
    expect(ofModule?.map(({ path }) => path)).toEqual(["sys.modules['app']"]);
    expect(ofNone?.map(({ path }) => path)).toEqual(["app.list[0]", "builtins.None"]);
  });

  it("is told to be none of what is freed", async () => {
    const world = new World(12);
    const freed = world.values.float(1);
    world.heap.free(freed);
    world.addInterpreter();
    const { json } = await ask<WhatisJson>("whatis", [putCore(world.build().core), hex(freed)]);
    expect(json.rows[0]?.object).toMatchObject({ state: "freed", referrers: null, referrerCount: null });
  });
});
