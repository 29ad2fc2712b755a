import fc from "fast-check";
import { expect, it } from "vitest";
import {
  CACHED_CHUNK_BYTES,
  CACHED_CHUNKS,
  CHUNK_BYTES,
  CHUNK_OBJECT_BYTES,
  CHUNK_RECORD_BYTES,
  CHUNKS,
  FREE_CHUNK_BYTES,
  FREE_CHUNKS,
  IS_BROKEN,
} from "../../../../src/kernel/abi/block-sums.ts";
import { kernelMemory } from "../../memory-of.ts";
import { KINDS, objectIn, putPlan, type TwinPlan, type TwinType } from "./twin.ts";

const { memory, kernel } = kernelMemory();
const BLOCK_BYTES = 512;
const [block, room, tally, sums, cachedList, others] = [
  memory.place(4096),
  memory.place(4096),
  memory.place(1024),
  memory.place(128),
  memory.place(128),
  memory.place(2048),
];
const ADDRESS = 0x7f00_0000_0000n;

const type = (index: number): fc.Arbitrary<TwinType> =>
  fc
    .record({
      kind: fc.constantFrom(...Object.values(KINDS)),
      head: fc.constantFrom<(0 | 16 | 32)[]>(0, 16, 32),
      leastItems: fc.integer({ min: 0, max: 2 }),
      isRounded: fc.boolean(),
      struct: fc.integer({ min: 2, max: 12 }),
      item: fc.constantFrom(0, 0, 1, 2, 4, 8),
    })
    .map(({ struct, head, ...others }) => ({
      ...others,
      head,
      basic: struct * 8 + head,
      address: 0x55d0_0000_0000n + BigInt(index * 0x188),
    }));

const plan: fc.Arbitrary<TwinPlan> = fc.record({
  types: fc.tuple(...[0, 1, 2, 3, 4].map(type)),
  mostRefs: fc.constantFrom(10, 1000, 2 ** 20),
  refs: fc.constantFrom<(0 | 1 | 2)[]>(0, 1, 2),
  str: fc.constantFrom(
    { ascii: 48, compact: 72, whole: 80, hasWide: true },
    { ascii: 40, compact: 56, whole: 64, hasWide: false },
  ),
});

/** Counts, lengths and addresses as objects have them, and some that make no sense. */
const word: fc.Arbitrary<bigint> = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: 0n, max: 40n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 11n }) },
  fc.constantFrom(2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 48n + 1n, 2n ** 55n + 3n, 2n ** 56n + 3n),
  fc.constantFrom(2n ** 64n - 1n, 2n ** 64n - 3n, 2n ** 40n, 2n ** 40n + 1n, 2n ** 63n),
  fc.constantFrom(0xfdfd_fdfd_fdfd_fd6fn),
  fc.integer({ min: 0, max: 20 }).map((words) => ADDRESS + BigInt(8 * words)),
);

/** A block of words, and where in it types stand: one of them, behind a head. */
const blocks = fc.record({
  words: fc.array(word, { minLength: 80, maxLength: 80 }),
  types: fc.array(fc.tuple(fc.constantFrom(1, 1, 1, 3, 5, 7), fc.integer({ min: 0, max: 4 })), {
    minLength: 1,
    maxLength: 3,
  }),
  capacity: fc.integer({ min: 2, max: BLOCK_BYTES / 8 }).map((words) => words * 8),
});

function put(at: number, words: readonly bigint[]): void {
  new BigUint64Array(memory.buffer, at, words.length).set(words);
}

const tallies = (types: number) => [...new BigUint64Array(memory.buffer, tally, types * 4)];

