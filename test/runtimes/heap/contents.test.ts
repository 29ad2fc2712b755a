import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { PyObject } from "./heap.ts";
import type { ContainersJson, StringsJson } from "./results.ts";
import { MINORS } from "./versions.ts";
import { World } from "./world.ts";

describe.each(MINORS)("the contents of a heap of CPython 3.%i", (minor) => {
  it("has each text that is there more than once, and what one of them would save", async () => {
    const world = new World(minor);
    const { values, containers } = world;
    const twice = ["twice over", "twice over"].map((text) => values.str(text));
    const wide = ["\u4f60\u597d \u{1f40d}", "\u4f60\u597d \u{1f40d}", "\u4f60\u597d \u{1f40d}"].map((text) =>
      values.str(text),
    );
    const raw = [values.bytes(Uint8Array.of(1, 0, 39)), values.bytes(Uint8Array.of(1, 0, 39))];
    const loose = [values.looseStr("loose end"), values.looseStr("loose end"), values.str("loose end")];
    const others = [values.str("twice oveR"), values.bytes(Uint8Array.of(1, 0, 40)), values.str("1")];
    world.module("app", [
      [values.str("all"), containers.list([...twice, ...wide, ...raw, ...loose, ...others])],
    ]);
    const { json } = await ask<StringsJson>("types", [putCore(world.build().core)], "--strings", "--all");
    const rows = new Map(json.rows.map((row) => [row.text, row]));
    const row = (objects: readonly { bytes: number; address: number }[], most = objects) => ({
      count: objects.length,
      bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
      wastedBytes:
        objects.reduce((sum, { bytes }) => sum + bytes, 0) - Math.max(...most.map(({ bytes }) => bytes)),
      address: `0x${Math.min(...objects.map(({ address }) => address)).toString(16)}`,
    });
    expect(rows.get("'twice over'")).toMatchObject({ ...row(twice), type: "builtins.str", length: 10 });
    expect(rows.get("'\u4f60\u597d \u{1f40d}'")).toMatchObject({ ...row(wide), length: 4 });
    expect(rows.get('b"\\x01\\x00\'"')).toMatchObject({ ...row(raw), type: "builtins.bytes", length: 3 });
    expect(rows.get("'loose end'")).toMatchObject({ ...row(loose), length: 9 });
    expect([...rows.keys()].filter((text) => text?.includes("R"))).toEqual([]);
  });

  it("has each container with its items and the room that it has for them", async () => {
    const world = new World(minor);
    const { values, containers, dicts, none } = world;
    const some = Array.from({ length: 70 }, () => none);
    const made = {
      list: containers.list([none, none], 5),
      empty: containers.list([], 0),
      set: containers.set([none, none, none], "set", 32),
      frozenset: containers.set([none], "frozenset"),
      deque: containers.deque(some, 63),
      dict: dicts.dict([[values.str("k"), none]]),
      split: dicts.splitDict(dicts.keys([[values.str("x"), none]], { isSplit: true }), [none]),
      sparse: dicts.dict(
        [
          [none, none],
          [none, none],
        ],
        { log2: 6, deleted: [0] },
      ),
    };
    // Usable entries of 8, 8 and 64 slots: two thirds; blocks of 64 items: from the 63rd place on 70 are in three.
    const rooms = { list: 5, empty: 0, set: 32, frozenset: 8, deque: 192, dict: 5, split: 5, sparse: 42 };
    const lengths = { list: 2, empty: 0, set: 3, frozenset: 1, deque: 70, dict: 1, split: 1, sparse: 1 };
    world.module("app", [[values.str("all"), containers.tuple(Object.values(made))]]);
    const { json } = await ask<ContainersJson>(
      "types",
      [putCore(world.build().core)],
      "--containers",
      "--all",
    );
    const rows = new Map(json.rows.map(({ address, ...row }) => [address, row]));
    for (const [index, name] of (Object.keys(made) as (keyof typeof made)[]).entries()) {
      const { address, bytes, type } = made[name];
      const typeName = type?.name.includes(".") ? type.name : `builtins.${type?.name}`;
      const path = `app.all[${index}]`;
      const expected = { type: typeName, length: lengths[name], capacity: rooms[name], bytes, path };
      expect(rows.get(`0x${address.toString(16)}`), name).toEqual(expected);
    }
    // Those, and the module's dict.
    const moduleDict = json.rows.find(
      ({ address }) => ![...Object.values(made)].some((each) => `0x${each.address.toString(16)}` === address),
    );
    expect(json.rows).toHaveLength(9);
    const total = (key: "length" | "capacity" | "bytes") => json.rows.reduce((sum, row) => sum + row[key], 0);
    expect(moduleDict).toMatchObject({ length: 1, capacity: 5, path: "app" });
    expect(json.totals).toMatchObject({
      count: 9,
      length: 80,
      capacity: 294,
      bytes: total("bytes"),
      emptyCount: 1,
      emptyBytes: made.empty.bytes,
      restCount: 0,
      restBytes: 0,
    });
  });
});

