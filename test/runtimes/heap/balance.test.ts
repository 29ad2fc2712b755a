import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import { PLACES } from "./heap.ts";
import { MallocHeap, mapChunk } from "./malloc.ts";
import { allUnknown, type Parts, type TypesJson } from "./results.ts";
import type { Minor } from "./versions.ts";
import { World } from "./world.ts";

type Change = (world: World) => void;

async function balance(minor: Minor, change: Change): Promise<TypesJson["totals"]> {
  const world = new World(minor);
  world.addInterpreter();
  change(world);
  const { json } = await ask<TypesJson>("types", [putCore(world.build().core)]);
  return json.totals;
}

/** What a change moves from one part to others: the parts that differ, and by how much. */
async function moved(minor: Minor, before: Change, after: Change): Promise<Partial<Parts>> {
  const [old, now] = await Promise.all(
    [before, after].map(async (change) => {
      const { balance: parts } = await balance(minor, change);
      return { ...parts, unknown: allUnknown(parts), unknownUntouched: 0 };
    }),
  );
  if (old === undefined || now === undefined) throw new Error("two balances");
  const keys = Object.keys(old) as (keyof Parts)[];
  return Object.fromEntries(
    keys.filter((key) => now[key] !== old[key]).map((key) => [key, now[key] - old[key]]),
  );
}

/** A float, whose 24 bytes take a block of 32; of 24 up to 3.7. */
const aFloat = (world: World) => world.values.float(0.5);

