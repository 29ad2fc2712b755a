import { describe, expect, it } from "vitest";
import {
  BlockFinder,
  MemoryReader,
  mallocngSpans,
  mallocngUse,
  readMallocng,
  slotStates,
  slotsOf,
} from "../../../src/blocks/index.ts";
import { Memory } from "../../runtimes/heap/memory.ts";
import { imageOf } from "../image-of.ts";
import { type GroupPlan, putMallocng } from "./put-groups.ts";

const DATA = 0x7f00_0010_0000;
const CONTEXT = DATA + 0x4a0;
const AREA = 0x5555_0000_1000;
const SMALL = 0x7f00_2000_0000;
const LARGE = 0x7f00_3000_0000;
const DONATED = DATA + 0x1f00;
const STATICS = [{ start: DATA, end: DATA + 0x2000 }];
/** Where slot 2 of SMALL holds a group: 16 bytes behind the slot's start. */
const INNER = SMALL + 16 + 2 * 1008 + 16;
const LARGE_PAGES = 1024;

const GROUPS: readonly GroupPlan[] = [
  {
    mem: SMALL,
    ...{ sizeClass: 19, stride: 63 * 16, pages: 2 },
    slots: [
      { bytes: 1004 },
      "freed",
      { bytes: 900, units: 1, isGroup: true },
      { bytes: 600, units: 20 },
      "available",
      { bytes: 1003 },
    ],
  },
  {
    mem: INNER,
    sizeClass: 2,
    stride: 48,
    slots: [{ bytes: 44 }, "freed", { bytes: 0 }, { bytes: 20, units: 1 }],
  },
  // An alignment of 2 MiB: 131072 units on.
  {
    mem: LARGE,
    ...{ sizeClass: 63, stride: LARGE_PAGES * 4096 - 16, pages: LARGE_PAGES },
    slots: [{ bytes: 500_000, units: 131_071 }],
  },
  { mem: DONATED, sizeClass: 5, stride: 96, slots: ["freed"] },
];

function build(plans = GROUPS, headAt: 56 | 64 = 56, change: (memory: Memory) => void = () => {}) {
  const memory = new Memory();
  memory.map(DATA, 0x2000);
  memory.map(AREA, 0x1000);
  memory.map(SMALL, 0x2000);
  memory.map(LARGE, LARGE_PAGES * 4096);
  putMallocng(memory, CONTEXT, AREA, plans, headAt);
  change(memory);
  const image = imageOf(memory);
  const reader = new MemoryReader(image);
  const mallocng = readMallocng(image, reader, STATICS);
  return {
    reader,
    mallocng,
    finder: new BlockFinder(image, reader, () => ({ statics: STATICS, threadPointers: [] })),
  };
}

type Built = ReturnType<typeof build>;

const blocksIn = ({ reader, mallocng }: Built, state: string) =>
  mallocng.groups
    .flatMap((group) => [...slotsOf(reader, group)])
    .filter((slot) => slot.state === state)
    .map(({ start, bytes }) => [start, bytes]);

