import fc from "fast-check";
import { expect, it } from "vitest";
import { GRAPH, KernelMemory } from "../../../../src/kernel/index.ts";
import { indexObjects, type ObjectIndex } from "../../../../src/runtimes/cpython/objects/object-index.ts";

const REGION = 2 ** 18;

/** Records of objects at these addresses, in order; above those, a dict's record has other bits. */
function tableOf(memory: KernelMemory, addresses: readonly number[]): { count: number; place: number } {
  const place = memory.place(16 * addresses.length, 16);
  const records = new BigUint64Array(memory.buffer, place, 2 * addresses.length);
  addresses.forEach((address, index) => {
    records[2 * index] = BigInt(address) | (0x1234n << 48n);
  });
  return { count: addresses.length, place };
}

/** The number of the object at the address, as the kernel's edges.ts looks it up: by region, cell and bit. */
function find(memory: KernelMemory, { hash, hashMask, cells }: ObjectIndex, address: number): number {
  const view = new DataView(memory.buffer);
  const key = Math.floor(address / REGION) + 1;
  let slot = (Math.imul(key, GRAPH.REGION_MULTIPLIER) & hashMask) >>> 0;
  for (let known = view.getUint32(hash + 8 * slot, true); known !== key; ) {
    if (known === 0) return -1;
    slot = (slot + 1) & hashMask;
    known = view.getUint32(hash + 8 * slot, true);
  }
  const inside = address % REGION;
  const cell = cells + (view.getUint32(hash + 8 * slot + 4, true) * 512 + Math.floor(inside / 512)) * 16;
  const bits = view.getBigUint64(cell, true);
  const bit = BigInt((inside % 512) / 8);
  if (((bits >> bit) & 1n) === 0n) return -1;
  let before = 0;
  for (let each = 0n; each < bit; each += 1n) before += Number((bits >> each) & 1n);
  return view.getUint32(cell + 8, true) + before;
}

function expectFound(addresses: readonly number[], others: readonly number[] = []): void {
  const memory = new KernelMemory();
  const index = indexObjects(memory, tableOf(memory, addresses));
  expect(addresses.map((address) => find(memory, index, address))).toEqual(
    addresses.map((_, object) => object),
  );
  for (const address of others)
    if (!addresses.includes(address)) expect(find(memory, index, address)).toBe(-1);
}

it("finds each object by its address, and none beside them", () => {
  const place = fc
    .tuple(
      fc.constantFrom(0, 1, 2, 0x1fc_0000, 0x1fc_0001, 0x3ff_ffff),
      fc.integer({ min: 0, max: REGION / 8 - 1 }),
    )
    .map(([region, word]) => region * REGION + 8 * word);
  fc.assert(
    fc.property(fc.uniqueArray(place, { maxLength: 200 }), (places) => {
      const sorted = [...places].sort((a, b) => a - b);
      expectFound(
        sorted,
        sorted.flatMap((at) => [at - 8, at + 8, at + 512, at + REGION]).filter((at) => at >= 0),
      );
    }),
    { numRuns: 50 },
  );
});

it("counts on over cells and regions that are full, or have one", () => {
  expectFound([]);
  expectFound([0], [8, 512]);
  expectFound(Array.from({ length: 64 * 20 }, (_, word) => 3 * REGION - 64 * 80 + 8 * word));
  expectFound(Array.from({ length: 300 }, (_, region) => region * REGION + 8 * region));
});
