import fc from "fast-check";
import { expect, it } from "vitest";
import { bytesToRead, layOut, segmentsOf } from "../../../src/image/live/layout.ts";
import type { LiveMapping } from "../../../src/image/live/mappings.ts";

const PAGE = 4096;

function mapping(start: number, end: number): LiveMapping {
  const plain = { isShared: false, fileOffset: 0, path: "", isFile: false, touchedBytes: 0, ownBytes: 0 };
  return { start, end, flags: 6, ...plain, isExcluded: false };
}

it("places parts one after the other", () => {
  const parts = [
    { start: 0x1000, end: 0x3000, runs: [{ start: 0x1000, end: 0x2000 }] },
    { start: 0x5000, end: 0x6000, runs: [] },
  ];
  const { placed, end } = layOut([{ mapping: mapping(0x1000, 0x8000), parts }], PAGE);
  expect(placed[0]?.parts.map(({ offset }) => offset)).toEqual([0x1000, 0x3000]);
  expect(end).toBe(0x4000);
  expect(bytesToRead(placed)).toBe(0x1000);
  const [first] = placed;
  if (first === undefined) throw new Error("nothing is placed");
  expect(segmentsOf(first, []).map(({ start, end, savedBytes }) => [start, end, savedBytes])).toEqual([
    [0x1000, 0x3000, 0x2000],
    [0x3000, 0x5000, 0],
    [0x5000, 0x6000, 0x1000],
    [0x6000, 0x8000, 0],
  ]);
});

it("has each page of a mapping in one segment, saved where it is in a part and was not lost", () => {
  // What is to become of each page: not in a part, in one, in one and lost.
  const pages = fc.array(fc.constantFrom("out", "in", "lost"), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(pages, (states) => {
      const runsOf = (isIn: (state: string) => boolean) =>
        states.flatMap((state, page) =>
          isIn(state) ? [{ start: page * PAGE, end: (page + 1) * PAGE }] : [],
        );
      const parts = runsOf((state) => state !== "out").map((run) => ({ ...run, runs: [run] }));
      const { placed } = layOut([{ mapping: mapping(0, states.length * PAGE), parts }], 8 * PAGE);
      const [first] = placed;
      if (first === undefined) return false;
      const segments = segmentsOf(
        first,
        runsOf((state) => state === "lost"),
      );
      let end = 0;
      for (const segment of segments) {
        expect(segment.start).toBe(end);
        end = segment.end;
        const isSaved = states.slice(segment.start / PAGE, segment.end / PAGE).map((state) => state === "in");
        expect(new Set(isSaved)).toEqual(new Set([segment.savedBytes > 0]));
        if (segment.savedBytes === 0) continue;
        expect(segment.savedBytes).toBe(segment.end - segment.start);
        const part = first.parts.find(({ start }) => start === segment.start);
        expect(segment.offset).toBe(part?.offset);
      }
      expect(end).toBe(states.length * PAGE);
      return true;
    }),
  );
});
