import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import { writeCore } from "./core-file.ts";
import { PLACES } from "./heap.ts";
import { Memory } from "./memory.ts";
import type { TypesJson } from "./results.ts";
import { World } from "./world.ts";

/** _PyRuntime as it begins since 3.13 (Include/internal/pycore_debug_offsets.h): cookie, version, whether free-threaded. */
function putRuntime(world: World, version: number, isFreeThreaded: boolean): number {
  const at = PLACES.data + 0x200;
  const { memory } = world.heap;
  memory.bytes(at, new TextEncoder().encode("xdebugpy"));
  memory.u64(at + 8, version);
  memory.u64(at + 16, isFreeThreaded ? 1 : 0);
  return at;
}

async function refusal(core: Uint8Array): Promise<string> {
  const path = putCore(core);
  const { status, said } = await ask("types", [path]);
  expect(status).toBe(1);
  return (said[0] ?? "").replaceAll(path, "CORE");
}

describe("what is not read", () => {
  it("is a Python that says that it is free-threaded, and has no such types", async () => {
    const world = new World(13);
    world.addInterpreter();
    putRuntime(world, 0x030d_01f0, true);
    expect(await refusal(world.build().core)).toMatch(
      /^CORE: no CPython type objects in its writable memory, though it says that it is CPython 3\.13\.1, free-threaded; /,
    );
  });

  it("is CPython 2.7, by how large `type` is there", async () => {
    const world = new World(11);
    world.addInterpreter();
    const { types, heap } = world;
    heap.memory.u64(types.get("type").address + heap.structs.typeBasicSize, 872);
    expect(await refusal(world.build().core)).toMatch(
      /^CORE: CPython 2\.7, whose objects are not read; those of 3\.6 and later are; /,
    );
  });

  it("is a version that is newer than those that are known", async () => {
    const world = new World(15);
    world.addInterpreter();
    putRuntime(world, 0x0310_00f0, false);
    const { types, heap } = world;
    heap.memory.u64(types.get("type").address + heap.structs.typeBasicSize, 960);
    expect(await refusal(world.build().core)).toMatch(
      /^CORE: CPython 3\.16\.0, newer than 3\.15, the newest whose objects are read; /,
    );
  });

  it("is a Python whose types have other sizes", async () => {
    const world = new World(11);
    world.addInterpreter();
    const { types, heap } = world;
    heap.memory.u64(types.get("type").address + heap.structs.typeBasicSize, 912);
    expect(await refusal(world.build().core)).toContain("of a version or build that is not known");
  });

  it.each([
    ["/opt/pypy3", "PyPy: gc.dump_rpy_heap(FILE), in the process, writes its objects"],
    ["/usr/lib/libpypy3.9-c.so", "PyPy: gc.dump_rpy_heap(FILE), in the process, writes its objects"],
    ["/usr/bin/python3.11", "a Python of a build that is not known, or whose data is not saved"],
    ["/usr/lib/libpython3.12.so.1.0", "a Python of a build that is not known, or whose data is not saved"],
    ["/usr/bin/node", "Node.js: llnode, or a heap snapshot (node --heapsnapshot-signal), has its objects"],
    [
      "/usr/lib/libnode.so.115",
      "Node.js: llnode, or a heap snapshot (node --heapsnapshot-signal), has its objects",
    ],
    ["/usr/lib/jvm/lib/server/libjvm.so", "a Java VM: jhsdb jmap --binaryheap has its objects"],
    ["/usr/share/dotnet/libcoreclr.so", ".NET: dotnet-dump analyze has its objects"],
    ["/usr/bin/ruby3.1", "Ruby"],
    ["/usr/bin/perl", "Perl"],
    ["/usr/sbin/php-fpm8.2", "PHP"],
    ["/usr/lib/libstdc++.so.6.0.30", "a C++ program: chap has malloc's blocks and C++ objects"],
    ["/usr/lib/libc.so.6", "a C program, or what is built like one: chap has malloc's blocks"],
    ["/srv/app/thing", "a program without shared libraries, or its notes do not name them"],
  ])("a process with %s, and it looks like %s", async (path, look) => {
    const memory = new Memory();
    memory.map(PLACES.data, 0x1000, { path, filePage: 1 });
    expect(await refusal(writeCore(memory, { name: "app" }))).toMatch(
      new RegExp(
        `^CORE: no CPython type objects in its writable memory; the process \\(app\\) looks like ${look.replace(/[.()+]/g, "\\$&")}[:;]`,
      ),
    );
  });
});