it("an object in a block is what plain JavaScript finds there", () => {
  let found = 0;
  fc.assert(
    fc.property(plan, blocks, (given, { words, types, capacity }) => {
      const filled = [...words];
      for (const [place, index] of types) {
        const { head = 0, address = 0n } = given.types[index] ?? {};
        filled[place === 1 ? head / 8 + 1 : place] = address;
      }
      put(block, filled);
      put(tally, Array(20).fill(0n));
      const at = putPlan(memory, given);
      const view = new DataView(memory.buffer);
      const wrote = kernel.blockObject({
        plan: at,
        block,
        address: ADDRESS,
        capacity: BigInt(capacity),
        tally,
        to: room,
      });
      const twin = objectIn(given, view, block, ADDRESS, capacity);
      const expected = Array(20).fill(0n);
      if (twin !== null) {
        found += 1;
        const isLive = twin.bytes !== null;
        const debug = (twin.head - (given.types[twin.type]?.head ?? 0)) / 16;
        expected[twin.type * 4 + (isLive ? 0 : 2)] = 1n;
        expected[twin.type * 4 + (isLive ? 1 : 3)] = twin.bytes ?? BigInt(capacity - 24 * debug);
        if (isLive) expectRecord(given, view, twin.type, twin.head, twin.bytes ?? 0n);
      }
      expect(wrote).toBe(twin === null || twin.bytes === null ? 0 : 16);
      expect(tallies(5)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
  // Random words that are never an object would prove nothing.
  expect(found).toBeGreaterThan(300);
});

/** A record: the address and the type's number, and the bytes; of a dict its table's address, and whether it is split. */
function expectRecord({ types }: TwinPlan, view: DataView, index: number, head: number, bytes: bigint): void {
  const address = ADDRESS + BigInt(head);
  expect(view.getUint32(room + 8, true)).toBe(index);
  if (types[index]?.kind !== KINDS.dict) {
    expect(view.getBigUint64(room, true)).toBe(address);
    expect(view.getUint32(room + 12, true)).toBe(Number(bytes < 2n ** 32n ? bytes : 2n ** 32n - 1n));
    return;
  }
  const table = view.getBigUint64(block + head + 32, true) % 2n ** 48n;
  const isSplit = view.getBigUint64(block + head + 40, true) !== 0n;
  const told = table - (table % 8n) + (isSplit ? 1n : 0n);
  expect(view.getBigUint64(room, true)).toBe(address + ((told >> 32n) << 48n));
  expect(view.getUint32(room + 12, true)).toBe(Number(told % 2n ** 32n));
}

it("a walk over malloc's chunks finds the same objects, and tells chunks in use from free and cached ones", () => {
  const chunk = fc.record({
    isCached: fc.boolean(),
    size: fc.integer({ min: 2, max: 12 }).map((units) => units * 16),
    isInUse: fc.boolean(),
    type: fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
    words: fc.array(word, { minLength: 24, maxLength: 24 }),
  });
  fc.assert(
    fc.property(
      plan,
      fc.array(chunk, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      (given, chunks, isTorn) => {
        const view = new DataView(memory.buffer);
        put(block, Array(512).fill(0n));
        put(tally, Array(20).fill(0n));
        put(sums, Array(9).fill(0n));
        // Addresses before and behind those of the walk, as other heaps' are.
        const cached = [ADDRESS - 64n];
        let offset = 0;
        let isPreviousInUse = true;
        for (const { size, isInUse, isCached, type: index, words } of chunks) {
          if (isInUse && isCached) cached.push(ADDRESS + BigInt(offset));
          put(block + offset + 16, words.slice(0, (size - 16) / 8));
          view.setBigUint64(block + offset + 8, BigInt(size + (isPreviousInUse ? 1 : 0)), true);
          const address = index === null ? undefined : given.types[index]?.address;
          if (address !== undefined) view.setBigUint64(block + offset + 24, address, true);
          isPreviousInUse = isInUse;
          offset += size;
        }
        const end = isTorn ? 8 : 0x10000;
        view.setBigUint64(block + offset + 8, BigInt(end + (isPreviousInUse ? 1 : 0)), true);
        put(cachedList, [...cached, ADDRESS + 0x100000n]);
        const expected = {
          chunks: 0,
          bytes: 0,
          objectBytes: 0,
          free: 0,
          freeBytes: 0,
          cached: 0,
          cachedBytes: 0,
        };
        let records = 0;
        let at = 0;
        const otherBlocks: number[] = [];
        for (const { size, isInUse, isCached } of chunks) {
          if (isInUse && isCached) {
            expected.cached += 1;
            expected.cachedBytes += size;
          } else if (isInUse) {
            const found = objectIn(given, view, block + at + 16, ADDRESS + BigInt(at + 16), size - 8);
            const isObject = found !== null && found.bytes !== null;
            expected.chunks += 1;
            expected.bytes += size;
            expected.objectBytes += isObject ? size : 0;
            records += isObject ? 16 : 0;
            if (!isObject) otherBlocks.push(Number(ADDRESS) + at + 16, size - 8);
          } else {
            expected.free += 1;
            expected.freeBytes += size;
          }
          at += size;
        }
        const came = kernel.chunkObjects({
          ...{ plan: putPlan(memory, given), at: block, bytes: offset + 16, address: ADDRESS, tally, sums },
          ...{ cached: cachedList, cachedCount: cached.length + 1 },
          ...{ to: room, toEnd: room + 2048, others, wrote: sums + CHUNK_RECORD_BYTES },
        });
        const sum = (offset: number) => Number(view.getBigUint64(sums + offset, true));
        expect(came).toBe(offset);
        expect({
          chunks: sum(CHUNKS),
          bytes: sum(CHUNK_BYTES),
          objectBytes: sum(CHUNK_OBJECT_BYTES),
          free: sum(FREE_CHUNKS),
          freeBytes: sum(FREE_CHUNK_BYTES),
          cached: sum(CACHED_CHUNKS),
          cachedBytes: sum(CACHED_CHUNK_BYTES),
        }).toEqual(expected);
        expect(sum(IS_BROKEN)).toBe(isTorn ? 1 : 0);
        expect(view.getUint32(sums + CHUNK_RECORD_BYTES, true)).toBe(records);
        const wrote = view.getUint32(sums + CHUNK_RECORD_BYTES + 4, true);
        expect([...new Float64Array(memory.buffer, others, wrote / 8)]).toEqual(otherBlocks);
      },
    ),
    { numRuns: 500 },
  );
});

it("a chunk that is only cached shows the freed object that was in it, with all of its bytes", () => {
  const types = [0x55d0_0000_0000n, 0x55d0_0000_1000n].map(
    (address): TwinType => ({
      ...{ address, kind: KINDS.variable, head: 0, leastItems: 0, isRounded: false, basic: 32, item: 0 },
    }),
  );
  const given: TwinPlan = {
    ...{ types, mostRefs: 10, refs: 0 },
    str: { ascii: 48, compact: 72, whole: 80, hasWide: true },
  };
  put(block, Array(512).fill(0n));
  put(tally, Array(20).fill(0n));
  put(sums, Array(9).fill(0n));
  // Chunks of 48 bytes, in use by their headers; the second and the third are cached, the third shows nothing.
  const chunk = ([refs, type]: readonly [bigint, bigint]) => [0n, 49n, refs, type, 0n, 0n];
  const [one = 0n, two = 0n] = types.map(({ address }) => address);
  put(
    block,
    (
      [
        [1n, one],
        [0n, two],
        [0n, 0n],
        [1n, two],
      ] as const
    ).flatMap(chunk),
  );
  put(block + 4 * 48, [0n, 49n]);
  put(cachedList, [ADDRESS + 48n, ADDRESS + 96n]);
  kernel.chunkObjects({
    ...{ plan: putPlan(memory, given), at: block, bytes: 4 * 48 + 16, address: ADDRESS, tally, sums },
    ...{ cached: cachedList, cachedCount: 2, to: room, toEnd: room + 2048, others },
    wrote: sums + CHUNK_RECORD_BYTES,
  });
  // Live, their bytes, freed, their bytes: of each type.
  expect(tallies(2).slice(0, 8)).toEqual([1n, 32n, 0n, 0n, 1n, 32n, 1n, 40n]);
});
