import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RangeMap } from "../../src/blocks/range-map.ts";

const span = fc.tuple(fc.nat(60), fc.nat(20)).map(([start, bytes]) => ({ start, end: start + bytes }));
const label = fc.constantFrom("a", "b", "c");

describe("RangeMap", () => {
  it("has every byte once, whatever is claimed, and the rest besides", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(span, label), { maxLength: 12 }), (asked) => {
        const map = new RangeMap<string>();
        const bytes = new Array<string | null>(100).fill(null);
        let refused = 0;
        for (const [{ start, end }, name] of asked) {
          let free = 0;
          for (let at = start; at < end; at += 1)
            if (bytes[at] === null) {
              bytes[at] = name;
              free += 1;
            } else refused += 1;
          expect(map.claim(start, end, name)).toBe(free);
        }
        const told = new Array<string | null>(100).fill(null);
        let before = 0;
        for (const { start, end, label: name } of map.within(0, 100)) {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end).toBeGreaterThan(start);
          told.fill(name, start, end);
          before = end;
        }
        expect(told).toEqual(bytes);
        const cut = [...map.within(30, 70)].map(({ start, end }) => end - start);
        const inside = bytes.slice(30, 70).filter((name) => name !== null);
        expect(cut.reduce((sum, length) => sum + length, 0)).toBe(inside.length);
        const rest = [...map.rest(0, 100)].reduce((sum, { start, end }) => sum + end - start, 0);
        expect(rest).toBe(bytes.filter((name) => name === null).length);
        expect(map.overlaps.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(refused);
      }),
    );
  });

  it("says who was there, and who came too late", () => {
    const map = new RangeMap<"pools" | "chunks">();
    map.claim(16, 32, "pools");
    map.claim(8, 40, "chunks");
    expect(map.overlaps).toEqual([{ start: 16, end: 32, kept: "pools", refused: "chunks" }]);
    expect([...map.rest(0, 48)]).toEqual([
      { start: 0, end: 8 },
      { start: 40, end: 48 },
    ]);
  });
});