describe("a Python of 3.13 that says where it has sys.modules", () => {
  const build = (version: number, isDict: boolean) => {
    const world = new World(13);
    const { heap } = world;
    world.addInterpreter();
    const at = putRuntime(world, version, false);
    const interpreter = heap.malloc.allocate(256).start;
    const minor = (version >> 16) & 0xff;
    // The offsets of interpreters.head in _PyRuntime, and of imports.modules in the interpreter.
    heap.memory.u64(at + 40, 128);
    heap.memory.u64(at + (minor === 14 ? 96 : 88), 64);
    heap.memory.u64(at + 128, interpreter);
    const modules = world.modules;
    heap.memory.u64(interpreter + 64, isDict ? (modules?.address ?? 0) : world.none.address);
    return { core: world.build().core, none: world.none.address };
  };

  it("is taken at its word where it is right", async () => {
    const { said } = await ask<TypesJson>("types", [putCore(build(0x030d_00f0, true).core)]);
    expect(said).toHaveLength(1);
  });

  it("is told that it is wrong where no dict is there", async () => {
    const { core, none } = build(0x030d_00f0, false);
    const { said } = await ask<TypesJson>("types", [putCore(core)]);
    expect(said.slice(1)).toEqual([
      `warning: _PyRuntime has sys.modules at 0x${none.toString(16)}, where no dict was found`,
    ]);
  });

  it("is told that its types are another version's", async () => {
    const { said } = await ask<TypesJson>("types", [putCore(build(0x030e_00f0, true).core)]);
    expect(said.slice(1)).toEqual(["warning: its types are those of CPython 3.13, _PyRuntime says 3.14.0"]);
  });
});

describe("the first line says how a heap is made", () => {
  it("how much of the writable memory is accounted for", async () => {
    const world = new World(11);
    world.addInterpreter();
    world.heap.memory.map(0x7f60_0000_0000, 0x10_0000);
    for (let page = 0; page < 0x100; page += 1) world.heap.memory.u64(0x7f60_0000_0000 + 4096 * page, 1);
    const { said, json } = await ask<TypesJson>("types", [putCore(world.build().core)]);
    const { savedBytes, balance } = json.totals;
    expect(balance.unknown).toBe(0x10_0000);
    // What no memory stands behind is none.
    const writable = savedBytes - balance.modulePages - balance.mallocReserved - balance.stacksUntouched;
    const share = ((100 * (writable - 0x10_0000)) / writable).toFixed(1);
    expect(said).toEqual([
      `CPython 3.11, pymalloc, ${world.heap.pools.count} pools; ${share} % of writable memory accounted for`,
      `warning: only ${share} % of writable memory is accounted for: of 1.0 MiB nothing is known, and objects in it are in no row`,
    ]);
  });

  it("and that it has no pymalloc, or an allocator that is not known", async () => {
    const world = new World(11);
    const { types, heap } = world;
    const arena = heap.memory.regions.findIndex(({ start }) => start === PLACES.arenas);
    heap.memory.regions.splice(arena, 1);
    heap.pools.forget();
    heap.make(types.get("float"), 24, 0, (bytes) => heap.malloc.allocate(bytes));
    const { said } = await ask<TypesJson>("types", [putCore(world.build().core)]);
    expect(said).toEqual([
      "CPython 3.11, no pymalloc; 100.0 % of writable memory accounted for",
      "warning: no pymalloc pools: all objects are malloc's, and of freed ones it leaves little to see",
    ]);
    heap.memory.map(0x7f60_0000_0000, 0x10_0000);
    for (let page = 0; page < 0x100; page += 1) heap.memory.u64(0x7f60_0000_0000 + 4096 * page, 1);
    const other = await ask<TypesJson>("types", [putCore(world.build().core)]);
    expect(other.said[1]).toBe(
      "warning: allocator unknown: 1.0 MiB of blocks not told apart, the objects in them not counted",
    );
  });

  it("and that it has another malloc than glibc's", async () => {
    const world = new World(11);
    const { values, heap } = world;
    world.module("app", [[values.str("number"), values.int(7)]]);
    heap.hasMainArena = false;
    world.build();
    // Where larger blocks are nothing looks like chunks.
    heap.memory.map(0x7f60_0000_0000, 0x10_0000);
    for (let page = 0; page < 0x100; page += 1) heap.memory.u64(0x7f60_0000_0000 + 4096 * page, 1);
    for (const region of heap.memory.regions) if (region.start === PLACES.heap) region.savedBytes = 0;
    const { said, json } = await ask<TypesJson>("types", [putCore(writeCore(heap.memory, world.process))]);
    const unknown = (json.totals.balance.unknown / 2 ** 20).toFixed(1);
    expect(said[1]).toBe(
      `warning: no chunks of glibc's malloc: objects over 512 bytes are in ${unknown} MiB not told apart`,
    );
  });
});
