import { describe, expect, it } from "vitest";
import type { OwnerRow, OwnersTotals } from "../../src/answers/index.ts";
import { type Placed, placeOwners } from "../../src/report/script/blocks.ts";

const row = (path: string, depth: number, retainedBytes: number, retainedNativeBytes = 0) =>
  ({ path, depth, retainedBytes, retainedNativeBytes }) as OwnerRow;
const totals = (bytes: number, nativeBytes: number) => ({ bytes, nativeBytes }) as OwnersTotals;

/** The blocks by their names: where each begins and ends, in percent. */
function placesOf(root: Placed): Record<string, string> {
  const percent = (at: number) => Math.round(100 * at);
  return Object.fromEntries(
    root
      .descendants()
      .map(({ data, x0, x1, depth }) => [data.row?.path ?? "all", `${depth}: ${percent(x0)}-${percent(x1)}`]),
  );
}

describe("owners side by side", () => {
  it("are as wide as what they retain, below what they are in", () => {
    const rows = [
      row("a", 0, 40, 20),
      row("a.b", 1, 30),
      row("a.b.c", 2, 10),
      row("a.d", 1, 0, 10),
      row("e", 0, 20),
    ];
    expect(placesOf(placeOwners(rows, totals(80, 20)))).toEqual({
      all: "0: 0-100",
      a: "1: 0-60",
      "a.b": "2: 0-30",
      "a.b.c": "3: 0-10",
      "a.d": "2: 30-40",
      e: "1: 60-80",
    });
  });

  it("stay within their holder where alike ones come to more", () => {
    const places = placesOf(
      placeOwners([row("a", 0, 10), row("a[*]", 1, 30), row("b", 0, 10)], totals(50, 0)),
    );
    expect(places["a[*]"]).toBe("2: 0-43");
    expect(places.a).toBe("1: 0-43");
    expect(places.b).toBe("1: 43-57");
  });

  it("are none where there is nothing", () => {
    expect(placesOf(placeOwners([], totals(0, 0)))).toEqual({ all: "0: 0-100" });
  });
});
