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
    header: 16,
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

it("tells pages of zeros from those with a word in them", () => {
  clear();
  for (const offset of [4096, 3 * 4096 - 8, 3 * 4096 + 2048]) view.setBigUint64(offset, 1n, true);
  expect(survey(6 * 4096).kinds).toEqual([5, 0, 0, 0, 5, 5]);
});

it.each<[string, bigint, bigint, number]>([
  ["of 16 KiB", 0n, 2n ** 14n, 6],
  ["of 1 GiB behind another", 0x7f0000001000n, 2n ** 30n, 6],
  ["of 8 KiB is none", 0n, 2n ** 13n, 0],
  ["of 24 KiB is none", 0n, 24_576n, 0],
  ["of 2 GiB is none", 0n, 2n ** 31n, 0],
  ["behind one that begins at no page is none", 0x7f0000001008n, 2n ** 14n, 0],
])("a chunk of frames %s", (_, previous, size, kind) => {
  clear();
  view.setBigUint64(4096, previous, true);
  view.setBigUint64(4104, size, true);
  expect(survey(3 * 4096).kinds).toEqual([5, kind, 5]);
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
        kinds: [5, 5, 5, 5, ...kinds, ...new Array<number>(12 - kinds.length).fill(5)],
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
    // One more, 4 GiB behind a block of the pool, which the header counts.
    (offset) => {
      view.setBigUint64(offset + 48 + 7 * 64, ADDRESS + 2n ** 32n + BigInt(offset + 48 + 5 * 64), true);
      view.setUint32(offset, 96, true);
    },
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
    [44, 16_383],
  ] as const) {
    clear();
    writePool(16_384, whole);
    view.setUint32(16_384 + field, value, true);
    expect(survey(), `${field} ${value}`).toMatchObject({ pools: 0, torn: 0 });
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

it("finds pools whose blocks are multiples of 8 bytes, as up to 3.7", () => {
  clear();
  writePool(4096, { bytes: 4096, blockBytes: 24, carved: 20, free: [4] });
  view.setUint32(4096 + 36, 24 / 8 - 1, true);
  expect(survey()).toMatchObject({ pools: 1, torn: 0, used: 19 });
});

/** What PyType_Ready leaves of a class, at a place that is in no pool. */
const TYPE_AT = 8192 + 64;
function writeType(): void {
  clear();
  for (const [offset, value] of [
    [0, 5n],
    [8, ADDRESS + BigInt(TYPE_AT)],
    [24, 0x500000n],
    [32, 880n],
    [40, 40n],
    [168, 0x80005000n],
    [256, 0x600000n],
  ] as const)
    view.setBigUint64(TYPE_AT + offset, value, true);
}

it("lists what may be type objects outside of pools", () => {
  writeType();
  expect(survey().found).toBe(1);
  expect(new BigUint64Array(memory.buffer, candidates, 1)[0]).toBe(ADDRESS + BigInt(TYPE_AT));
});

it.each<[place: string, offset: number, refused: readonly bigint[], taken: readonly bigint[]]>([
  ["count", 0, [0n], [1n, 2n ** 64n - 1n]],
  ["type", 8, [0n, 1n, 4n, 2n ** 48n], [8n, 2n ** 48n - 8n]],
  ["name", 24, [0n, 2n ** 48n], [1n, 2n ** 48n - 1n]],
  ["basic size", 32, [2n ** 24n, 2n ** 40n], [0n, 2n ** 24n - 1n]],
  ["item size", 40, [2n ** 16n, 2n ** 40n], [0n, 2n ** 16n - 1n]],
  ["flags", 168, [0n, 0xfff_efffn, 0x1_0000_1000n], [0x1000n, 0xffff_ffffn]],
  ["base", 256, [1n, 4n, 2n ** 48n], [0n, 8n, 2n ** 48n - 8n]],
])("tells a type by its %s", (_, offset, refused, taken) => {
  const foundWith = (value: bigint) => {
    writeType();
    view.setBigUint64(TYPE_AT + offset, value, true);
    return survey().found;
  };
  expect(refused.map(foundWith)).toEqual(refused.map(() => 0));
  expect(taken.map(foundWith)).toEqual(taken.map(() => 1));
});

it("counts more candidates than it has room for, and looks at none that is not all there", () => {
  writeType();
  const given = { at, bytes: 12_288, tail: 0, address: ADDRESS, pages, candidates, marks, sums, header: 16 };
  expect(kernel.surveyPages({ ...given, most: 1 })).toBe(1);
  new Uint8Array(memory.buffer, candidates, 8).fill(0);
  expect(kernel.surveyPages({ ...given, most: 0 })).toBe(1);
  expect(new BigUint64Array(memory.buffer, candidates, 1)[0]).toBe(0n);
  const end = TYPE_AT + 272;
  expect(kernel.surveyPages({ ...given, bytes: end, most: 1 })).toBe(1);
  expect(kernel.surveyPages({ ...given, bytes: end - 8, most: 1 })).toBe(0);
  expect(kernel.surveyPages({ ...given, bytes: end - 8, tail: 8, most: 1 })).toBe(1);
});

it.each([
  ["is one", 0n, 0x40002n, 1],
  ["of a page is one", 0n, 0x1002n, 1],
  ["of the largest size is one", 0n, 2n ** 47n - 4094n, 1],
  ["behind other bytes is none", 16n, 0x40002n, 0],
  ["of no bytes is none", 0n, 2n, 0],
  ["of more than there is is none", 0n, 2n ** 47n + 2n, 0],
  ["in use by its neighbour is none", 0n, 0x40003n, 0],
  ["of no whole pages is none", 0n, 0x40012n, 0],
])("a mapped chunk %s", (_, before, size, count) => {
  clear();
  view.setBigUint64(20_480, before, true);
  view.setBigUint64(20_480 + 8, size, true);
  const { kinds } = survey();
  expect(kinds.filter((kind) => kind === 4)).toHaveLength(count);
  expect(kinds.indexOf(4)).toBe(count === 0 ? -1 : 5);
});
