import { describe, expect, it } from "vitest";
import { freeBlocks, mimallocBlockAt } from "../../../src/blocks/mimalloc/page-at.ts";
import { findSegments } from "../../../src/blocks/mimalloc/segments.ts";
import { Memory } from "../../runtimes/heap/memory.ts";
import { readerOf } from "../image-of.ts";
import { type PagePlan, putSegment, type Release, SEGMENT_BYTES } from "./put-segment.ts";

const AT = 0x3fc0_0000_0000;
const SLICE = 2 ** 16;
const LISTS: PagePlan = { block: 48, capacity: 100, tag: 1, free: [[3, 1], [7], [50, 99]] };
const LARGE: PagePlan = { slices: 8, block: 40_960, capacity: 4, tag: 0, free: [[2], [], []] };
const SPAN = { start: AT, end: AT + SEGMENT_BYTES };

describe.each(["2.1", "2.2"] as const)("segments of mimalloc %s", (release) => {
  const put = (pages: readonly PagePlan[], options = {}) => {
    const memory = new Memory();
    const starts = putSegment(memory, AT, release, pages, options);
    return { memory, starts, find: () => findSegments(readerOf(memory), [SPAN]) };
  };

  it("have their pages, blocks in use, and what its own thread and others have freed", () => {
    const { memory, starts, find } = put([LISTS, LARGE]);
    const [segment] = find();
    expect(segment).toMatchObject({ ...SPAN, infoEnd: AT + SLICE, isAbandoned: false, lostSlices: 0 });
    expect(segment?.pages).toMatchObject([
      { span: { start: AT + SLICE, end: AT + 2 * SLICE }, start: starts[0], blockBytes: 48, capacity: 100 },
      { span: { start: AT + 2 * SLICE, end: AT + 10 * SLICE }, start: starts[1], blockBytes: 40_960, tag: 0 },
    ]);
    const reader = readerOf(memory);
    const free = segment?.pages.map((page) =>
      [...(freeBlocks(reader, page) ?? [])].map((at) => (at - page.start) / page.blockBytes),
    );
    expect(free).toEqual([[3, 1, 7, 50, 99], [2]]);
    const [first = 0] = starts;
    const block = (index: number, isInUse: boolean) => ({ start: first + 48 * index, bytes: 48, isInUse });
    expect(mimallocBlockAt(reader, first + 48 * 2 + 5)).toEqual(block(2, true));
    expect(mimallocBlockAt(reader, first + 48 * 50)).toEqual(block(50, false));
    // Never handed out; of mimalloc's own; of no page.
    for (const at of [first + 48 * 100, AT + 100, AT + 11 * SLICE])
      expect(mimallocBlockAt(reader, at)).toBeNull();
  });

  it("are abandoned where their thread has ended", () => {
    expect(put([LISTS], { thread: 0 }).find()[0]?.isAbandoned).toBe(true);
  });

  it.each([
    ["a block that is none", [[3], [], []], (start: number) => [start + 48 * 3, start + 50]],
    ["the same again", [[3, 4], [], []], (start: number) => [start + 48 * 4, start + 48 * 3]],
    ["elsewhere", [[3], [], []], (start: number) => [start + 48 * 3, AT + SEGMENT_BYTES + 48]],
  ] as const)("whose list leads to %s have no blocks known", (_, free, harm) => {
    const { memory, starts, find } = put([{ ...LISTS, free }]);
    const [place = 0, word = 0] = harm(starts[0] ?? 0);
    memory.u64(place, word);
    const [page] = find()[0]?.pages ?? [];
    if (page === undefined) throw new Error("a page");
    expect(freeBlocks(readerOf(memory), page)).toBeNull();
    expect(mimallocBlockAt(readerOf(memory), page.start)).toBeNull();
  });

  it("whose page does not add up have no blocks known", () => {
    const { memory, find } = put([{ ...LISTS, used: 98 }]);
    const [page] = find()[0]?.pages ?? [];
    if (page === undefined) throw new Error("a page");
    expect(freeBlocks(readerOf(memory), page)).toBeNull();
  });

  it.each([
    ["more blocks than have room", { ...LISTS, capacity: 1400 }, 1],
    ["blocks of no whole words", { ...LISTS, block: 52 }, 1],
    ["a tag that there is not", { ...LISTS, tag: 4 }, 1],
  ])("with %s are known but for that page", (_, page, lost) => {
    const [segment] = put([page, LARGE]).find();
    expect(segment?.lostSlices).toBe(lost);
    expect(segment?.pages.map(({ blockBytes }) => blockBytes)).toEqual([40_960]);
  });

  it("are told by what they have in common, and lie apart", () => {
    const { memory } = put([LISTS]);
    const other: Release = release === "2.1" ? "2.2" : "2.1";
    putSegment(memory, AT + SEGMENT_BYTES, release, [LISTS]);
    putSegment(memory, AT + 2 * SEGMENT_BYTES, other, [LISTS]);
    const found = findSegments(readerOf(memory), [{ start: AT, end: AT + 3 * SEGMENT_BYTES }]);
    expect(found.map(({ start }) => start)).toEqual([AT, AT + SEGMENT_BYTES]);
  });
});

it("memory without segments has none", () => {
  const memory = new Memory();
  memory.map(AT, 2 * SLICE);
  expect(findSegments(readerOf(memory), [SPAN])).toEqual([]);
  expect(mimallocBlockAt(readerOf(memory), AT + SLICE)).toBeNull();
});
