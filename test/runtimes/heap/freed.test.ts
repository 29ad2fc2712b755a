import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { PyObject } from "./heap.ts";
import type { TypeAmounts, TypesJson } from "./results.ts";
import { MINORS } from "./versions.ts";
import { World } from "./world.ts";

const byName = (a: TypeAmounts, b: TypeAmounts) => (a.type < b.type ? -1 : 1);

async function expectTruth(world: World, said?: string): Promise<void> {
  world.addInterpreter();
  const built = world.build();
  const answer = await ask<TypesJson>("types", [putCore(built.core)], "--all");
  const rows = answer.json.rows.map(({ address, inferred, lines, ...row }) => row);
  expect(rows.sort(byName)).toEqual([...built.types.values()].sort(byName));
  expect(answer.said.slice(1)).toEqual(said === undefined ? [] : [said]);
}

describe.each(MINORS)("in a heap of CPython 3.%i", (minor) => {
  it("freed objects count with their blocks, where these still show what they were", async () => {
    const world = new World(minor);
    const { values, containers, heap, dicts } = world;
    const keep: PyObject[] = [];
    for (const size of [1, 2, 3]) {
      const gone = [
        values.int(10n ** 30n),
        values.float(size),
        values.str("x".repeat(size * 20)),
        containers.tuple(Array.from({ length: size }, () => world.none)),
        containers.list([], size),
        dicts.dict([]),
      ];
      // One of each kind stays, so that no pool is without a block in use.
      if (size === 1) keep.push(...gone);
      else for (const object of gone) heap.free(object);
    }
    const parked = containers.list([], 1);
    heap.park(parked);
    heap.park(containers.tuple([world.none, world.none]));
    world.module("m", [[values.str("kept"), containers.list(keep)]]);
    await expectTruth(world);
  });

  it("freed objects in pools that are free as a whole count as well", async () => {
    const world = new World(minor);
    for (let n = 0; n < 3; n += 1) world.heap.free(world.values.complex(n, n));
    await expectTruth(world);
  });

  it("a block that was used for something else since shows no object", async () => {
    const world = new World(minor);
    const { values, containers, heap, none } = world;
    // Of another size class: the header of a list, but too small a block for one.
    const small = heap.allocate(16);
    heap.memory.u64(small.start + 8, world.types.get("list").address);
    heap.pools.free(small);
    // What a freed list's block holds now has no count of 0 behind a head.
    const head = heap.headBytes(world.types.get("list"));
    const other = heap.allocate(40 + head);
    heap.memory.u64(other.start + head, 77);
    heap.memory.u64(other.start + head + 8, world.types.get("list").address);
    heap.pools.free(other);
    // A word too short for a list, though its head and its count would do.
    const short = heap.allocate(40 + head - 8);
    heap.memory.u64(short.start + head + 8, world.types.get("list").address);
    heap.pools.free(short);
    world.module("m", [[values.str("kept"), containers.list([none])]]);
    await expectTruth(world);
  });

  it("what has a type's address but no count is none", async () => {
    const world = new World(minor);
    const { values, heap, types } = world;
    const block = heap.allocate(24);
    heap.memory.u64(block.start, 2 ** 40);
    heap.memory.u64(block.start + 8, types.get("float").address);
    // More than its block could hold.
    const long = heap.allocate(48);
    heap.memory.u64(long.start, 1);
    heap.memory.u64(long.start + 8, types.get("bytes").address);
    heap.memory.u64(long.start + 16, 400);
    // A list's head is missing.
    const bare = heap.allocate(64);
    heap.memory.u64(bare.start, 1);
    heap.memory.u64(bare.start + 8, types.get("list").address);
    world.module("m", [[values.str("x"), values.float(1)]]);
    await expectTruth(world);
  });

  it("objects of the debug allocator begin 16 bytes into their blocks", async () => {
    const world = new World(minor);
    const { heap, types, values } = world;
    heap.make(types.get("float"), 24, 0, (bytes) => heap.allocateDebug(bytes));
    const list = heap.make(types.get("list"), 40, 0, (bytes) => heap.allocateDebug(bytes));
    heap.park(heap.make(types.get("float"), 24, 0, (bytes) => heap.allocateDebug(bytes)));
    heap.make(types.get("complex"), 32, 0, (bytes) => heap.allocateDebug(bytes, 2));
    world.module("m", [[values.str("x"), list]]);
    await expectTruth(world);
  });

  it("static objects count only where something leads to them, and types always", async () => {
    const world = new World(minor);
    const { heap, types, values } = world;
    const text = heap.makeStatic(types.get("complex"), 32, 32);
    text.state = "unseen";
    const marked = heap.makeStatic(types.get("float"), 24, 24);
    world.module("m", [[values.str("x"), marked]]);
    const tuple = heap.makeStatic(types.get("tuple"), heap.structs.tupleItems + 8, 0);
    // sys.getsizeof adds the collector's head, though a static tuple has none.
    tuple.bytes = heap.structs.tupleItems + 8 + heap.structs.gcHeadBytes;
    heap.memory.u64(tuple.address + 16, 1);
    const inside = heap.makeStatic(types.get("complex"), 32, 32);
    heap.hold(tuple.address + heap.structs.tupleItems, inside);
    world.module("n", [[values.str("y"), tuple]]);
    await expectTruth(world);
  });

  it("a type in a table of types is no object of the type behind it", async () => {
    const world = new World(minor);
    const { heap, types } = world;
    const table = heap.makeStatic(null, 64, 0);
    heap.objects.pop();
    ["int", "str", "list", "dict"].forEach((name, index) => {
      heap.memory.u64(table.address + 8 * index, types.get(name).address);
    });
    // Since 3.13 how many interpreters use each stands between.
    const counted = heap.makeStatic(null, 96, 0);
    heap.objects.pop();
    ["int", "str", "list"].forEach((name, index) => {
      heap.memory.u64(counted.address + 16 * index, 1);
      heap.memory.u64(counted.address + 16 * index + 8, types.get(name).address);
    });
    heap.setVariable(table.address);
    await expectTruth(world);
  });
});

it("says how many pools were being changed", async () => {
  const world = new World(11);
  const { values, heap } = world;
  for (let n = 0; n < 2; n += 1) {
    const object = values.complex(n, n);
    object.state = "unseen";
    if (object.block !== null) heap.pools.poolOf(object.block).torn = 1;
  }
  await expectTruth(world, "warning: 1 pools were being changed, or are damaged: left out");
});
