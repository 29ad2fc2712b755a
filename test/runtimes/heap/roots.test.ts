import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { CodePlan } from "./code.ts";
import { PLACES, type PyObject } from "./heap.ts";
import { mapChunk } from "./malloc.ts";
import type { WhatisJson } from "./results.ts";
import { MINORS, type Minor } from "./versions.ts";
import { World } from "./world.ts";

const DATA_STACK = 0x7f40_0000_0000;

async function paths(world: World, objects: readonly PyObject[]): Promise<(string | null | undefined)[]> {
  const path = putCore(world.build().core);
  const addresses = objects.map(({ address }) => `0x${address.toString(16)}`);
  const { json } = await ask<WhatisJson>("whatis", [path, ...addresses]);
  return json.rows.map(({ object }) => object?.path);
}

/**
 * A table that says: four bytes of code of the first line, four of the line two below it. Objects/lnotab_notes.txt
 * (pairs of bytes and lines; since 3.10 the line comes first), Objects/locations.md since 3.11 (a head with form 13 and
 * two units, and the change of line as a signed varint).
 */
function twoLines(minor: Minor): Uint8Array {
  if (minor < 10) return Uint8Array.of(4, 2);
  return minor === 10 ? Uint8Array.of(4, 0, 4, 2) : Uint8Array.of(0xe9, 0, 0xe9, 4);
}

const plan = (minor: Minor, more: Partial<CodePlan> = {}): CodePlan => ({
  ...{ name: "serve", file: "/srv/app.py", line: 40, locals: ["request", "rows"], lines: twoLines(minor) },
  ...more,
});

