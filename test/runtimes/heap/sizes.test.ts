import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import { writeCore } from "./core-file.ts";
import { PLACES, type PyObject } from "./heap.ts";
import type { TypeAmounts, TypesJson, WhatisJson } from "./results.ts";
import { MINORS } from "./versions.ts";
import { World } from "./world.ts";

const byName = (a: TypeAmounts, b: TypeAmounts) => (a.type < b.type ? -1 : 1);

/** What both ways to read a heap say of objects: all at once in rows, and one by one. */
async function expectSizes(world: World, objects: readonly PyObject[]): Promise<void> {
  world.module("app", [[world.values.str("all"), world.containers.list(objects)]]);
  world.addInterpreter();
  const built = world.build();
  const core = putCore(built.core);
  const { json } = await ask<TypesJson>("types", [core], "--all");
  const rows = json.rows.map(({ address, inferred, lines, ...row }) => row);
  expect(rows.sort(byName)).toEqual([...built.types.values()].sort(byName));
  expect(json.totals.bridge.tables).toBe(built.bridge.tables);
  const addresses = objects.map(({ address }) => `0x${address.toString(16)}`);
  const found = await ask<WhatisJson>("whatis", [core, ...addresses]);
  expect(found.json.rows.map(({ object }) => object?.bytes)).toEqual(objects.map(({ bytes }) => bytes));
}

describe.each(MINORS)("sys.getsizeof of CPython 3.%i", (minor) => {
  it("counts the slots of frames and generators", async () => {
    const world = new World(minor);
    const { code, frames, values, none } = world;
    const locals = ["a", "b", "c"];
    const body = code.code({
      name: "f",
      file: "f.py",
      line: 1,
      locals,
      cells: ["d"],
      free: ["e"],
      stackSize: 6,
    });
    const slots = { code: body, locals: [none, null, null, null, null], stackSize: 6 };
    await expectSizes(world, [
      body,
      frames.object(slots),
      frames.generator({ ...slots, name: values.str("f") }),
    ]);
  });

  it("counts a str by its widest character, interned or not", async () => {
    const world = new World(minor);
    const texts = ["", "abc", "na\u00efve", "\u4f60", "\u{1f40d}"];
    await expectSizes(
      world,
      texts.flatMap((text) => [0, 1].map((interned) => world.values.str(text, interned))),
    );
  });

  it("counts the instructions in code, in whole words since 3.11", async () => {
    const world = new World(minor);
    const { code } = world;
    const plan = { name: "f", file: "f.py", line: 1 };
    const made = [2, 10, 16, 30].map((instructions) => code.code({ ...plan, instructions }));
    if (minor >= 11) for (const object of made) object.bytes = Math.ceil(object.bytes / 8) * 8;
    await expectSizes(world, made);
  });

  it("counts a class's shared keys, its instances' words, and items of what derives from int or tuple", async () => {
    const world = new World(minor);
    const { classes, types, containers, none, heap } = world;
    const weak = classes.make({ module: "app", name: "Weak", slots: ["x"], isWeak: true });
    const number = classes.make({ module: "app", name: "Number", base: types.get("int") });
    const record = classes.make({ module: "app", name: "Record", base: types.get("tuple"), slots: [] });
    const names = Array.from({ length: 12 }, (_, n) => `name${n}`);
    const wide = classes.make({ module: "app", name: "Wide", attributes: names });
    const slotted = classes.make({ module: "app", name: "Slotted", slots: ["x", "y", "z"] });
    const big = heap.make(number, 24 + 4 * 3);
    heap.memory.u64(big.address + 16, minor >= 12 ? 3 * 8 : 3);
    await expectSizes(world, [
      ...[number, record, wide, slotted, weak, big],
      classes.instance(weak, [none]),
      containers.tuple([none, none, none], record),
      classes.instance(slotted, [none, null, null]),
      classes.instance(wide, [], [none]),
    ]);
  });

  it("counts what C structs have elsewhere", async () => {
    const world = new World(minor);
    const { heap, values, dicts, none } = world;
    const { memory } = heap;
    // Modules/_struct.c: s_codes is an array of 32-byte codes; one more, without a definition, ends it.
    const codes = heap.malloc.allocate(3 * 32).start;
    memory.u64(codes, 0x10_0000);
    memory.u64(codes + 32, 0x10_0000);
    const struct = world.struct("_struct.Struct", {});
    memory.u64(struct.address + 32, codes);
    world.owns(struct, 3 * 32);
    // Modules/_io/bufferedio.c: buffer at 56, buffer_size at 120.
    const open = world.struct("_io.BufferedReader", {});
    memory.u64(open.address + 56, heap.malloc.allocate(8192).start);
    memory.u64(open.address + 120, 8192);
    world.owns(open, 8192);
    const closed = world.struct("_io.BufferedReader", {});
    memory.u64(closed.address + 120, 8192);
    // Modules/_io/bytesio.c: a buffer that is no other's is a bytes object with a count of 1. Nobody else can reach that.
    const buffer = values.bytes(new Uint8Array(50));
    buffer.state = "unseen";
    const own = world.struct("_io.BytesIO", { 16: buffer });
    world.owns(own, 83);
    const text = values.bytes(new Uint8Array(70));
    const shared = [world.struct("_io.BytesIO", { 16: text }), world.struct("_io.BytesIO", { 16: text })];
    // Modules/_decimal/libmpdec: flags at 24, alloc at 56; 0x10 to 0x40 are static or shared, 0x80 is data in the object.
    const decimals = [0, 1, 0x10, 0x20, 0x40, 0x80, 0x81].map((flags) => {
      const decimal = world.struct("decimal.Decimal", {});
      memory.u8(decimal.address + 24, flags);
      memory.u64(decimal.address + 56, 6);
      if (flags < 0x10) world.owns(decimal, 48);
      return decimal;
    });
    // Modules/arraymodule.c: allocated at 32, ob_descr at 40, whose itemsize is at 4.
    const descriptor = heap.setVariable(0);
    memory.u32(descriptor + 4, 4);
    const array = world.struct("array.array", {});
    memory.u64(array.address + 32, 25);
    memory.u64(array.address + 40, descriptor);
    world.owns(array, 100);
    // Objects/odictobject.c: od_first at 48 and the fast nodes' count at 72; a node of 32 bytes for each item.
    const ordered = dicts.dict(
      [
        [values.str("k"), none],
        [values.str("l"), none],
      ],
      {},
      world.types.get("collections.OrderedDict"),
    );
    memory.u64(ordered.address + 48, heap.malloc.allocate(32).start);
    memory.u64(ordered.address + 72, 8);
    world.owns(ordered, 8 * 8 + 2 * 32);
    const empty = dicts.dict([], {}, world.types.get("collections.OrderedDict"));
    await expectSizes(world, [struct, open, closed, own, ...shared, ...decimals, array, ordered, empty]);
  });

  it("counts a str's copies: UTF-8, and wide characters up to 3.11", async () => {
    const world = new World(minor);
    const { values, heap } = world;
    const wide = (text: string) => values.str(text);
    const [plain, latin, far] = [wide("plain"), wide("\u00e9t\u00e9"), wide("\u4f60\u597d")];
    values.keepUtf8(far, new TextEncoder().encode("\u4f60\u597d"));
    if (minor <= 11) {
      const { strWide, strWideLength, strAscii } = heap.structs;
      const characters = heap.malloc.allocate(24).start;
      heap.memory.u64(plain.address + strWide, characters);
      plain.bytes += 4 * 6;
      heap.memory.u64(latin.address + strWide, characters);
      heap.memory.u64(latin.address + strWideLength, 3);
      latin.bytes += 4 * 4;
      // What shares the text's own characters is no copy.
      const same = wide("same");
      heap.memory.u64(same.address + strWide, same.address + strAscii);
      await expectSizes(world, [plain, latin, far, same, values.looseStr("loose")]);
    } else await expectSizes(world, [plain, latin, far, values.looseStr("loose")]);
  });
});

