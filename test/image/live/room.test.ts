import { expect, it } from "vitest";
import type { PlacedMapping } from "../../../src/image/live/layout.ts";
import type { Run } from "../../../src/image/live/pages.ts";
import { CopyRoom } from "../../../src/image/live/room.ts";
import type { ProcessPlan } from "../../../src/image/live/take.ts";

const BASE = 0x10000;
const FIRST = 64;

/** A plan of one mapping at BASE, of which the runs, offsets from there, are read. */
function planOf(bytes: number, runs: readonly Run[]): ProcessPlan {
  const part = {
    ...{ start: BASE, end: BASE + bytes, offset: FIRST },
    runs: runs.map(({ start, end }) => ({ start: BASE + start, end: BASE + end })),
  };
  const placed = [{ parts: [part] } as unknown as PlacedMapping];
  const about = { status: { pid: 1 } } as ProcessPlan["about"];
  return { about, threads: [], placed, end: FIRST + bytes, bytes, room: FIRST + bytes + 32 };
}

const run = (start: number, end: number): Run => ({ start, end });

/** Writes what a plan says, and the core's tail. */
function write(bytes: SharedArrayBuffer, { placed, end, room }: ProcessPlan, value: number): void {
  for (const { start, offset, runs } of placed.flatMap(({ parts }) => parts))
    for (const each of runs)
      new Uint8Array(bytes, offset + each.start - start, each.end - each.start).fill(value);
  new Uint8Array(bytes, end, room - end).fill(value);
}

it("is used again, and zeros where the next copy does not write", () => {
  const room = new CopyRoom();
  const plans = [
    planOf(400, [run(0, 100), run(150, 250), run(300, 400)]),
    planOf(400, [run(20, 40), run(60, 160), run(240, 310)]),
    planOf(400, []),
    planOf(300, [run(0, 300)]),
    planOf(420, [run(0, 10)]),
    planOf(400, [run(399, 400)]),
  ];
  const buffers = new Set<SharedArrayBuffer>();
  for (const [index, plan] of plans.entries()) {
    const bytes = room.clear(plan);
    buffers.add(bytes);
    const seen = new Uint8Array(bytes.slice(FIRST, plan.end));
    for (const { start, end } of plan.placed[0]?.parts[0]?.runs ?? []) seen.fill(0, start - BASE, end - BASE);
    expect(
      seen.every((byte) => byte === 0),
      `plan ${index}`,
    ).toBe(true);
    write(bytes, plan, index + 1);
  }
  expect(buffers.size).toBe(1);
});

it("is made anew where it is too small, with room to grow", () => {
  const room = new CopyRoom();
  const first = room.clear(planOf(400, []));
  const large = planOf(2 ** 27, []);
  const second = room.clear(large);
  expect(second).not.toBe(first);
  expect(second.byteLength).toBeGreaterThan(large.room);
  expect(room.clear(planOf(2 ** 27 + 2 ** 26, []))).toBe(second);
});
