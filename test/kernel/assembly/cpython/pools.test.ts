import fc from "fast-check";
import { expect, it } from "vitest";
import { kernelMemory } from "../../memory-of.ts";

const { memory, kernel } = kernelMemory();
const at = memory.place(65_536, 65_536);
const [pages, candidates, marks, sums] = [
  memory.place(64),
  memory.place(4096),
  memory.place(2048),
  memory.place(64),
];
const view = new DataView(memory.buffer, at, 65_536);
const ADDRESS = 0x7f0000000000n;

interface PoolPlan {
  readonly bytes: 4096 | 16_384;
  readonly blockBytes: number;
  readonly carved: number;
  /** Indices of free blocks, in the order of the list. */
  readonly free: readonly number[];
}

/** Writes a pool as Objects/obmalloc.c keeps it, at byte `offset`. */
function writePool(offset: number, { bytes, blockBytes, carved, free }: PoolPlan): void {
  const blockAt = (index: number) => ADDRESS + BigInt(offset + 48 + index * blockBytes);
  view.setUint32(offset, carved - free.length, true);
  view.setBigUint64(offset + 8, free.length > 0 ? blockAt(free[0] ?? 0) : 0n, true);
  view.setUint32(offset + 36, blockBytes / 16 - 1, true);
  view.setUint32(offset + 40, 48 + carved * blockBytes, true);
  view.setUint32(offset + 44, bytes - blockBytes, true);
  free.forEach((index, place) => {
    const next = free[place + 1];
    view.setBigUint64(offset + 48 + index * blockBytes, next === undefined ? 0n : blockAt(next), true);
  });
}

function survey(bytes = 65_536) {
  const found = kernel.surveyPages({
    at,
    bytes,
    tail: 0,
    address: ADDRESS,
    pages,
    candidates,
    most: 512,
    marks,
    sums,
  });
  const [used, pools, torn] = new Uint32Array(memory.buffer, sums, 3);
  return { found, used, pools, torn, kinds: [...new Uint8Array(memory.buffer, pages, bytes / 4096)] };
}

const clear = () => new Uint8Array(memory.buffer, at, 65_536).fill(0);

const pool: fc.Arbitrary<PoolPlan> = fc
  .record({
    bytes: fc.constantFrom<(4096 | 16_384)[]>(4096, 16_384),
    blockBytes: fc.integer({ min: 1, max: 32 }).map((units) => units * 16),
  })
  .chain(({ bytes, blockBytes }) => {
    const most = Math.floor((bytes - 48) / blockBytes);
    return fc
      .integer({ min: 1, max: most })
      .chain((carved) =>
        fc
          .shuffledSubarray(Array.from({ length: carved }, (_, index) => index))
          .map((free) => ({ bytes, blockBytes, carved, free })),
      );
  });

it("finds pools of both sizes by their own arithmetic, and counts their blocks", () => {
  fc.assert(
    fc.property(pool, (plan) => {
      clear();
      writePool(16_384, plan);
      const kinds = plan.bytes === 4096 ? [1] : [2, 3, 3, 3];
      expect(survey()).toEqual({
        found: 0,
        used: plan.carved - plan.free.length,
        pools: 1,
        torn: 0,
        kinds: [0, 0, 0, 0, ...kinds, ...new Array<number>(12 - kinds.length).fill(0)],
      });
    }),
  );
});

it("believes no pool whose free list runs in a circle, leaves it, or does not add up", () => {
  const whole: PoolPlan = { bytes: 16_384, blockBytes: 64, carved: 100, free: [3, 90, 7] };
  const harms: ((offset: number) => void)[] = [
    (offset) => view.setBigUint64(offset + 48 + 7 * 64, ADDRESS + BigInt(offset + 48 + 3 * 64), true),
    (offset) => view.setBigUint64(offset + 48 + 7 * 64, ADDRESS - 64n, true),
    (offset) => view.setBigUint64(offset + 48 + 7 * 64, ADDRESS + BigInt(offset + 48 + 5 * 64 + 8), true),
    (offset) => view.setBigUint64(offset + 48 + 7 * 64, ADDRESS + BigInt(offset + 48 + 100 * 64), true),
    (offset) => view.setBigUint64(offset + 48 + 7 * 64, 2n ** 64n - 16n, true),
    (offset) => view.setUint32(offset, 98, true),
    (offset) => view.setBigUint64(offset + 8, 0n, true),
  ];
  for (const harm of harms) {
    clear();
    writePool(0, whole);
    writePool(16_384, whole);
    harm(16_384);
    expect(survey()).toMatchObject({ used: 97, pools: 1, torn: 1 });
  }
});

it("takes no header for a pool's that is not where a pool can begin, or says sizes that no pool has", () => {
  const whole: PoolPlan = { bytes: 16_384, blockBytes: 64, carved: 100, free: [] };
  clear();
  writePool(4096, whole);
  expect(survey()).toMatchObject({ pools: 0, torn: 0 });
  for (const [field, value] of [
    [36, 32],
    [36, 0xffffffff],
    [40, 47],
    [40, 48 + 65],
    [40, 0xffffffff],
    [44, 0xffffffff],
    [44, 16_384],
  ] as const) {
    clear();
    writePool(16_384, whole);
    view.setUint32(16_384 + field, value, true);
    expect(survey(), `${field} ${value}`).toMatchObject({ pools: 0 });
  }
});

it("takes a pool that is not all there for none", () => {
  clear();
  writePool(0, { bytes: 16_384, blockBytes: 512, carved: 31, free: [] });
  expect(survey(12_288)).toMatchObject({ pools: 0 });
});

it("survives any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4096, maxLength: 4096 }), (noise) => {
      const bytes = new Uint8Array(memory.buffer, at, 65_536);
      for (let offset = 0; offset < bytes.length; offset += 4096) bytes.set(noise, offset);
      // A sane header in front, so that what follows is looked at as a pool.
      view.setUint32(36, 3, true);
      view.setUint32(40, 48 + 64 * 200, true);
      view.setUint32(44, 16_384 - 64, true);
      const { used, pools } = survey();
      expect((used ?? 0) <= 16 * 1021 && (pools ?? 0) <= 16).toBe(true);
    }),
    { numRuns: 30 },
  );
});

it("lists what may be type objects outside of pools, and what may be a mapped chunk", () => {
  clear();
  const type = 8192 + 64;
  view.setBigUint64(type, 5n, true);
  view.setBigUint64(type + 8, ADDRESS + BigInt(type), true);
  view.setBigUint64(type + 24, 0x500000n, true);
  view.setBigUint64(type + 32, 880n, true);
  view.setBigUint64(type + 40, 40n, true);
  view.setBigUint64(type + 168, 0x80005000n, true);
  view.setBigUint64(type + 256, 0x600000n, true);
  view.setBigUint64(20_480 + 8, 0x40002n, true);
  const result = survey();
  expect(result.found).toBe(1);
  expect(new BigUint64Array(memory.buffer, candidates, 1)[0]).toBe(ADDRESS + BigInt(type));
  expect(result.kinds.indexOf(4)).toBe(5);
});
