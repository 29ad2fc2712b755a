import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Addressed, newObjects } from "../../src/heap/index.ts";

const heap = fc
  .uniqueArray(fc.record({ slot: fc.nat({ max: 40 }), type: fc.nat({ max: 2 }) }), {
    selector: ({ slot }) => slot,
  })
  .map((objects) => [...objects].sort((a, b) => a.slot - b.slot));

function addressed(objects: readonly { slot: number; type: number }[]): Addressed {
  return {
    addresses: Float64Array.from(objects, ({ slot }) => 0x7f00_0000_0000 + 16 * slot),
    types: Uint32Array.from(objects, ({ type }) => type),
    sizes: Uint32Array.from(objects, ({ slot }) => 16 + slot),
  };
}

describe("new objects", () => {
  it("are those with no object of their type at their address before", () => {
    fc.assert(
      fc.property(heap, heap, (older, newer) => {
        const before = new Set(older.map(({ slot, type }) => `${slot} ${type}`));
        const fresh = newer.filter(({ slot, type }) => !before.has(`${slot} ${type}`));
        const found = newObjects(addressed(older), addressed(newer));
        for (const type of [0, 1, 2]) {
          const ofType = fresh.filter((object) => object.type === type);
          expect(found.find((row) => row.type === type)).toEqual(
            ofType.length === 0
              ? undefined
              : { type, count: ofType.length, bytes: ofType.reduce((sum, { slot }) => sum + 16 + slot, 0) },
          );
        }
        found.forEach((row, i) => {
          expect(row.bytes).toBeLessThanOrEqual(found[i - 1]?.bytes ?? Number.POSITIVE_INFINITY);
        });
      }),
    );
  });

  it("refuses addresses that do not ascend", () => {
    const twice = addressed([
      { slot: 1, type: 0 },
      { slot: 1, type: 0 },
    ]);
    expect(() => newObjects(twice, twice)).toThrow(
      "object 1 at 139637976727568 is not above the one before it",
    );
  });

  it("come by bytes, then by objects, then by type", () => {
    const newer: Addressed = {
      addresses: Float64Array.of(16, 32, 48, 64, 80, 96),
      types: Uint32Array.of(3, 1, 2, 2, 0, 0),
      sizes: Uint32Array.of(40, 40, 20, 20, 50, 50),
    };
    const none: Addressed = {
      addresses: new Float64Array(0),
      types: new Uint32Array(0),
      sizes: new Uint32Array(0),
    };
    expect(newObjects(none, newer)).toEqual([
      { type: 0, count: 2, bytes: 100 },
      { type: 2, count: 2, bytes: 40 },
      { type: 1, count: 1, bytes: 40 },
      { type: 3, count: 1, bytes: 40 },
    ]);
    expect(newObjects(newer, none)).toEqual([]);
  });
});