describe.each(MINORS)("in CPython 3.%i what is held from outside is named by", (minor) => {
  it("the frame that runs, its file and line, and the variable", async () => {
    const world = new World(minor);
    const { code, values, heap, frames, containers } = world;
    const [first, rows, inner, onStack, deep] = [1, 2, 3, 4, 5].map((n) =>
      containers.list([values.float(n)]),
    );
    if (!first || !rows || !inner || !onStack || !deep) throw new Error("five lists");
    const serve = code.code(plan(minor));
    const parse = code.code(
      plan(minor, { name: "parse", file: "parse.py", line: 7, locals: ["text"], stackSize: 3 }),
    );
    const main = code.code(plan(minor, { name: "main", locals: ["state"] }));
    world.module("code", [[values.str("all"), containers.list([serve, parse, main])]]);
    const callee = { code: parse, locals: [inner], stack: [onStack], stackSize: 3, instruction: 4 };
    const caller = { code: serve, locals: [first, rows], instruction: 4 };
    const outermost = { code: main, locals: [deep] };
    if (minor >= 11) frames.thread(4711, DATA_STACK, [outermost, caller, callee]);
    else {
      const back = frames.object({ ...caller, back: frames.object(outermost) });
      const top = frames.object({ ...callee, back });
      top.references += 1;
      heap.memory.u64(PLACES.stack + 0x1010, top.address);
    }
    world.addInterpreter();
    const found = await paths(world, [inner, onStack, first, rows, deep]);
    const parsed = "<thread 4711 parse parse.py:9>";
    const served = minor >= 11 ? "<thread 4711 serve app.py:42>" : `${parsed}.f_back.f_locals`;
    const local = (name: string) => (minor >= 11 ? `${served}.${name}` : `${served}['${name}']`);
    expect(found).toEqual([
      `${parsed}.text`,
      `${parsed}.<stack>`,
      local("request"),
      local("rows"),
      minor >= 11 ? "<thread 4711 main app.py:40>.state" : `${parsed}.f_back.f_back.f_locals['state']`,
    ]);
  });

  it("the thread whose stack has it, the variable of the interpreter, or nothing", async () => {
    const world = new World(minor);
    const { values, heap, containers } = world;
    const [onStack, inData, inC, stale, lost] = [1, 2, 3, 4, 5].map((n) =>
      containers.list([values.float(n)], 2),
    );
    if (!onStack || !inData || !inC || !stale || !lost) throw new Error("five lists");
    heap.hold(PLACES.stack + 0x1ff8, onStack);
    // Below the stack pointer nothing counts, nor a word that nothing is held by.
    heap.memory.u64(PLACES.stack + 0xff8, lost.address);
    heap.memory.u64(PLACES.stack + 0x1008, stale.address);
    world.module("app", [[values.str("stale"), stale]]);
    const at = heap.holdInVariable(inData);
    heap.hold(heap.malloc.allocate(40).start, inC);
    containers.put(lost, 1, lost);
    const interned = values.str("interned", minor >= 12 ? 2 : 1);
    interned.isImmortal = true;
    if (minor < 12) heap.hold(heap.malloc.allocate(40).start, interned);
    world.addInterpreter();
    const item = (list: PyObject) =>
      heap.objects.find(
        ({ address }) => address === heap.memory.readU64(heap.memory.readU64(list.address + 24)),
      );
    const ofLost = item(lost);
    if (ofLost === undefined) throw new Error("an item");
    expect(
      await paths(world, [
        onStack,
        inData,
        inC,
        stale,
        lost,
        ofLost,
        interned,
        world.types.get("thing.Opaque"),
      ]),
    ).toEqual([
      "<thread 4711 stack>",
      `<python3.${minor} data+0x${(at - PLACES.data).toString(16)}>`,
      "<held by nothing found>",
      "app.stale",
      "<garbage>",
      "<garbage>[0]",
      minor >= 12 ? "<interned>" : "<held by nothing found>",
      "thing.Opaque",
    ]);
  });

  it("nothing, where it lies in memory behind the interpreter's data that is one segment with it", async () => {
    const world = new World(minor);
    const { heap, values, containers } = world;
    // The kernel joins an arena to .bss where they adjoin.
    const arena = heap.memory.extend(PLACES.data, heap.pools.arenaBytes);
    heap.pools.takeArena(arena);
    const [kept, lost] = [containers.list([], 1), containers.list([], 1)];
    containers.put(lost, 0, lost);
    world.module("app", [[values.str("kept"), kept]]);
    world.addInterpreter();
    for (const { address } of [kept, lost]) {
      expect(address).toBeGreaterThan(arena);
      expect(address).toBeLessThan(arena + heap.pools.arenaBytes);
    }
    expect(await paths(world, [kept, lost])).toEqual(["app.kept", "<garbage>"]);
  });

  it("the generator or the frame that it is a variable of", async () => {
    const world = new World(minor);
    const { code, values, frames } = world;
    const [ofGenerator, stacked, ofFrame, ofBack, trace] = [1, 2, 3, 4, 5].map((n) => values.float(n));
    if (!ofGenerator || !stacked || !ofFrame || !ofBack || !trace) throw new Error("five numbers");
    const body = code.code(plan(minor, { locals: ["x", "y"], cells: ["c"] }));
    const locals = [ofGenerator, null, null];
    const back = frames.object({ code: body, locals: [null, ofBack, null] });
    const frame = frames.object({ code: body, locals: [null, null, ofFrame], back });
    world.heap.hold(frame.address + world.heap.structs.frameTrace, trace);
    world.module("app", [
      [
        values.str("gen"),
        frames.generator({ code: body, locals, stack: [stacked], name: values.str("serve") }),
      ],
      [values.str("frame"), frame],
    ]);
    world.addInterpreter();
    expect(await paths(world, [ofGenerator, stacked, ofFrame, ofBack, trace])).toEqual([
      "app.gen.<generator serve app.py:40>.x",
      "app.gen.<stack>",
      "app.frame.f_locals['c']",
      "app.frame.f_back.f_locals['y']",
      "app.frame.<field>",
    ]);
  });

  it("the function of the task that runs it, and of what that awaits", async () => {
    const world = new World(minor);
    const { code, values, frames, containers, heap, types } = world;
    const [rows, data] = [containers.list([values.float(1)]), containers.list([values.float(2)])];
    const body = code.code(plan(minor, { locals: ["rows"] }));
    const inner = code.code(plan(minor, { name: "read", locals: ["data"] }));
    const name = values.str("serve");
    const awaited = frames.generator({ code: inner, locals: [data], name });
    const coroutine = frames.generator({
      code: body,
      locals: [rows],
      stack: [awaited],
      instruction: 4,
      name,
    });
    const [task, done] = [coroutine, values.str("result")].map((held) => {
      const made = heap.make(types.get("_asyncio.Task"), 200);
      heap.hold(made.address + 96, held);
      return made;
    });
    if (task === undefined || done === undefined) throw new Error("two tasks");
    world.module("app", [[values.str("tasks"), containers.list([task, done])]]);
    world.addInterpreter();
    expect(await paths(world, [task, coroutine, rows, awaited, data, done])).toEqual([
      "<task serve app.py:42>",
      "<task serve app.py:42>",
      "<task serve app.py:42>.rows",
      "<task serve app.py:42>.<awaited>",
      "<task serve app.py:42>.<awaited>.<generator read app.py:40>.data",
      "app.tasks[1]",
    ]);
  });

  it("nothing, where a frame's stack was there before, and is empty or makes no sense", async () => {
    for (const depth of [0, -1, 3]) {
      const world = new World(minor);
      const { code, values, frames, heap } = world;
      const body = code.code(plan(minor, { locals: ["x"], stackSize: 2 }));
      const stale = values.float(1);
      const frame = frames.object({ code: body, locals: [null], stackSize: 2 });
      const { structs, memory } = heap;
      const slots =
        frame.address + (minor >= 11 ? structs.frameOwn + structs.innerSlots : structs.frameSlots);
      memory.u64(slots + 8, stale.address);
      const inner = frame.address + structs.frameOwn;
      if (minor >= 14) memory.u64(inner + structs.innerStackTop, slots + 8 * (1 + depth));
      else if (minor >= 11) memory.u32(inner + structs.innerStackTop, 1 + depth);
      else if (minor === 10) memory.u32(frame.address + structs.frameStackDepth, depth);
      else memory.u64(frame.address + structs.frameStackTop, slots + 8 * (1 + depth));
      heap.hold(heap.malloc.allocate(40).start, stale);
      world.module("app", [[values.str("frame"), frame]]);
      world.addInterpreter();
      expect(await paths(world, [stale]), String(depth)).toEqual(["<held by nothing found>"]);
    }
  });
});

