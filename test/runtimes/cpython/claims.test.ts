import { expect, it } from "vitest";
import { claimMemory } from "../../../src/runtimes/cpython/objects/claims.ts";
import { openPlan } from "../../image/open-plan.ts";

const PT_LOAD = 1;
const START = 0x7f00_0000_0000;
const { image } = openPlan([
  { type: PT_LOAD, flags: 6, start: BigInt(START), data: new Uint8Array(0x8000) },
  { type: PT_LOAD, flags: 4, start: BigInt(START + 0x1_0000), data: new Uint8Array(0x1000) },
]);
const span = (start: number, end: number) => ({ start: START + start, end: START + end });
const nothing = {
  ...{ arenas: [], pools: [], segments: [], groups: [], chunkSpans: [] },
  ...{ reservedSpans: [], dataStacks: [], mapped: [], statics: [] },
};

it("has each saved byte once, and what nobody claims besides", () => {
  const claims = claimMemory(image, [], [], {
    arenas: [span(0, 0x2000)],
    // A pool in an arena is no second claim; one beyond is pymalloc's as well.
    pools: [span(0x1000, 0x3000)],
    segments: [],
    groups: [],
    chunkSpans: [span(0x4000, 0x5000), span(0x7000, 0xf000)],
    reservedSpans: [span(0x1_0000, 0x1_0800)],
    // In what malloc has, it is malloc's.
    dataStacks: [span(0x4800, 0x5800)],
    // What objects have mapped is what nobody else has of it, and is saved.
    mapped: [span(0x5000, 0x6000), span(0x7800, 0x1_0800)],
    statics: [span(0x3000, 0x4000)],
  });
  expect(claims.map.overlaps).toEqual([]);
  expect(claims.bytes).toEqual({
    ...{ pymalloc: 0x3000, malloc: 0x2000, data: 0x1000, frames: 0x800 },
    ...{ reserved: 0x800, readOnly: 0x800, module: 0, stack: 0, mimalloc: 0, musl: 0, mapped: 0x800 },
  });
  expect([claims.saved, claims.unclaimed]).toEqual([0x9000, 0x1000]);
});

it("tells what two allocators claim", () => {
  const { map, bytes } = claimMemory(image, [], [], {
    ...nothing,
    arenas: [span(0, 0x2000)],
    chunkSpans: [span(0x1800, 0x3000)],
  });
  expect(map.overlaps).toEqual([{ ...span(0x1800, 0x2000), kept: "pymalloc", refused: "malloc" }]);
  expect(bytes).toMatchObject({ pymalloc: 0x2000, malloc: 0x1000 });
});
