import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import { MallocHeap, mapChunk } from "./malloc.ts";
import { allUnknown, type OwnersJson, type TypesJson } from "./results.ts";
import { World } from "./world.ts";

const PLACE = 0x7f60_0000_0000;

/** What a region of 64 KiB adds to the balance, and what is said. */
async function withRegion(fill: (world: World) => void) {
  const world = new World(11);
  world.addInterpreter();
  world.heap.hasMainArena = false;
  const before = await ask<TypesJson>("types", [putCore(world.build().core)]);
  world.heap.memory.map(PLACE, 0x1_0000);
  fill(world);
  const after = await ask<TypesJson>("types", [putCore(world.build().core)]);
  const [old, now] = [before.json.totals.balance, after.json.totals.balance];
  return {
    unknown: allUnknown(now) - allUnknown(old),
    otherBlocks: now.otherBlocks - old.otherBlocks,
    mallocFree: now.mallocFree - old.mallocFree,
    said: after.said
      .slice(1)
      .filter((line) => !/malloc's arenas were not found|of writable memory is accounted/.test(line)),
  };
}

/** Headers of chunks of 64 bytes, one after the other. */
function putHeaders({ heap }: World, at: number, count: number, word = 0x41): void {
  for (let n = 0; n < count; n += 1) heap.memory.u64(at + 64 * n + 8, word);
}

describe("chunks of malloc are believed", () => {
  it("where eight follow each other, and what makes no sense behind them is said to be lost", async () => {
    const found = await withRegion((world) => putHeaders(world, PLACE, 8));
    // The last one's header is followed by none: seven are known to be in use.
    expect(found).toEqual({
      unknown: 0x1_0000 - 8 * 64,
      otherBlocks: 7 * 56,
      mallocFree: 56,
      said: [`warning: ${0x1_0000 - 8 * 64} bytes of malloc's chunks make no sense: not told apart`],
    });
  });

  it("but not where seven do", async () => {
    const found = await withRegion((world) => putHeaders(world, PLACE, 7));
    expect(found).toEqual({ unknown: 0x1_0000, otherBlocks: 0, mallocFree: 0, said: [] });
  });

  it("where they end with the memory, however few", async () => {
    const found = await withRegion(({ heap }) => {
      new MallocHeap(heap.memory, PLACE, PLACE + 0x1_0000).settle(heap.apart);
    });
    expect(found).toMatchObject({ unknown: 0, otherBlocks: 0x288, said: [] });
  });

  it("within the first page, at multiples of 16, of one arena alone, not mapped", async () => {
    const none = { unknown: 0x1_0000, otherBlocks: 0, said: [] };
    const lead = await withRegion((world) => putHeaders(world, PLACE + 4096 - 16, 12));
    expect(lead.otherBlocks).toBe(11 * 56);
    expect(lead.unknown).toBe(0x1_0000 - 12 * 64);
    expect(await withRegion((world) => putHeaders(world, PLACE + 4096, 12))).toMatchObject(none);
    expect(await withRegion((world) => putHeaders(world, PLACE, 12, 0x43))).toMatchObject(none);
    const mixed = await withRegion((world) => {
      putHeaders(world, PLACE, 12);
      world.heap.memory.u64(PLACE + 64 * 4 + 8, 0x45);
    });
    expect(mixed).toMatchObject(none);
    expect(await withRegion((world) => putHeaders(world, PLACE, 12, 0x11))).toMatchObject(none);
  });
});

describe("chunks larger than what is read at once", () => {
  const MIB = 2 ** 20;

  async function withLarge(isObject: boolean, isFreed: boolean) {
    const world = new World(11);
    const { heap, types } = world;
    heap.hasMainArena = false;
    heap.memory.map(PLACE, 8 * MIB);
    const chain = new MallocHeap(heap.memory, PLACE, PLACE + 8 * MIB);
    const block = chain.allocate(3 * MIB);
    const behind = chain.allocate(1000);
    if (isObject) {
      const object = heap.make(types.get("bytes"), 33 + 3 * MIB - 100, 0, () => block);
      heap.memory.u64(object.address + 16, 3 * MIB - 100);
      if (isFreed) object.state = "freed";
    }
    if (isFreed) chain.free(block);
    world.addInterpreter();
    chain.settle(heap.apart);
    const built = world.build();
    const { json, said } = await ask<TypesJson>("types", [putCore(built.core)]);
    const { balance } = json.totals;
    expect(balance.mallocFree).toBe(built.blocks.mallocFree + heap.apart.mallocFree);
    expect(allUnknown(balance)).toBe(0);
    expect(said.slice(1).filter((line) => !line.includes("malloc's arenas were not found"))).toEqual([]);
    return {
      objects: balance.objectBlocks - built.blocks.objectBlocks,
      others: balance.otherBlocks + balance.tables - built.blocks.otherBlocks,
      block: block.bytes,
      rest: behind.bytes + 0x288,
    };
  }

  it("are in use for an object, or for something else", async () => {
    const object = await withLarge(true, false);
    expect([object.objects, object.others]).toEqual([object.block, object.rest]);
    const other = await withLarge(false, false);
    expect([other.objects, other.others]).toEqual([0, other.block + other.rest]);
  });

  it("or free", async () => {
    const freed = await withLarge(true, true);
    expect([freed.objects, freed.others]).toEqual([0, freed.rest]);
  });
});

describe("a mapped chunk is one", () => {
  const taken = async (change: (world: World, at: number) => void) => {
    const world = new World(11);
    world.addInterpreter();
    mapChunk(world.heap.memory, PLACE, 0x3000 - 16);
    change(world, PLACE);
    const { json } = await ask<TypesJson>("types", [putCore(world.build().core)]);
    return allUnknown(json.totals.balance);
  };

  it("whose size is whole pages and has one flag, within its segment", async () => {
    expect(await taken(() => {})).toBe(0);
    expect(await taken(({ heap }, at) => heap.memory.u64(at + 8, 0x3003))).toBe(0x3000);
    expect(await taken(({ heap }, at) => heap.memory.u64(at + 8, 0x3012))).toBe(0x3000);
    expect(await taken(({ heap }, at) => heap.memory.u64(at + 8, 0x4002))).toBe(0x3000);
    expect(await taken(({ heap }, at) => heap.memory.u64(at, 16))).toBe(0x3000);
    expect(await taken(({ heap }, at) => heap.memory.u64(at + 8, 0x2002))).toBe(0x1000);
  });

  it("and the one that another holds in itself is not", async () => {
    const inside = ({ heap }: World, at: number) => heap.memory.u64(at + 0x1008, 0x1002);
    expect(await taken(inside)).toBe(0);
  });
});

it("a table that many dicts claim is not followed more often than there is memory for", async () => {
  const world = new World(11);
  const { dicts, values, heap, containers } = world;
  const items = Array.from({ length: 1365 }, (_, n) => values.float(n));
  const [first = world.none] = items;
  const honest = dicts.dict(
    items.map((item) => [item, item] as const),
    { log2: 11, isUnicode: false },
  );
  const table = heap.memory.readU64(honest.address + 32);
  const claims = Array.from({ length: 130 }, () => {
    const dict = dicts.dict([[first, first]]);
    heap.memory.u64(dict.address + 32, table);
    return dict;
  });
  // As many references as all dicts would hold: with each of them followed, nothing is held from outside.
  for (const item of items) item.references += 2 * 130;
  const all = [honest, ...claims];
  const cycle = containers.list(all, all.length + 1);
  containers.put(cycle, all.length, cycle);
  world.addInterpreter();
  const { json } = await ask<OwnersJson>("owners", [putCore(world.build().core)]);
  const { other, garbage } = json.totals.reached;
  expect(garbage.count).toBeLessThan(1365);
  expect(other.count).toBeGreaterThan(1300);
});