describe.each(MINORS)("in CPython 3.%i what is gone", (minor) => {
  it("and kept for the next of its kind holds nothing any more, though C data leads to it", async () => {
    const world = new World(minor);
    const { values, heap, containers } = world;
    const [stale, kept] = [values.float(1), values.float(2)];
    const gone = containers.tuple([stale]);
    heap.park(gone);
    // What C code has in a block of its own may look like anything else.
    const table = heap.malloc.allocate(40);
    heap.hold(table.start + 24, kept);
    heap.memory.u64(table.start, gone.address);
    heap.setVariable(table.start);
    world.addInterpreter();
    const [first, second] = await paths(world, [stale, kept]);
    expect(first).toBe("<held by nothing found>");
    expect(second).toMatch(/^<.* data\+0x[0-9a-f]+>/);
  });
});

describe.each([11, 12, 13, 14, 15] as const)("on a thread's stack of CPython 3.%i", (minor) => {
  it("frames are found in every chunk, and those of a thread without a number too", async () => {
    const world = new World(minor);
    const { code, values, frames, heap, containers } = world;
    const [early, late, other] = [1, 2, 3].map((n) => containers.list([values.float(n)]));
    if (!early || !late || !other) throw new Error("three lists");
    const body = code.code(plan(minor, { locals: ["rows"] }));
    world.module("code", [[values.str("body"), body]]);
    frames.thread(
      4711,
      DATA_STACK,
      [{ code: body, locals: [late] }],
      [{ code: body, locals: [early], instruction: 4 }],
    );
    // A thread's number is looked for among the 64 words in front: there is none of this one's.
    heap.malloc.allocate(1000);
    frames.thread(99, DATA_STACK + 0x1000_0000, [{ code: body, locals: [other] }]);
    world.addInterpreter();
    expect(await paths(world, [late, early, other])).toEqual([
      "<thread 4711 serve app.py:40>.rows",
      "<thread 4711 serve app.py:42>.rows",
      expect.stringMatching(/^<stack 0x[0-9a-f]+ serve app.py:40>.rows$/),
    ]);
  });

  it("of as many as there are, each one's frames are found", async () => {
    const world = new World(minor);
    const { code, values, frames, containers } = world;
    const body = code.code(plan(minor, { locals: ["rows"] }));
    world.module("code", [[values.str("body"), body]]);
    // Their states lie side by side, as greenlets do.
    const held = Array.from({ length: 120 }, (_, index) => {
      const rows = containers.list([values.float(index)]);
      frames.thread(index + 1, DATA_STACK + index * 0x4000, [{ code: body, locals: [rows] }]);
      return rows;
    });
    world.addInterpreter();
    const found = await paths(world, held);
    expect(found.filter((path) => !path?.endsWith(" serve app.py:40>.rows"))).toEqual([]);
  });

  it.each(["completed", "cleared"] as const)(
    "a generator that is %s holds nothing any more",
    async (done) => {
      const world = new World(minor);
      const { code, values, frames, heap } = world;
      const body = code.code(plan(minor, { locals: ["x"] }));
      const gone = values.float(1);
      const generator = frames.generator({ code: body, locals: [null], name: values.str("g"), done });
      const slot = generator.address + heap.structs.generatorFrame + heap.structs.innerSlots;
      heap.memory.u64(slot, gone.address);
      heap.hold(heap.malloc.allocate(40).start, gone);
      world.module("app", [
        [values.str("gen"), generator],
        [values.str("body"), body],
      ]);
      world.addInterpreter();
      expect(await paths(world, [gone])).toEqual(["<held by nothing found>"]);
    },
  );
});

