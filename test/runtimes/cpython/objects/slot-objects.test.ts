import { expect, it } from "vitest";
import { MemoryReader, readMallocng, slotsOf } from "../../../../src/blocks/index.ts";
import type { Crew } from "../../../../src/kernel/index.ts";
import { compileKernel, instantiate } from "../../../../src/kernel/kernel.ts";
import { emptySums } from "../../../../src/runtimes/cpython/objects/records.ts";
import { findInSlots } from "../../../../src/runtimes/cpython/objects/slot-objects.ts";
import { imageOf } from "../../../blocks/image-of.ts";
import { type GroupPlan, putMallocng, type SlotPlan } from "../../../blocks/mallocng/put-groups.ts";
import { surveyOf } from "../../../blocks/survey-of.ts";
import { KINDS, putPlan, type TwinPlan } from "../../../kernel/assembly/cpython/twin.ts";
import { Memory } from "../../heap/memory.ts";

const DATA = 0x7f00_0010_0000;
const AREA = DATA + 0x1000;
const LARGE = 0x7f00_3000_0000;
const PAGES = 225;
/** Class 39 of musl's: 28 slots are more than is read at a time. */
const STRIDE = 2047 * 16;
const SLOTS = 28;
const TYPE = 0x55d0_0000_0000n;
const TWIN: TwinPlan = {
  types: [
    { address: TYPE, kind: KINDS.variable, head: 0, leastItems: 0, isRounded: false, basic: 24, item: 0 },
  ],
  ...{ mostRefs: 1000, refs: 0 },
  str: { ascii: 40, compact: 56, whole: 64, hasWide: false },
};

/** What of blocks in use is found to be objects, and what holds none; each by its address. */
function find(plans: readonly GroupPlan[], objects: readonly number[]) {
  const memory = new Memory();
  memory.map(DATA, 0x2000);
  memory.map(LARGE, PAGES * 4096);
  putMallocng(memory, DATA + 0x4a0, AREA, plans);
  for (const at of objects) {
    memory.u64(at, 1);
    memory.u64(at + 8, Number(TYPE));
  }
  const image = imageOf(memory);
  const reader = new MemoryReader(image);
  const mallocng = readMallocng(image, reader, [{ start: DATA, end: DATA + 0x2000 }]);
  const { memory: kernelMemory, survey } = surveyOf([]);
  const plan = putPlan(kernelMemory, TWIN);
  const tally = kernelMemory.place(32);
  const crew = { memory: kernelMemory, kernel: instantiate(compileKernel(), kernelMemory.wasm) };
  const places = { crew: crew as unknown as Crew, plan, tally };
  const { found, blocks } = findInSlots(places, image, reader, survey, mallocng, emptySums());
  const records = found.flatMap(({ at, bytes }) => [
    ...new BigUint64Array(kernelMemory.buffer, at, bytes / 8).filter((_, word) => word % 2 === 0),
  ]);
  return {
    inUse: mallocng.groups
      .flatMap((group) => [...slotsOf(reader, group)])
      .filter(({ state }) => state === "in use")
      .map(({ start }) => start),
    objects: records.map(Number),
    others: blocks.flatMap((pairs) => [...pairs.filter((_, word) => word % 2 === 0)]),
  };
}

const ascending = (addresses: readonly number[]) => [...addresses].sort((a, b) => a - b);

it.each([0, 2, 15, SLOTS - 1])("a group in slot %i of one that is larger than the window is read", (slot) => {
  const outer = Array.from({ length: SLOTS }, (_, i): SlotPlan => ({ bytes: 30_000, isGroup: i === slot }));
  const inner = LARGE + 16 + slot * STRIDE;
  const blocks = [inner + 16, inner + 16 + 48, inner + 16 + 96];
  const objects = [LARGE + 16 + 5 * STRIDE, blocks[0] ?? 0, blocks[2] ?? 0];
  const found = find(
    [
      { mem: LARGE, sizeClass: 39, stride: STRIDE, pages: PAGES, slots: outer },
      { mem: inner, sizeClass: 2, stride: 48, slots: [{ bytes: 44 }, { bytes: 40 }, { bytes: 30 }] },
    ],
    objects,
  );
  expect(found.inUse).toHaveLength(SLOTS - 1 + 3);
  expect(ascending(found.objects)).toEqual(ascending(objects));
  expect(ascending([...found.objects, ...found.others])).toEqual(ascending(found.inUse));
});