it("counts texts, and says what is left out of the rows", async () => {
  const world = new World(11);
  const { values, containers } = world;
  const texts = ["aa", "aa", "bbb", "bbb", "bbb", "c"].map((text) => values.str(text));
  world.module("m", [[values.str("t"), containers.tuple(texts)]]);
  const core = putCore(world.build().core);
  const by = async (...options: string[]) =>
    (await ask<StringsJson>("types", [core], "--strings", ...options)).json;
  const all = await by("--all");
  // The module's two names beside them.
  expect(all.totals).toMatchObject({
    count: 8,
    distinct: 5,
    duplicates: 2,
    restWastedBytes: 0,
    notCompared: 0,
  });
  expect(all.totals.wastedBytes).toBe(51 + 52 * 2);
  expect((await by("--top", "1")).totals.restWastedBytes).toBe(51);
  expect((await by("--sort", "count")).rows.map(({ text }) => text)).toEqual(["'bbb'", "'aa'"]);
  expect(all.rows.map(({ text }) => text)).toEqual(["'bbb'", "'aa'"]);
});

it("a deque has room for as many as its blocks take, and one block at least", async () => {
  const world = new World(11);
  const { containers, values, none } = world;
  const deques = [
    containers.deque([]),
    containers.deque([], 0),
    containers.deque([none, none, none], 10),
    containers.deque([none, none, none], 62),
  ];
  world.module("m", [[values.str("t"), containers.tuple(deques)]]);
  const { json } = await ask<ContainersJson>("types", [putCore(world.build().core)], "--containers", "--all");
  const room = (deque: PyObject) => json.rows.find((row) => Number(row.address) === deque.address)?.capacity;
  expect(deques.map(room)).toEqual([64, 64, 64, 128]);
});

it("orders containers by bytes, or by their items", async () => {
  const world = new World(11);
  const { values, containers, none } = world;
  const roomy = containers.list([none], 100);
  const full = containers.list(Array.from({ length: 40 }, () => none));
  const twin = containers.list([none], 100);
  world.module("m", [[values.str("t"), containers.tuple([roomy, full, twin])]]);
  const core = putCore(world.build().core);
  const order = async (...options: string[]) => {
    const { json } = await ask<ContainersJson>("types", [core], "--containers", "--top", "2", ...options);
    return { rows: json.rows.map(({ address }) => Number(address)), rest: json.totals.restCount };
  };
  expect(await order()).toEqual({ rows: [roomy.address, twin.address], rest: 2 });
  expect(await order("--sort", "count")).toEqual({ rows: [full.address, roomy.address], rest: 2 });
});

it("compares long texts to their last byte", async () => {
  const world = new World(11);
  const { values, containers } = world;
  const long = (length: number, last: number) => values.bytes(new Uint8Array(length).fill(65).fill(last, -1));
  // About a thousand bytes they are read in pieces; 70,001 are two of these and no whole words.
  const made = [1023, 1024, 1025, 9001].flatMap((length) => [
    long(length, 66),
    long(length, 66),
    long(length, 67),
  ]);
  world.module("app", [[values.str("all"), containers.list(made)]]);
  const { json } = await ask<StringsJson>("types", [putCore(world.build().core)], "--strings", "--all");
  const rows = json.rows.filter(({ type }) => type === "builtins.bytes");
  expect(rows.map(({ length, count }) => [length, count])).toEqual([
    [9001, 2],
    [1025, 2],
    [1024, 2],
    [1023, 2],
  ]);
});

it("tells contents apart whose hashes are the same", async () => {
  const world = new World(11);
  // Made for the 64 bits that contents are compared by first: the second words undo what the first ones change.
  const words = [
    [0x2aa2c814, 0x100c5020],
    [0xcc5f1463, 0x20410387],
  ];
  const raw = words.map((pair) => world.values.bytes(new Uint8Array(Uint32Array.from(pair).buffer)));
  world.module("m", [[world.values.str("raw"), world.containers.list(raw)]]);
  const { json } = await ask<StringsJson>("types", [putCore(world.build().core)], "--strings");
  expect(json.totals.duplicates).toBe(0);
});

it("cannot compare texts that are not saved, and counts them", async () => {
  const world = new World(11);
  const { values, containers, heap } = world;
  const [first, second] = [values.looseStr("gone"), values.looseStr("gone")];
  heap.memory.u64(second.address + heap.structs.strData, 0x10_0000);
  world.module("m", [[values.str("t"), containers.tuple([first, second])]]);
  const { json } = await ask<StringsJson>("types", [putCore(world.build().core)], "--strings");
  expect(json.totals).toMatchObject({ duplicates: 0, notCompared: 1 });
});
