import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import { PLACES, type PyObject } from "./heap.ts";
import type { Amounts, OwnersJson } from "./results.ts";
import { MINORS } from "./versions.ts";
import { BUILTINS, World } from "./world.ts";

/** Bytes and count of objects. */
const amount = (...objects: PyObject[]) => ({
  count: objects.length,
  bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
});

const DATA_STACK = 0x7f40_0000_0000;

describe.each(MINORS)("a heap of CPython 3.%i", (minor) => {
  it("tells by which kind of root its objects are reached", async () => {
    const world = new World(minor);
    const { heap, values, containers } = world;
    const list = (text: string): [PyObject, PyObject] => {
      const item = values.str(text);
      return [containers.list([item]), item];
    };
    const [kept, ofModule] = list("kept");
    world.module("app", [[values.str("kept"), kept]]);
    const [rows, ofFrame] = list("rows");
    const code = world.code.code({ name: "serve", file: "/srv/app.py", line: 40, locals: ["rows"] });
    world.module("code", [[values.str("serve"), code]]);
    const stack = PLACES.stack + 0x1000;
    let frame: PyObject[] = [];
    if (minor >= 11) world.frames.thread(4711, DATA_STACK, [{ code, locals: [rows] }]);
    else {
      const object = world.frames.object({ code, locals: [rows] });
      frame = [object];
      object.references += 1;
      heap.memory.u64(stack + 64, object.address);
    }
    const [onStack, ofStack] = list("stack");
    heap.hold(stack + 128, onStack);
    const [inData, ofData] = list("data");
    heap.holdInVariable(inData);
    const [inC, ofOther] = list("other");
    heap.hold(heap.malloc.allocate(64).start + 8, inC);
    const [lost, ofLost] = [containers.list([], 1), values.str("lost")];
    const cycle = containers.tuple([lost, ofLost]);
    containers.put(lost, 0, cycle);
    const interned = values.str("interned", minor >= 12 ? 2 : 1);
    interned.isImmortal = minor >= 12;
    if (minor < 12) heap.hold(heap.malloc.allocate(64).start, interned);
    world.addInterpreter();
    const built = world.build();
    const { json, said } = await ask<OwnersJson>("owners", [putCore(built.core)], "--all");
    const { garbage, interned: asInterned, ...reached } = json.totals.reached;
    expect(garbage).toEqual(amount(lost, ofLost, cycle));
    // Up to 3.11 the table of interned strings holds none of them, and nothing tells this one from others.
    const named = world.types.all.filter(({ name }) => !BUILTINS.includes(name));
    expect(asInterned).toEqual(minor >= 12 ? amount(interned) : amount());
    expect(reached.frames).toEqual(amount(rows, ofFrame, ...frame));
    expect(reached.stacks).toEqual(amount(onStack, ofStack));
    expect(reached.data).toEqual(amount(inData, ofData, ...named));
    expect(reached.other).toEqual(minor >= 12 ? amount(inC, ofOther) : amount(inC, ofOther, interned));
    const others = [garbage, asInterned, reached.frames, reached.stacks, reached.data, reached.other];
    expect(reached.modules).toEqual({
      count: built.count - others.reduce((sum, { count }) => sum + count, 0),
      bytes: built.bytes - others.reduce((sum, { bytes }) => sum + bytes, 0),
    });
    // Its threads are in no list of an interpreter's.
    expect(said).toEqual([
      expect.stringMatching(/^warning: .*own list of threads was not found: 1 frames are told by their form/),
      expect.anything(),
    ]);
    expect(ofModule.references).toBe(1);
  });

  it("has its garbage once, where no root is of the last kinds", async () => {
    const world = new World(minor);
    const lost = world.containers.list([], 1);
    world.containers.put(lost, 0, lost);
    world.addInterpreter();
    const built = world.build();
    const { json } = await ask<OwnersJson>("owners", [putCore(built.core)], "--all");
    const parts: { count: number; bytes: number }[] = Object.values(json.totals.reached);
    expect(json.totals.reached.garbage).toEqual(amount(lost));
    expect(json.totals.reached.other).toEqual(amount());
    expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(built.count);
    expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(built.bytes);
  });

  it("holds static objects for ever, whether anything points to them or not", async () => {
    const world = new World(minor);
    world.addInterpreter([]);
    const { json } = await ask<OwnersJson>("owners", [putCore(world.build().core)], "--all");
    // All types but `object`, which a class has for its base.
    const types = world.types.all.filter(({ name }) => name !== "object");
    expect(json.totals.reached.data).toEqual(amount(...types));
  });
});

it("what holds a type is told with what stands in no row", async () => {
  const world = new World(11);
  const { values, containers } = world;
  const floats = [1, 2, 3, 4, 5, 6].map((n) => values.float(n));
  world.module("app", [
    [values.str("many"), containers.list(floats.slice(0, 3))],
    [values.str("few"), containers.tuple(floats.slice(3, 5))],
    [values.str("one"), containers.tuple(floats.slice(5))],
  ]);
  world.addInterpreter();
  const core = putCore(world.build().core);
  const holders = async (...options: string[]) => {
    const { json } = await ask<{
      readonly totals: Amounts & { readonly restCount: number; readonly restBytes: number };
      readonly rows: readonly (Amounts & { readonly path: string })[];
    }>("owners", [core], "--type", "float", ...options);
    const { count, bytes, restCount, restBytes } = json.totals;
    return {
      totals: [count, bytes, restCount, restBytes],
      rows: json.rows.map((row) => `${row.path} ${row.count}`),
    };
  };
  expect(await holders()).toEqual({
    totals: [6, 144, 0, 0],
    rows: ["app.many[*] 3", "app.few[*] 2", "app.one[*] 1"],
  });
  expect(await holders("--top", "1")).toEqual({ totals: [6, 144, 3, 72], rows: ["app.many[*] 3"] });
});