describe("musl's malloc", () => {
  it.each([56, 64] as const)("has its blocks, with the list of areas %i bytes into its context", (headAt) => {
    const built = build(GROUPS, headAt);
    expect(built.mallocng).toMatchObject({ areas: [AREA], lostGroups: 0 });
    expect(blocksIn(built, "in use")).toEqual([
      [SMALL + 16, 1004],
      [SMALL + 16 + 3 * 1008 + 320, 600],
      [SMALL + 16 + 5 * 1008, 1003],
      [INNER + 16, 44],
      [INNER + 16 + 96, 0],
      [INNER + 16 + 144 + 16, 20],
      [LARGE + 16 + 16 * 131_071, 500_000],
    ]);
    expect(blocksIn(built, "free")).toHaveLength(4);
    expect(blocksIn(built, "group")).toEqual([[INNER, 1008 - 16 - 4]]);
  });

  it("is in use, free, and kept for itself, which is all that it has", () => {
    const { reader, mallocng } = build();
    const use = mallocngUse(
      mallocng,
      (group) => slotStates(reader, group),
      () => 0,
    );
    const all = mallocngSpans(mallocng).reduce((sum, { start, end }) => sum + end - start, 0);
    const used = 3 * 1004 + 3 * 44 + (LARGE_PAGES * 4096 - 16 - 4);
    const free = 2 * 1004 + 44 + 92;
    expect(all).toBe(0x1000 + 0x2000 + LARGE_PAGES * 4096 + 16 + 96);
    expect(use).toMatchObject({
      usedCount: 7,
      usedBytes: used,
      freeCount: 4,
      freeBytes: free,
      damagedBytes: 0,
    });
    expect(use?.headerBytes).toBe(all - used - free);
    // Pages of zeros in free slots were never touched; they are asked for by runs of such slots.
    const asked: number[] = [];
    const untouched = mallocngUse(
      mallocng,
      (group) => slotStates(reader, group),
      ({ start, end }) => {
        asked.push(start, end - start);
        return start === DONATED + 16 ? 90 : 0;
      },
    );
    expect(untouched).toMatchObject({ untouchedBytes: 90, freeBytes: free - 90 });
    expect(asked).toEqual([
      ...[DONATED + 16, 96],
      ...[SMALL + 16 + 1008, 1008],
      ...[SMALL + 16 + 4 * 1008, 1008],
      ...[INNER + 16 + 48, 48],
    ]);
  });

  it.each([
    ["a block", SMALL + 16, SMALL + 16, 1004, true],
    ["a block's last byte", SMALL + 16 + 1003, SMALL + 16, 1004, true],
    ["a freed one", SMALL + 16 + 1008 + 9, SMALL + 16 + 1008, 1004, false],
    ["one further on in its slot", SMALL + 16 + 3 * 1008 + 400, SMALL + 16 + 3 * 1008 + 320, 600, true],
    ["one in a group in a slot", INNER + 16 + 43, INNER + 16, 44, true],
    ["one behind that group", SMALL + 16 + 5 * 1008, SMALL + 16 + 5 * 1008, 1003, true],
    [
      "one that is aligned to megabytes",
      LARGE + 16 + 16 * 131_071 + 7,
      LARGE + 16 + 16 * 131_071,
      500_000,
      true,
    ],
    ["one in a module's data", DONATED + 16 + 5, DONATED + 16, 92, false],
  ])("%s is found by an address in it", (_, at, start, bytes, isInUse) => {
    expect(build().finder.blockAt(at)).toEqual({ kind: "slot", start, bytes, isInUse });
  });

  it.each([
    ["a group's header", SMALL + 8],
    ["what was not asked for", SMALL + 16 + 5 * 1008 + 1003],
    ["what is in front of a block that was moved", SMALL + 16 + 3 * 1008 + 8],
    ["a block of no bytes", INNER + 16 + 96],
    ["a group in a slot, before its slots", INNER + 4],
    ["behind all slots", SMALL + 16 + 6 * 1008],
    ["a page of metas", AREA + 24],
    ["other data of a module", DATA + 0x10],
  ])("%s is no block", (_, at) => {
    expect(build().finder.blockAt(at)).toBeNull();
  });

  it.each<[string, (memory: Memory) => void]>([
    ["an area with another secret", (memory) => memory.u32(AREA, 1)],
    ["no secret", (memory) => [CONTEXT, CONTEXT + 4, AREA, AREA + 4].map((at) => memory.u32(at, 0))],
    ["a last area that is not reached", (memory) => memory.u64(CONTEXT + 64, AREA + 0x1000)],
    ["more metas in an area than a page has room for", (memory) => memory.u32(AREA + 16, 102)],
  ])("is not there with %s", (_, change) => {
    expect(build(GROUPS, 56, change).mallocng).toEqual({ groups: [], areas: [], lostGroups: 0 });
  });

  it("ends where its list of areas goes in a circle", () => {
    expect(build(GROUPS, 56, (memory) => memory.u64(AREA + 8, AREA)).mallocng.areas).toEqual([AREA]);
  });

  /** The meta of the second group. */
  const META = AREA + 24 + 2 * 40;
  it.each<[string, (memory: Memory) => void]>([
    ["that does not lead back", (memory) => memory.u64(INNER, META + 40)],
    ["at an odd place", (memory) => memory.u64(META + 16, INNER + 8)],
    ["of a size class that there is not", (memory) => memory.u32(META + 32, 3 | (50 << 6))],
    ["with slots beyond its mapping", (memory) => memory.u32(META + 32, 31 | (40 << 6) | (1 << 12))],
    ["with slots beyond the slot that it is in", (memory) => memory.u32(META + 32, 31 | (2 << 6))],
    ["with slots beyond the memory that is saved", (memory) => memory.u32(META + 32, 31 | (47 << 6))],
    ["in a slot that is free", (memory) => memory.u32(AREA + 24 + 40 + 28, 0b000110)],
    [
      "with a mapping of its own in another's slot",
      (memory) => memory.u32(META + 32, 3 | (2 << 6) | (1 << 12)),
    ],
    ["in a block that is no group", (memory) => memory.u8(INNER - 3, 2)],
  ])("leaves out a group %s, and counts it", (_, change) => {
    const { mallocng, finder } = build(GROUPS, 56, change);
    expect(mallocng.lostGroups).toBe(1);
    expect(mallocng.groups.map(({ start }) => start)).toEqual([DONATED, SMALL, LARGE]);
    expect(finder.blockAt(INNER + 16)?.start).not.toBe(INNER + 16);
  });

  it.each<[string, (memory: Memory) => void]>([
    ["another slot's number", (memory) => memory.u8(SMALL + 16 - 3, 1)],
    [
      "more left over than it has",
      (memory) => [memory.u8(SMALL + 16 - 3, 5 << 5), memory.u32(SMALL + 16 + 1000, 1005)],
    ],
    ["another place than its own", (memory) => memory.u8(SMALL + 16 - 2, 1)],
    [
      "a place behind its slot",
      (memory) => [memory.u8(SMALL + 16 - 3, 7 << 5), memory.u8(SMALL + 16 - 2, 255)],
    ],
  ])("takes a block with %s for damaged", (_, change) => {
    const built = build(GROUPS, 56, change);
    expect(blocksIn(built, "damaged")).toHaveLength(1);
    expect(blocksIn(built, "in use")).toHaveLength(6);
    expect(built.finder.blockAt(SMALL + 16)).toBeNull();
    expect(
      mallocngUse(
        built.mallocng,
        (group) => slotStates(built.reader, group),
        () => 0,
      )?.damagedBytes,
    ).toBe(1004);
  });
});
