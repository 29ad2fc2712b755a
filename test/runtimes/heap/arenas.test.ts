import { expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import { writeCore } from "./core-file.ts";
import { PLACES } from "./heap.ts";
import { allUnknown, type TypesJson } from "./results.ts";
import { World } from "./world.ts";

const ARENA_ENTRY_BYTES = 48;
const [FREED, LAST] = [PLACES.arenas + 0x1000_0000, PLACES.arenas + 0x2000_0000];

/** A heap with three arenas, of which the one in the middle was given back, after its table was changed. */
async function withArenas(change: (world: World, table: number) => void) {
  const world = new World(11);
  const { heap, values } = world;
  world.addInterpreter();
  for (const start of [FREED, LAST]) heap.pools.addArena(start, 4);
  // No other object has blocks of that size: its pool is in the last arena.
  const object = values.bytes(new Uint8Array(470));
  heap.holdInVariable(object);
  expect(Math.floor(object.address / 0x1000_0000)).toBe(Math.floor(LAST / 0x1000_0000));
  const built = world.build();
  const table = heap.memory.readU64(PLACES.data);
  heap.memory.u64(table + ARENA_ENTRY_BYTES, 0);
  for (const region of heap.memory.regions) if (region.start === FREED) region.savedBytes = 0;
  change(world, table);
  const core = putCore(writeCore(heap.memory, world.process));
  const { json } = await ask<TypesJson>("types", [core]);
  const { unusedArenas } = json.totals.balance;
  const ofFreed = 4 * heap.structs.poolBytes;
  return {
    lost: built.blocks.unusedArenas - ofFreed - unusedArenas,
    unknown: allUnknown(json.totals.balance),
  };
}

it("arenas behind one that was given back are known", async () => {
  expect(await withArenas(() => {})).toEqual({ lost: 0, unknown: 0 });
});

it.each<[string, (world: World, table: number) => void]>([
  ["address is no page's", ({ heap }, at) => heap.memory.u64(at, LAST + 8)],
  ["pools are not as many as an arena has", ({ heap }, at) => heap.memory.u32(at + 20, 62)],
  ["free pools are more than it has", ({ heap }, at) => heap.memory.u32(at + 16, 65)],
])("no table of arenas is one in which a pool's arena's %s", async (_, change) => {
  const { unknown } = await withArenas((world, table) => change(world, table + 2 * ARENA_ENTRY_BYTES));
  expect(unknown).toBeGreaterThan(0);
});