describe("in the balance", () => {
  it.each([
    [7, 24],
    [8, 32],
    [14, 32],
  ] as const)("of 3.%i a freed object's block is a freed block", async (minor, bytes) => {
    const change = await moved(
      minor,
      (world) => [aFloat(world), aFloat(world)],
      (world) => [world.heap.free(aFloat(world)), aFloat(world)],
    );
    expect(change).toEqual({ objectBlocks: -bytes, freedBlocks: bytes });
  });

  it.each([
    [9, 4096],
    [10, 16_384],
  ] as const)("of 3.%i a pool without a block in use is a free pool as a whole", async (minor, bytes) => {
    const rest = bytes - 48 - 2 * 32;
    const change = await moved(
      minor,
      (world) => [aFloat(world), aFloat(world)],
      (world) => [world.heap.free(aFloat(world)), world.heap.free(aFloat(world))],
    );
    expect(change).toEqual({ objectBlocks: -64, headers: -48, uncarved: -rest, freePools: bytes });
  });

  it("a block that was never used is not carved, and what it is used for after that is", async () => {
    expect(await moved(11, aFloat, (world) => [aFloat(world), aFloat(world)])).toEqual({
      objectBlocks: 32,
      uncarved: -32,
    });
  });

  it("a torn pool is a part of its arena, and its objects are not seen", async () => {
    const change = await moved(11, aFloat, (world) => {
      const { block } = aFloat(world);
      if (block !== null) world.heap.pools.poolOf(block).torn = 1;
    });
    expect(change).toEqual({ objectBlocks: -32, headers: -48, uncarved: -16_304, unusedArenas: 16_384 });
  });

  it("pages of an arena that are no pool are unknown where no table leads to it", async () => {
    const change = await moved(
      11,
      () => {},
      (world) => {
        world.heap.hasArenaTable = false;
      },
    );
    expect(change).toEqual({ unusedArenas: -540_672, unknown: 540_672 });
  });

  it("a block in use that holds no object is another's", async () => {
    expect(await moved(11, aFloat, (world) => world.heap.allocate(24))).toEqual({
      objectBlocks: -32,
      otherBlocks: 32,
    });
  });

  it("a list's table counts with what the list says of it, and what it is rounded up by does not", async () => {
    const change = await moved(
      11,
      (world) => [world.containers.list([]), world.heap.allocate(8 * 3)],
      (world) => world.containers.list([], 3),
    );
    expect(change).toEqual({ tables: 24, otherBlocks: -24 });
  });

  it("tables are no more than the blocks that could hold them", async () => {
    const { balance: parts, bridge } = await balance(11, (world) => {
      const list = world.containers.list([]);
      world.heap.memory.u64(list.address + 32, 2 ** 20);
    });
    expect(parts.otherBlocks).toBe(0);
    expect(parts.tables).toBeLessThan(2 ** 20);
    expect(bridge.tables).toBeGreaterThan(2 ** 23);
  });

  it("a chunk that is freed is malloc's again, all but its header", async () => {
    const change = await moved(
      11,
      (world) => [world.heap.malloc.allocate(1000), world.heap.malloc.allocate(40)],
      (world) => [world.heap.malloc.free(world.heap.malloc.allocate(1000)), world.heap.malloc.allocate(40)],
    );
    expect(change).toEqual({ otherBlocks: -1000, mallocFree: 1000 });
  });

  it("a chunk that holds an object is the object's, all but its header", async () => {
    const change = await moved(
      11,
      (world) => world.heap.malloc.allocate(633),
      (world) => world.values.bytes(new Uint8Array(600)),
    );
    expect(change).toEqual({ objectBlocks: 648, otherBlocks: -648 });
  });

  it("an object whose chunk was freed is no object", async () => {
    const big = (world: World) => world.values.bytes(new Uint8Array(600));
    const change = await moved(
      11,
      (world) => [big(world), world.heap.malloc.allocate(40)],
      (world) => [world.heap.free(big(world)), world.heap.malloc.allocate(40)],
    );
    expect(change).toEqual({ objectBlocks: -648, mallocFree: 648 });
  });

  it("what malloc mapped on its own is a block behind 16 bytes of header, and is unknown without", async () => {
    const [start, bytes] = [0x7f50_0000_0000, 0x5000];
    const change = await moved(
      11,
      (world) => world.heap.memory.map(start, bytes),
      (world) => mapChunk(world.heap.memory, start, bytes - 16),
    );
    expect(change).toEqual({ otherBlocks: bytes - 16, headers: 16, unknown: -bytes });
  });

  it("a large object has a mapped chunk of its own", async () => {
    const bytes = 200_000 + 33;
    const size = Math.ceil((bytes + 16) / 4096) * 4096;
    const change = await moved(
      11,
      () => {},
      (world) => world.values.bytes(new Uint8Array(200_000)),
    );
    expect(change).toEqual({ objectBlocks: size - 16, headers: 16 });
  });

  it("a thread's arena that none leads to is a chain of chunks behind a lead that is unknown", async () => {
    const [start, bytes] = [PLACES.threadArena, 0x2_1000];
    const change = await moved(
      11,
      (world) => {
        world.heap.hasMainArena = false;
        world.heap.memory.map(start, bytes);
      },
      (world) => {
        world.heap.hasMainArena = false;
        world.heap.memory.map(start, bytes);
        const arena = new MallocHeap(world.heap.memory, start, start + bytes, "thread");
        arena.allocate(1000);
        arena.settle(world.heap.apart);
      },
    );
    // heap_info and malloc_state; the cache of chunks and the 1,000 bytes; three headers; the top.
    const rest = bytes - 0x8d0 - 3 * 8 - 0x288 - 1000;
    expect(change).toEqual({
      otherBlocks: 0x288 + 1000,
      headers: 24,
      mallocFree: rest,
      unknown: 0x8d0 - bytes,
    });
  });

  it("a thread's arena in the ring is malloc's to its first byte, and what it reserved behind it as well", async () => {
    const [start, bytes] = [PLACES.threadArena, 0x2_1000];
    const reserve = ({ heap }: World) => {
      heap.memory.map(start, bytes);
      heap.memory.map(start + bytes, 0x8000, { permissions: "r--" });
    };
    const change = await moved(11, reserve, (world) => {
      reserve(world);
      const arena = new MallocHeap(world.heap.memory, start, start + bytes, "thread");
      arena.allocate(1000);
      world.heap.threadArenas.push(arena);
    });
    expect(change).toEqual({
      otherBlocks: 0x288 + 1000,
      headers: 24 + 0x8d0,
      mallocTop: 4096 - 0x8d0 - 3 * 8 - 0x288 - 1000,
      unknown: -bytes,
      mallocReserved: bytes - 4096 + 0x8000,
      readOnly: -0x8000,
    });
  });

  it("what was freed and waits in a fastbin is cached, and so is what a thread keeps", async () => {
    const blocks = ({ heap }: World) =>
      [40, 40, 40, 200, 200].map((bytes) => heap.malloc.allocate(bytes).start);
    const fast = await moved(11, blocks, (world) => {
      const [a = 0, , c = 0] = blocks(world);
      world.heap.fastChunks.push(c - 16, a - 16);
    });
    expect(fast).toEqual({ otherBlocks: -80, mallocCached: 80 });
    const cached = await moved(11, blocks, (world) => {
      world.heap.cachedBlocks.push(...blocks(world).slice(3));
    });
    // The cache's own struct is malloc's, and no program's.
    expect(cached).toEqual({ otherBlocks: -400 - 0x288, mallocCached: 400, headers: 0x288 });
  });

  it("an object whose chunk is cached is a freed one", async () => {
    const big = (world: World) => world.values.bytes(new Uint8Array(600));
    const change = await moved(11, big, (world) => {
      const { block } = big(world);
      if (block !== null) world.heap.cachedBlocks.push(block.start);
    });
    expect(change).toEqual({
      objectBlocks: -648,
      otherBlocks: -0x288,
      mallocCached: 648,
      headers: 0x288,
    });
  });

  it("a stack is a stack by a thread that stands in it", async () => {
    const change = await moved(
      11,
      () => {},
      (world) => world.process.threads.pop(),
    );
    expect(change).toEqual({ stacksUntouched: -0x2000, unknown: 0x2000 });
  });

  it("what a stack never touched is told apart, by whole pages", async () => {
    const stack = (used: number) => (world: World) => {
      const start = 0x7ff8_0000_0000;
      world.heap.memory.map(start, 0x8000);
      world.process.threads.push({ pid: 4712, sp: start + 0x7000 });
      for (let at = 0x8000 - used; at < 0x8000; at += 8) world.heap.memory.u64(start + at, 1);
    };
    expect(await moved(11, stack(0x1000), stack(0x1008))).toEqual({ stacks: 4096, stacksUntouched: -4096 });
  });

  it("what nothing claims and nothing touched is told apart, by whole pages", async () => {
    const mapped = (used: number) => (world: World) => {
      const start = 0x7ff8_0000_0000;
      world.heap.memory.map(start, 0x8000);
      for (let at = 0; at < used; at += 8) world.heap.memory.u64(start + at, 1);
    };
    const [none, some] = await Promise.all(
      [mapped(0x1000), mapped(0x1008)].map(async (change) => (await balance(11, change)).balance),
    );
    expect([none?.unknown, none?.unknownUntouched]).toEqual([0x1000, 0x7000]);
    expect([some?.unknown, some?.unknownUntouched]).toEqual([0x2000, 0x6000]);
  });

  it("what an allocator has in a stack's segment is no stack", async () => {
    const start = 0x7ff8_0000_0000;
    const stack = (world: World) => {
      world.heap.hasMainArena = false;
      world.heap.memory.map(start, 0x1_0000);
      for (let page = 0; page < 12; page += 1) world.heap.memory.u64(start + 4096 * page + 8, 1);
      world.process.threads.push({ pid: 4712, sp: start + 0x100 });
    };
    const change = await moved(11, stack, (world) => {
      stack(world);
      const heap = new MallocHeap(world.heap.memory, start, start + 0x1_0000);
      heap.allocate(1000);
      heap.settle(world.heap.apart);
    });
    expect(change).toEqual({
      stacks: -0xc000,
      stacksUntouched: -0x4000,
      otherBlocks: 0x288 + 1000,
      headers: 24,
      mallocFree: 0x1_0000 - 24 - 0x288 - 1000,
    });
  });

  it("memory behind a module's data in the same segment is not the module's", async () => {
    const map = (fileBytes: number) => (world: World) =>
      world.heap.memory.map(0x7f60_0000_0000, 0x3000, { path: "/usr/lib/libx.so", filePage: 4, fileBytes });
    expect(await moved(11, map(0x3000), map(0x1000))).toEqual({ staticData: -0x2000, unknown: 0x2000 });
  });

  it("a module's pages that are saved are told from other read-only memory", async () => {
    const map = (path?: string) => (world: World) =>
      world.heap.memory.map(0x7f60_0000_0000, 0x3000, {
        permissions: "r--",
        ...(path === undefined ? {} : { path, filePage: 4 }),
      });
    expect(await moved(11, map(), map("/usr/lib/libx.so"))).toEqual({
      readOnly: -0x3000,
      modulePages: 0x3000,
    });
  });

  it("only what is saved counts, and the rest is said beside it", async () => {
    const map = (savedBytes: number) => (world: World) =>
      world.heap.memory.map(0x7f60_0000_0000, 0x3000, { savedBytes });
    const [all, some] = [await balance(11, map(0x3000)), await balance(11, map(0x1000))];
    expect(await moved(11, map(0x3000), map(0x1000))).toEqual({ unknown: -0x2000 });
    expect(some.savedBytes - all.savedBytes).toBe(-0x2000);
    expect(some.notSavedBytes - all.notSavedBytes).toBe(0x2000);
  });
});

