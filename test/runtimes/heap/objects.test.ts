import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { TypeAmounts, TypesJson } from "./results.ts";
import { MINORS } from "./versions.ts";
import { World } from "./world.ts";
import { addZoo } from "./zoo.ts";

const byName = (a: TypeAmounts, b: TypeAmounts) => (a.type < b.type ? -1 : 1);

describe.each(MINORS)("a heap of CPython 3.%i", (minor) => {
  it("has every type with its objects and their bytes", async () => {
    const world = new World(minor);
    addZoo(world);
    world.addInterpreter();
    const built = world.build();
    const { json, said } = await ask<TypesJson>("types", [putCore(built.core)], "--all");
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`CPython ${minor === 7 ? "3.6 or 3.7" : `3.${minor}`}, pymalloc`);
    const rows = json.rows.map(({ address, inferred, ...row }) => row);
    expect(rows.sort(byName)).toEqual([...built.types.values()].sort(byName));
    expect(json.totals).toMatchObject({ count: built.count, bytes: built.bytes, bridge: built.bridge });
    expect(json.totals.balance).toMatchObject({
      ...built.blocks,
      tables: built.bridge.tables,
      otherBlocks: built.blocks.otherBlocks - built.bridge.tables,
    });
  });
});