it.each([9, 12] as const)(
  "a dict of CPython 3.%i has its table anywhere, the lowest memory too",
  async (minor) => {
    const world = new World(minor);
    const { dicts, values, none, heap } = world;
    const dict = dicts.dict([[values.str("key"), none]]);
    world.module("app", [[values.str("dict"), dict]]);
    world.addInterpreter();
    const built = world.build();
    // Behind what else is in the interpreter's data, which lies below all of the heap.
    const [from, to] = [heap.memory.readU64(dict.address + 32), PLACES.data + 0x1_8000];
    for (let at = 0; at < dict.tableBytes; at += 8) heap.memory.u64(to + at, heap.memory.readU64(from + at));
    heap.memory.u64(dict.address + 32, to);
    const core = putCore(writeCore(heap.memory, world.process));
    const { json } = await ask<TypesJson>("types", [core], "--all");
    const row = json.rows.find(({ type }) => type === "builtins.dict");
    expect(row?.bytes).toBe(built.types.get("builtins.dict")?.bytes);
  },
);

describe.each([7, 8, 9, 10] as const)("a code object of CPython 3.%i", (minor) => {
  it("has its cells' arguments and its cache of globals elsewhere", async () => {
    const world = new World(minor);
    const { code, heap } = world;
    const { structs, memory } = heap;
    const plan = { name: "f", file: "f.py", line: 1, cells: ["a", "b"], instructions: 40 };
    const withCells = code.code(plan);
    memory.u64(withCells.address + structs.codeCellToArgument, heap.malloc.allocate(16).start);
    world.owns(withCells, 16);
    const cached = code.code(plan);
    if (minor >= 8) {
      memory.u64(cached.address + structs.codeOpcache, heap.malloc.allocate(96).start);
      memory.u8(cached.address + structs.codeOpcacheSize, 3);
      // A byte for each of 20 instructions, and entries of 32 bytes.
      world.owns(cached, 20 + 3 * 32);
    }
    await expectSizes(world, [withCells, cached, code.code(plan)]);
  });
});
