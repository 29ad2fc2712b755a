import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { TypeAmounts, TypesJson } from "./results.ts";
import { MINORS } from "./versions.ts";
import { World } from "./world.ts";
import { addZoo } from "./zoo.ts";

interface Row extends TypeAmounts {
  readonly address: string;
}

const byName = (a: TypeAmounts, b: TypeAmounts) => (a.type < b.type ? -1 : 1);

describe.each(MINORS)("a heap of CPython 3.%i", (minor) => {
  it("has every type with its objects and their bytes", async () => {
    const world = new World(minor);
    addZoo(world);
    world.addInterpreter();
    const built = world.build();
    const { json, said } = await ask<TypesJson>("types", [putCore(built.core)], "--all");
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`CPython 3.${minor}, pymalloc`);
    const rows = json.rows.map(({ address, inferred, lines, ...row }) => row);
    expect(rows.sort(byName)).toEqual([...built.types.values()].sort(byName));
    expect(json.totals).toMatchObject({ count: built.count, bytes: built.bytes, bridge: built.bridge });
    expect(json.totals.balance).toMatchObject({
      ...built.blocks,
      tables: built.bridge.tables,
      otherBlocks: built.blocks.otherBlocks - built.bridge.tables,
    });
  });
});

it("types come by bytes, by count, by name, by address", async () => {
  const world = new World(11);
  const { classes, containers, values } = world;
  const made = ["c", "a", "b", "a", "d"].map((name) => classes.make({ module: "app", name, slots: ["x"] }));
  const pairs = classes.make({ module: "app", name: "0", slots: ["x", "y", "z", "u", "v"] });
  const instances = made.flatMap((type) => [classes.instance(type, []), classes.instance(type, [])]);
  const all = containers.list([...instances, classes.instance(pairs, [])]);
  world.module("app", [[values.str("all"), all]]);
  world.addInterpreter();
  const { json } = await ask<TypesJson>("types", [putCore(world.build().core)], "--all");
  const own = json.rows.filter(({ type }) => type.startsWith("app."));
  const address = (place: number) => `0x${made[place]?.address.toString(16)}`;
  const [first, second] = [address(1), address(3)].sort();
  expect(own.map(({ type, address }: Row) => [type, address])).toEqual([
    ["app.a", first],
    ["app.a", second],
    ["app.b", address(2)],
    ["app.c", address(0)],
    ["app.d", address(4)],
    ["app.0", `0x${pairs.address.toString(16)}`],
  ]);
  // Two objects have as many bytes as the one that is larger.
  expect(own.map(({ count, bytes }) => [count, bytes])).toEqual([
    ...[1, 2, 3, 4, 5].map(() => [2, 80]),
    [1, 72],
  ]);
  for (const [index, { bytes }] of json.rows.entries())
    expect(bytes).toBeLessThanOrEqual(json.rows[index - 1]?.bytes ?? Number.POSITIVE_INFINITY);
});
