import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import { PLACES, type PyObject } from "./heap.ts";
import type { WhatisJson } from "./results.ts";
import { MINORS } from "./versions.ts";
import { World } from "./world.ts";
import { addZoo } from "./zoo.ts";

const hex = (at: number) => `0x${at.toString(16)}`;

async function whatis(world: World, ...addresses: number[]) {
  const path = putCore(world.build().core);
  const { json } = await ask<WhatisJson>("whatis", [path, ...addresses.map(hex)]);
  return json.rows;
}

describe.each(MINORS)("at an address of CPython 3.%i", (minor) => {
  it("is the object that begins there, as large and as often held as it is", async () => {
    const world = new World(minor);
    addZoo(world);
    world.addInterpreter();
    const live = world.heap.objects.filter(({ state }) => state === "live");
    // A class first: 3.8 and 3.9 are told apart by where classes have their names, and by nothing else.
    const isClass = ({ type, block }: PyObject) => type?.name === "type" && block !== null;
    const objects = [...live.filter(isClass), ...live.filter((object) => !isClass(object))];
    const rows = await whatis(world, ...objects.map(({ address }) => address));
    const found = rows.map(({ object }) => ({
      at: object?.address,
      offset: object?.offset,
      type: object?.type.replace(/^builtins\./, ""),
      bytes: object?.bytes,
      state: object?.state,
      place: object?.place,
      immortal: object?.immortal,
      references: object?.references,
    }));
    const expected = objects.map(({ address, type, bytes, block, references }) => ({
      at: hex(address),
      offset: 0,
      type: type?.name,
      bytes,
      state: "live",
      place: block?.place ?? "static",
      immortal: minor >= 12 && block === null,
      references: minor >= 12 && block === null ? null : Math.max(1, references),
    }));
    expect(found).toEqual(expected);
  });

  it("is the object that has it inside, wherever that lies", async () => {
    const world = new World(minor);
    const { heap, values, containers } = world;
    const inPool = values.bytes(new Uint8Array(20));
    const inChunk = values.bytes(new Uint8Array(600));
    const inMapped = values.bytes(new Uint8Array(200_000));
    const alone = containers.list([], 4);
    const parked = containers.list([], 0);
    const cached = values.bytes(new Uint8Array(600));
    const freed = values.float(1);
    const freedList = containers.list([], 0);
    values.float(2);
    heap.park(parked);
    heap.free(freed);
    heap.free(freedList);
    if (cached.block !== null) heap.cachedBlocks.push(cached.block.start);
    world.addInterpreter();
    const { structs } = heap;
    const inside = [inPool, inChunk, inMapped, alone, world.types.get("int"), world.none];
    const gone = [parked, freed, freedList];
    const rows = await whatis(world, ...[...inside, ...gone, cached].map(({ address }) => address + 9));
    const told = rows.map(({ object }) => [object?.address, object?.offset, object?.state, object?.place]);
    expect(told).toEqual([
      [hex(inPool.address), 9, "live", "pool"],
      [hex(inChunk.address), 9, "live", "chunk"],
      [hex(inMapped.address), 9, "live", "mapped"],
      [hex(alone.address), 9, "live", "pool"],
      [hex(world.types.get("int").address), 9, "live", "static"],
      [hex(world.none.address), 9, "live", "static"],
      ...gone.map(({ address }) => [hex(address), 9, "freed", "pool"]),
      [hex(cached.address), 9, "freed", "chunk"],
    ]);
    expect(rows.slice(6, 9).map(({ object }) => object?.references)).toEqual([null, null, null]);
    const head = heap.headBytes(world.types.get("list"));
    const table = heap.memory.readU64(alone.address + 24);
    const ends = [
      alone.address - head,
      alone.address - head - 1,
      inChunk.address + 600 + 33 - 1,
      inChunk.address - 1,
      table,
      inMapped.address - 1,
      PLACES.stack + 8,
      world.types.get("int").address + structs.typeBytes,
    ];
    const others = await whatis(world, ...ends);
    expect(others.map(({ object }) => (object === null ? null : [object.address, object.offset]))).toEqual([
      [hex(alone.address), -head],
      // The block before it, but for 3.7, whose blocks of 56 and 72 bytes are in two pools.
      minor === 7 ? null : [hex(inPool.address), 63],
      [hex(inChunk.address), 632],
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

it("a chunk's last bytes are the next one's first word, and belong to it all the same", async () => {
  const world = new World(11);
  const { values, heap } = world;
  // 33 + 615 bytes fill a chunk of 656 up to the end of the next one's prev_size.
  const full = values.bytes(new Uint8Array(615));
  const next = values.bytes(new Uint8Array(615));
  const rows = await whatis(world, full.address + 640, full.address + 647, full.address + 648, next.address);
  expect(rows.map(({ object }) => object?.address ?? null)).toEqual([
    hex(full.address),
    hex(full.address),
    null,
    hex(next.address),
  ]);
  expect(full.block?.bytes).toBe(648);
  expect(heap.minor).toBe(11);
});

it("an object in memory of no known allocator is one only where it begins", async () => {
  const world = new World(11);
  const at = 0x7f70_0000_0000;
  world.heap.memory.map(at, 0x2000);
  const write = (address: number, type: string, references: number) => {
    world.heap.memory.u64(address, references);
    world.heap.memory.u64(address + 8, world.types.get(type).address);
  };
  write(at + 64, "float", 3);
  write(at + 128, "float", 0);
  const rows = await whatis(world, at + 64, at + 72, at + 128);
  expect(rows.map(({ object }) => object && [object.state, object.place, object.references])).toEqual([
    ["unknown", null, 3],
    null,
    null,
  ]);
});

it("says how often each address occurs as a word", async () => {
  const world = new World(11);
  const { containers, values } = world;
  const item: PyObject = values.float(1);
  world.module("m", [[values.str("list"), containers.list([item, item, item])]]);
  world.addInterpreter();
  const [row, other] = await whatis(world, item.address, item.address + 8);
  expect([row?.count, other?.count]).toEqual([3, 0]);
});

it("says which part of which file is mapped there", async () => {
  const world = new World(11);
  world.addInterpreter();
  const [row, other] = await whatis(world, PLACES.data + 8, PLACES.heap);
  expect(row?.mapping).toEqual({
    path: "/usr/bin/python3.11",
    start: "0x55d000200000",
    end: hex(
      PLACES.data + (world.heap.memory.regions.find(({ start }) => start === PLACES.data)?.data.length ?? 0),
    ),
    fileOffset: "0x201000",
  });
  expect(other?.mapping).toBeNull();
});
