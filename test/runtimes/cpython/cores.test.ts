import { describe, expect, it } from "vitest";
import { differences, pathOf, type Reading, readCore, readTruth, savedBytesOf } from "../read-core.ts";

/** Made by cores/make.sh, that of arm64 by arm64.sh; what they are of is in programs/kinds.py. */
const VERSIONS = [
  "3.8",
  "3.9",
  "3.10",
  "3.11",
  "3.11-arm64",
  "3.12",
  "3.13",
  "3.13t",
  "3.13-musl",
  "3.14",
  "3.15",
];

/**
 * Without the GIL C code keeps the constants of code for ever (Objects/codeobject.c, intern_constants): tuples of names
 * that the collector does not see, and so the truth does not.
 */
function isConstants(fault: string): boolean {
  const [, mine, truth] = /^builtins\.tuple: (\d+) for (\d+)$/.exec(fault) ?? [];
  const more = Number(mine) - Number(truth);
  return more > 0 && more < 200;
}

describe.each(VERSIONS)("a core of CPython %s, alone", (version) => {
  const truth = readTruth(pathOf(`cores/py-${version}-truth.json`));
  let reading: Promise<Reading> | null = null;
  const read = () => {
    reading ??= readCore(pathOf(`cores/py-${version}.core.xz`), { root: null });
    return reading;
  };

  it("is of that version", async () => {
    const { python } = await read();
    expect(python.layout.version).toBe(version.replace(/-.*/, ""));
    expect(python.remarks).toEqual([]);
  });

  it("has every type, each with as many objects of the size that the process says", async () => {
    // How large an array's items are stands in the module's file alone. From 3.14 on the collector knows the table of
    // interned strings, so that the process counted it as a dict.
    const sizes = (name: string) =>
      name !== "array.array" && !(["3.14", "3.15"].includes(version) && name === "builtins.dict");
    const faults = differences(await read(), truth, { sizes });
    expect(faults.filter((fault) => !(version === "3.13t" && isConstants(fault)))).toEqual([]);
  });

  it("names its types as they name themselves, and says where it had to infer", async () => {
    const { python } = await read();
    const wrong: string[] = [];
    for (const { type } of python.types) {
      const name = python.names.get(type.address);
      const trueName = truth.types[`0x${type.address.toString(16)}`];
      if (name?.from === "self" && trueName !== undefined && name.name !== trueName)
        wrong.push(`${name.name} for ${trueName}`);
    }
    expect(wrong).toEqual([]);
    const names = new Map([...python.names.values()].map(({ name, from }) => [name, from]));
    for (const name of ["int", "str", "tuple", "dict", "function", "code", "generator", "module", "cell"])
      expect(names.get(`builtins.${name}`), name).toBe("dict");
    expect(names.get("collections.deque")).toBeDefined();
    expect(names.get("__main__.Outer.Inner")).toBe("self");
  });

  it("does not count freed objects as live, and finds some of them", async () => {
    const { totals } = await read();
    const ints = totals.find(({ name }) => name === "builtins.int");
    expect(ints?.freedCount).toBeGreaterThan(1000);
  });

  it("has a balance whose parts add up to all that is saved", async () => {
    const { saved, parts } = (await read()).python.balance;
    expect(saved).toBe(await savedBytesOf(pathOf(`cores/py-${version}.core.xz`)));
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(saved);
    expect(Object.entries(parts).filter(([, bytes]) => bytes < 0)).toEqual([]);
    expect(parts.unknown).toBeLessThan(saved * 0.04);
    // The program has freed tens of thousands of objects, and pymalloc's table of arenas leads to what it keeps.
    const kept = version.endsWith("t") ? parts.mimallocFreed : parts.freePools + parts.unusedArenas;
    expect(kept).toBeGreaterThan(100_000);
  });

  it("has a bridge from what sys.getsizeof says to the blocks of live objects", async () => {
    const { parts, bridge } = (await read()).python.balance;
    // Blocks are multiples of 16 bytes; one that held less than half of itself would be too large a class.
    expect(bridge.rounding).toBeGreaterThan(0);
    expect(bridge.rounding).toBeLessThan(parts.objectBlocks * 0.2);
    expect(parts.tables).toBe(bridge.tables);
  });

  it("has objects that do not overlap, as many a type as are counted", async () => {
    const { objects, python } = await read();
    const counts = new Float64Array(python.types.length);
    const bytes = new Float64Array(python.types.length);
    const faults: string[] = [];
    let end = 0;
    for (let object = 0; object < objects.count; object += 1) {
      const address = objects.address(object);
      const plan = python.types[objects.type(object)];
      if (address < end) faults.push(`${address.toString(16)} begins before ${end.toString(16)}`);
      end = address + Math.min(plan?.type.basicSize ?? 0, 16);
      counts[objects.type(object)] = (counts[objects.type(object)] ?? 0) + 1;
      bytes[objects.type(object)] = (bytes[objects.type(object)] ?? 0) + objects.bytes(object);
    }
    expect(faults).toEqual([]);
    const { tally } = python.records;
    expect([...counts]).toEqual(python.types.map((_, index) => tally[index * 4]));
    expect([...bytes]).toEqual(python.types.map((_, index) => tally[index * 4 + 1]));
  });

  it("finds an object by its address, and none where none begins", async () => {
    const { objects } = await read();
    for (const object of [0, 1, objects.count >> 1, objects.count - 1]) {
      expect(objects.find(objects.address(object))).toBe(object);
      expect(objects.find(objects.address(object) + 8)).toBe(-1);
      expect(objects.lastAtOrBelow(objects.address(object) + 8)).toBe(object);
    }
    expect(objects.find(0)).toBe(-1);
  });
});

it("gives the same whatever the threads", async () => {
  const path = pathOf("cores/py-3.13.core.xz");
  const one = await readCore(path, { root: null, threads: 1 });
  const three = await readCore(path, { root: null, threads: 3 });
  expect(three.totals).toEqual(one.totals);
  expect(three.python.balance).toEqual(one.python.balance);
});

it.each(["3.14", "3.15"])(
  "a core of CPython %s has the table of interned strings beside its dicts, which together are what the process says",
  async (version) => {
    const truth = readTruth(pathOf(`cores/py-${version}-truth.json`));
    const { totals, python } = await readCore(pathOf(`cores/py-${version}.core.xz`), { root: null });
    const { bytes = 0 } = totals.find(({ name }) => name === "builtins.dict") ?? {};
    const all = (bytes + python.balance.parts.internTable) / (truth.sizes["builtins.dict"] ?? 0);
    expect(Math.abs(all - 1)).toBeLessThan(0.004);
  },
);