describe.each([11, 12, 13, 14, 15] as const)("in the balance of 3.%i stacks of frames", (minor) => {
  const at = 0x7f60_0000_0000;
  const serve = ({ code, values }: World) => {
    const body = code.code({ name: "serve", file: "app.py", line: 1, locals: ["x"] });
    return { code: body, locals: [values.float(1)] };
  };

  it("are the interpreter's own, however many lie side by side", async () => {
    const { balance: parts } = await balance(minor, (world) => {
      const plan = serve(world);
      world.module("code", [[world.values.str("body"), plan.code]]);
      for (let index = 0; index < 12; index += 1) world.frames.thread(index, at + index * 0x4000, [plan]);
    });
    expect({ dataStacks: parts.dataStacks, unknown: allUnknown(parts) }).toEqual({
      dataStacks: 12 * 0x4000,
      unknown: 0,
    });
  });

  it("that were left are told by those that follow them", async () => {
    const { balance: parts } = await balance(minor, (world) => {
      const plan = serve(world);
      world.module("code", [[world.values.str("body"), plan.code]]);
      world.frames.thread(1, at, [], [plan]);
    });
    expect(parts.dataStacks).toBe(2 * 0x4000);
  });

  it.each([
    ["a frame of other than code", [0, 0x4000, 0]],
    ["a size of no stack", [at + 0x4000, 0x6000, 0]],
    ["more in use than there is", [at + 0x4000, 0x4000, 0x800]],
    ["an end that is not saved", [at + 0x4000, 0x8000, 0]],
    ["a place before that is no page", [at + 0x4008, 0x4000, 0]],
  ] as const)("are none with %s", async (_, header) => {
    const { balance: parts } = await balance(minor, ({ heap: { memory } }) => {
      memory.map(at, 0x4000);
      header.forEach((word, index) => {
        memory.u64(at + 8 * index, word);
      });
    });
    expect({ dataStacks: parts.dataStacks, unknown: allUnknown(parts) }).toEqual({
      dataStacks: 0,
      unknown: 0x4000,
    });
  });
});
