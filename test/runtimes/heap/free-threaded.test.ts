import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import { FreeWorld } from "./free-threaded.ts";
import type { OwnersJson, TypesJson, WhatisJson } from "./results.ts";

describe.each(["3.13t", "3.14t", "3.15t"] as const)("CPython %s, by its layout,", (version) => {
  const build = () => {
    const world = new FreeWorld(version);
    const floats = Array.from({ length: 50 }, () => world.float());
    world.freedFloat("own");
    world.freedFloat("own");
    world.freedFloat("others");
    const inside = world.float();
    const module = world.module("app", [
      ["rows", world.list(floats)],
      ["box", world.box([["content", world.list([inside])]])],
    ]);
    return { path: putCore(world.build()), module, inside };
  };

  it("has its objects, live and freed, in mimalloc's pages", async () => {
    const { json, said } = await ask<TypesJson>("types", [build().path, "--all"]);
    expect(said).toEqual([expect.stringContaining(`CPython ${version}, mimalloc, 5 pages`)]);
    const rows = json.rows.map(({ type, count, bytes, freedCount }) => [type, count, bytes, freedCount]);
    expect(rows).toEqual(
      expect.arrayContaining([
        ["builtins.float", 51, 51 * 40, 3],
        ["builtins.list", 2, 2 * 56 + 8 * 51, 0],
        ["app.Box", 1, 32 + 16, 0],
        ["builtins.module", 1, version === "3.15t" ? 120 : 72, 0],
      ]),
    );
  });

  it("names what holds them", async () => {
    const { json } = await ask<OwnersJson>("owners", [build().path, "--all"]);
    const found = json.rows.map(({ path, type, length }) => [path, type, length]);
    expect(found).toContainEqual(["app.rows", "builtins.list", 50]);
  });

  it("tells of an object in a block of mimalloc's", async () => {
    const { path, inside } = build();
    const { json } = await ask<WhatisJson>("whatis", [path, `0x${inside.toString(16)}`]);
    expect(json.rows[0]?.object).toMatchObject({
      ...{ type: "builtins.float", state: "live", place: "page", references: 1 },
      path: "app.box.content[0]",
    });
  });
});