it("what 3.14 only borrows is a frame's variable all the same", async () => {
  const world = new World(14);
  const { code, values, frames, heap, containers } = world;
  const body = code.code(plan(14, { locals: ["a", "b"] }));
  const [borrowed, tagged] = [containers.list([values.float(1)]), containers.list([values.float(2)])];
  world.module("app", [[values.str("body"), body]]);
  frames.thread(4711, DATA_STACK, [{ code: body, locals: [null, null] }]);
  const slots = DATA_STACK + 32 + heap.structs.innerSlots;
  frames.borrow(slots, borrowed);
  // Tag 3 is an integer's.
  heap.memory.u64(slots + 8, tagged.address + 3);
  for (const object of [borrowed, tagged]) heap.hold(heap.malloc.allocate(40).start, object);
  world.addInterpreter();
  expect(await paths(world, [borrowed, tagged])).toEqual([
    "<thread 4711 serve app.py:40>.a",
    "<held by nothing found>",
  ]);
});

it("an object below all others is one like them", async () => {
  const world = new World(11);
  const { heap, types } = world;
  const block = mapChunk(heap.memory, 0x10_0000, 200_000);
  heap.mapped.push(block);
  const lowest = heap.make(types.get("bytes"), 33 + 199_000, 0, () => block);
  heap.memory.u64(lowest.address + 16, 199_000);
  heap.hold(PLACES.stack + 0x1ff8, lowest);
  world.addInterpreter();
  expect(await paths(world, [lowest])).toEqual(["<thread 4711 stack>"]);
});
