import fc from "fast-check";
import { expect, it } from "vitest";
import { type Group, MemoryReader, slotStates, slotsOf } from "../../../../src/blocks/index.ts";
import { MALLOCNG_SLOT } from "../../../../src/kernel/index.ts";
import { kernelMemory } from "../../memory-of.ts";
import { KINDS, objectIn, putPlan, type TwinPlan } from "./twin.ts";

const { memory, kernel } = kernelMemory();
const ADDRESS = 0x7f00_0000_0000;
const GROUP_BYTES = 8192;
const of = { kind: KINDS.variable, head: 0, leastItems: 0, isRounded: false, item: 0 } as const;
const TWIN: TwinPlan = {
  types: [
    { ...of, address: 0x55d0_0000_0000n, basic: 24 },
    { ...of, address: 0x55d0_0000_0188n, basic: 24, item: 8 },
    { ...of, address: 0x55d0_0000_0310n, head: 16, basic: 48 },
  ],
  mostRefs: 1000,
  refs: 0,
  str: { ascii: 40, compact: 56, whole: 64, hasWide: false },
};
const plan = putPlan(memory, TWIN);
const at = memory.place(GROUP_BYTES + 256);
const [room, others, wrote] = [memory.place(1024), memory.place(1024), memory.place(16)];
const tally = memory.place(3 * 32);

interface SlotPlan {
  readonly kind: "block" | "moved" | "far" | "group" | "junk";
  /** Units that the block lies further on. */
  readonly units: number;
  readonly spare: number;
  /** What it holds: none of the types, or one, with its count and items. */
  readonly type: number;
  readonly count: bigint;
  readonly items: bigint;
  readonly junk: number;
}

const slot: fc.Arbitrary<SlotPlan> = fc.record({
  kind: fc.constantFrom("block", "block", "moved", "far", "group", "junk"),
  units: fc.nat({ max: 3 }),
  spare: fc.nat({ max: 60 }),
  type: fc.nat({ max: 3 }),
  count: fc.constantFrom(0n, 1n, 7n, 5000n),
  items: fc.constantFrom(0n, 1n, 3n, 100n),
  junk: fc.nat({ max: 2 ** 32 - 1 }),
});

/** Writes the slots as src/malloc/mallocng/malloc.c leaves them. */
function put(stride: number, slots: readonly SlotPlan[]): void {
  const view = new DataView(memory.buffer, at, GROUP_BYTES);
  new Uint8Array(memory.buffer, at, GROUP_BYTES).fill(0);
  slots.forEach(({ kind, units, spare, type, count, items, junk }, index) => {
    const place = 16 + index * stride;
    const isMoved = (kind === "moved" || kind === "far") && units > 0 && 16 * units + 48 < stride;
    const start = place + (isMoved ? 16 * units : 0);
    const end = place + stride - 4;
    if (isMoved) {
      view.setUint8(place - 3, 7 << 5);
      view.setUint16(place - 2, units, true);
    }
    const left = Math.min(spare, end - start);
    const unit = (start - 16) / 16;
    if (kind === "far" && start - 16 >= 16) {
      view.setUint32(start - 8, unit, true);
      view.setUint8(start - 4, 1);
    } else {
      view.setUint8(start - 4, 0);
      view.setUint16(start - 2, unit, true);
    }
    view.setUint8(start - 3, index | (Math.min(left, 5) << 5));
    view.setBigUint64(start, count, true);
    view.setBigUint64(start + 8, TWIN.types[type]?.address ?? 3n, true);
    if (stride > 32) view.setBigUint64(start + 16, items, true);
    if (left >= 5) view.setUint32(end - 4, left, true);
    if (kind === "group") view.setUint8(start - 3, index | (6 << 5));
    if (kind === "junk") view.setUint32(start - 4, junk, true);
  });
}

it("slots hold what they hold one by one, the objects in them and all else", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(32, 48, 64, 112, 240),
      fc.array(slot, { minLength: 1, maxLength: 32 }),
      fc.nat({ max: 2 ** 32 - 1 }),
      (stride, plans, free) => {
        put(stride, plans);
        const group: Group = {
          ...{ start: ADDRESS, end: ADDRESS + 16 + stride * plans.length, storage: ADDRESS + 16 },
          ...{ stride, slots: plans.length, free, isInner: false },
        };
        const image = {
          read: (address: bigint, into: Uint8Array) => {
            const from = Number(address) - ADDRESS;
            const bytes = Math.max(0, Math.min(into.length, GROUP_BYTES - from));
            into.set(new Uint8Array(memory.buffer, at + from, bytes));
            return bytes;
          },
        };
        const reader = new MemoryReader(image as never);
        const view = new DataView(memory.buffer);
        const objects: unknown[] = [];
        const blocks: number[][] = [];
        for (const { state, start, bytes } of slotsOf(reader, group)) {
          if (state !== "in use") continue;
          const found = objectIn(TWIN, view, at + start - ADDRESS, BigInt(start), bytes);
          if (found?.bytes == null) blocks.push([start, bytes]);
          else objects.push([start + found.head, found.type, Number(found.bytes)]);
        }
        const records = kernel.slotObjects({
          plan,
          at,
          address: BigInt(ADDRESS),
          stride,
          slots: plans.length,
          free,
          tally,
          to: room,
          others,
          wrote,
        });
        const result = (field: number) => view.getUint32(wrote + field, true) | 0;
        const { inUse, free: freed, damaged } = slotStates(reader, group);
        expect([MALLOCNG_SLOT.IN_USE, MALLOCNG_SLOT.FREE, MALLOCNG_SLOT.DAMAGED].map(result)).toEqual([
          inUse,
          freed,
          damaged,
        ]);
        const record = (index: number) => [
          Number(view.getBigUint64(room + 16 * index, true)),
          view.getUint32(room + 16 * index + 8, true),
          view.getUint32(room + 16 * index + 12, true),
        ];
        expect(Array.from({ length: records / 16 }, (_, index) => record(index))).toEqual(objects);
        const pairs = new Float64Array(memory.buffer, others, result(MALLOCNG_SLOT.OTHER_BYTES) / 8);
        expect(Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i], pairs[2 * i + 1]])).toEqual(
          blocks,
        );
      },
    ),
    { numRuns: 500 },
  );
});
