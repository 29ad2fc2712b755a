import fc from "fast-check";
import { expect, it } from "vitest";
import { GRAPH, JOB, NATIVE, SCAN } from "../../../../src/kernel/index.ts";
import { type Blocks, indexBlocks } from "../../../../src/runtimes/cpython/native/block-index.ts";
import { indexObjects } from "../../../../src/runtimes/cpython/objects/object-index.ts";
import { kernelMemory } from "../../memory-of.ts";

const { memory, kernel } = kernelMemory();
const BYTES = 2048;
/** A kibibyte before and behind the border of two regions. */
const ADDRESS = 0x7f00_0003_fc00;
/** Blocks are in what is looked through, and from here on. */
const FAR = 0x7f22_0000_0000;
const { JOB_BYTES } = JOB;
const { SCAN_BYTES } = SCAN;
const place = (bytes: number) => memory.place(bytes, 16);
const [graph, plans, records, open, at] = [GRAPH.GRAPH_BYTES, 4 * SCAN_BYTES, 64 * 16, 64, BYTES].map(
  place,
) as [...[number, number, number, number, number]];
const [edgesAt, jobsAt, listAt, wrote] = [65_536, 16_384, 4096, 8].map(place) as [
  number,
  number,
  number,
  number,
];
const ROOM = { edges: edgesAt, edgesEnd: edgesAt + 65_536, wrote };
const PIECE = { graph, at, bytes: BYTES, address: BigInt(ADDRESS) };

interface Plan {
  readonly from: number;
  readonly to: number;
  readonly hasItems: boolean;
  readonly basic: number;
  readonly item: number;
}
interface Given {
  readonly plans: readonly Plan[];
  readonly objects: readonly { readonly address: number; readonly type: number; readonly isOpen: boolean }[];
  readonly blocks: Blocks;
  readonly words: readonly bigint[];
}

const plan: fc.Arbitrary<Plan> = fc
  .record({
    from: fc.integer({ min: 2, max: 5 }),
    to: fc.constantFrom(0, 16, 24, 40, 48, 800),
    hasItems: fc.boolean(),
    basic: fc.constantFrom(24, 32, 44),
    item: fc.constantFrom(1, 4, 8, 24),
  })
  .map(({ from, ...rest }) => ({ ...rest, from: Math.min(8 * from, rest.to) }));

/** Objects and blocks, and words that lead to them, next to them, or nowhere. */
const givens: fc.Arbitrary<Given> = fc
  .record({
    plans: fc.tuple(plan, plan, plan, plan),
    places: fc.uniqueArray(fc.integer({ min: 0, max: BYTES / 8 - 1 }), { minLength: 1, maxLength: 16 }),
    kinds: fc.array(fc.record({ type: fc.integer({ min: 0, max: 3 }), isOpen: fc.boolean() }), {
      ...{ minLength: 16, maxLength: 16 },
    }),
    steps: fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 90 })), {
      ...{ minLength: 1, maxLength: 12 },
    }),
    isNear: fc.boolean(),
    picks: fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: -1, max: 12 })), {
      ...{ minLength: BYTES / 8, maxLength: BYTES / 8 },
    }),
  })
  .map(({ places, kinds, steps, isNear, picks, ...rest }): Given => {
    const objects = places
      .toSorted((a, b) => a - b)
      .map((word, index) => ({
        address: ADDRESS + 8 * word,
        ...(kinds[index] ?? { type: 0, isOpen: true }),
      }));
    const starts = new Float64Array(steps.length);
    const bytes = new Float64Array(steps.length);
    let next = isNear ? ADDRESS : FAR;
    steps.forEach(([gap, words], block) => {
      starts[block] = next + 8 * gap;
      bytes[block] = 8 * words;
      next += 8 * (gap + words);
    });
    const words = picks.map(([pick, more]) => {
      const object = objects[pick];
      if (object !== undefined) return BigInt(object.address + (more < 11 ? 0 : 8 * more));
      const start = starts[pick - 16];
      if (start !== undefined) return BigInt(start + (more < 5 ? 0 : more < 9 ? 4 * more : 64 * more));
      return pick < 34 ? BigInt.asUintN(64, BigInt(more)) : BigInt(more + 2) << BigInt(pick + 10);
    });
    return { ...rest, objects, blocks: { count: steps.length, starts, bytes }, words };
  });

function put({ plans: types, objects, blocks, words }: Given): void {
  const view = new DataView(memory.buffer);
  new BigUint64Array(memory.buffer, at, BYTES / 8).set(words);
  types.forEach(({ from, to, hasItems, basic, item }, index) => {
    const plan = plans + index * SCAN_BYTES;
    view.setUint32(plan + SCAN.LOOSE_FROM, from, true);
    view.setUint32(plan + SCAN.LOOSE_TO, to, true);
    view.setUint8(plan + SCAN.LOOSE_ITEMS, hasItems ? 1 : 0);
    view.setUint32(plan + SCAN.BASIC, basic, true);
    view.setUint32(plan + SCAN.ITEM, item, true);
  });
  objects.forEach(({ address, type, isOpen }, index) => {
    view.setBigUint64(records + 16 * index, BigInt(address), true);
    view.setUint32(records + 16 * index + 8, type, true);
    view.setUint8(open + index, isOpen ? 1 : 0);
  });
  const table = { count: objects.length, place: records };
  const [ofObjects, ofBlocks] = [indexObjects(memory, table), indexBlocks(memory, blocks)];
  const fields: [offset: number, value: number][] = [
    [GRAPH.HASH, ofObjects.hash],
    [GRAPH.HASH_MASK, ofObjects.hashMask],
    [GRAPH.CELLS, ofObjects.cells],
    [GRAPH.SCANS, plans],
    [GRAPH.RECORDS, records],
    [GRAPH.BLOCKS, ofBlocks.blocks],
    [GRAPH.BLOCK_HASH, ofBlocks.hash],
    [GRAPH.BLOCK_HASH_MASK, ofBlocks.hashMask],
    [GRAPH.BLOCK_CELLS, ofBlocks.cells],
    [GRAPH.OPEN, open],
  ];
  const after = new DataView(memory.buffer);
  for (const [offset, value] of fields) after.setBigUint64(graph + offset, BigInt(value), true);
  after.setUint32(graph + GRAPH.OB_SIZE, 16, true);
  after.setUint32(graph + GRAPH.MANY_OBJECTS, objects.length, true);
  // u32 behind it are others'.
  after.setUint32(graph + GRAPH.STR_STATE, 0x7777, true);
}

function results() {
  const view = new DataView(memory.buffer);
  const edges: [number, number][] = [];
  for (let edge = edgesAt; edge < edgesAt + view.getUint32(wrote, true); edge += 8)
    edges.push([view.getUint32(edge, true), view.getUint32(edge + 4, true)]);
  const jobs = [];
  for (let job = jobsAt; job < jobsAt + view.getUint32(wrote + 4, true); job += JOB_BYTES)
    jobs.push({
      address: Number(view.getBigUint64(job, true)),
      owner: view.getUint32(job + 8, true),
      count: view.getUint32(job + 12, true),
    });
  return { edges, jobs };
}

/** The edge that a word is, where it points into a block of another. */
function blockEdge({ objects, blocks }: Given, from: number, word: bigint): [number, number][] {
  const block = blocks.starts.findIndex(
    (start, index) => word >= BigInt(start) && word < BigInt(start + (blocks.bytes[index] ?? 0)),
  );
  const target = objects.length + block;
  if (block < 0 || target === from) return [];
  return [[from, BigInt(blocks.starts[block] ?? 0) === word ? target : target + NATIVE.INNER]];
}

/** The same for a word that may be the address of an object that something unknown may hold. */
function looseEdge(given: Given, from: number, word: bigint): [number, number][] {
  if (word === 0n) return [];
  const target = given.objects.findIndex(({ address }) => BigInt(address) === word);
  if (target < 0) return blockEdge(given, from, word);
  return target !== from && given.objects[target]?.isOpen ? [[from, target]] : [];
}

/** What an object's struct leads to, and what of it lies outside of the bytes. */
function follow(given: Given, object: number) {
  const { address = 0, type = 0 } = given.objects[object] ?? {};
  const { from = 0, to = 0, hasItems = false, basic = 0, item = 0 } = given.plans[type] ?? {};
  const first = (address - ADDRESS) / 8;
  const left = BYTES - 8 * first;
  const edges: [number, number][] = [];
  const jobs: { address: number; owner: number; count: number }[] = [];
  const job = (place: number, count: number) => {
    if (count > 0)
      jobs.push({ address: address + place, owner: object, count: Math.min(count, 2 ** 32 - 1) });
  };
  if (left < 16 || (from >= to && !hasItems)) return { edges, jobs };
  for (let place = from; place < Math.min(to, left); place += 8)
    edges.push(...blockEdge(given, object, given.words[first + place / 8] ?? 0n));
  if (to > left) job(Math.max(from, left), (to - Math.max(from, left)) / 8);
  if (!hasItems || left < 24) return { edges, jobs };
  const signed = Number(BigInt.asIntN(64, given.words[first + 2] ?? 0n));
  const items = Math.abs(signed);
  if (items >= 2 ** 32) return { edges, jobs };
  const start = 8 * Math.ceil(basic / 8);
  const words = Math.floor((items * item) / 8);
  const inside = Math.min(words, Math.max(0, (left - start) / 8));
  for (let index = 0; index < inside; index += 1)
    edges.push(...looseEdge(given, object, given.words[first + start / 8 + index] ?? 0n));
  job(start + 8 * inside, words - inside);
  return { edges, jobs };
}

it("objects lead to the blocks and objects that plain JavaScript finds, and leave the same jobs", () => {
  let [held, left] = [0, 0];
  fc.assert(
    fc.property(givens, (given) => {
      put(given);
      const end = given.objects.length;
      const came = kernel.looseEdges({
        ...PIECE,
        ...ROOM,
        first: 0,
        end,
        jobs: jobsAt,
        jobsEnd: jobsAt + 16_384,
      });
      const expected = given.objects.map((_, object) => follow(given, object));
      expect(came).toBe(end);
      expect(results()).toEqual({
        edges: expected.flatMap(({ edges }) => edges),
        jobs: expected.flatMap(({ jobs }) => jobs),
      });
      held += results().edges.length;
      left += results().jobs.length;
      const isAny = given.objects.some(({ type }) => {
        const { from = 0, to = 0, hasItems = false } = given.plans[type] ?? {};
        return from < to || hasItems;
      });
      expect(kernel.isLoose(graph, 0, end) !== 0).toBe(isAny);
    }),
    { numRuns: 300 },
  );
  expect(held).toBeGreaterThan(1000);
  expect(left).toBeGreaterThan(100);
});

interface Job {
  readonly offset: number;
  readonly owner: number;
  readonly count: number;
}

function putJobs(jobs: readonly Job[]): void {
  const view = new DataView(memory.buffer);
  jobs.forEach(({ offset, owner, count }, index) => {
    const job = listAt + index * JOB_BYTES;
    view.setBigUint64(job, BigInt(ADDRESS + offset) | (BigInt(JOB.WORDS) << 48n), true);
    view.setUint32(job + JOB.JOB_OWNER, owner, true);
    view.setUint32(job + JOB.JOB_COUNT, count, true);
  });
}

const job: fc.Arbitrary<Job> = fc.record({
  offset: fc.integer({ min: -2, max: BYTES / 8 + 2 }).map((words) => 8 * words),
  owner: fc.integer({ min: 0, max: 24 }),
  count: fc.integer({ min: 0, max: 60 }),
});

it("words lead to the blocks and objects that plain JavaScript finds", () => {
  let held = 0;
  fc.assert(
    fc.property(givens, fc.array(job, { minLength: 1, maxLength: 8 }), (given, jobs) => {
      put(given);
      putJobs(jobs);
      const end = jobs.length;
      expect(kernel.looseWords({ ...PIECE, ...ROOM, jobs: listAt, first: 0, end })).toBe(end);
      const expected = jobs.flatMap(({ offset, owner, count }) => {
        if (offset < 0 || offset >= BYTES) return [];
        const words = given.words.slice(offset / 8, offset / 8 + count);
        return words.flatMap((word) => looseEdge(given, owner, word));
      });
      expect(results()).toEqual({ edges: expected, jobs: [] });
      held += expected.length;
    }),
    { numRuns: 300 },
  );
  expect(held).toBeGreaterThan(1000);
});

/** An object of two words and ten more, all of which lead to the one block. */
const ONE: Given = {
  plans: [{ from: 16, to: 96, hasItems: false, basic: 16, item: 0 }],
  objects: [{ address: ADDRESS + 1024, type: 0, isOpen: true }],
  blocks: { count: 1, starts: Float64Array.of(FAR), bytes: Float64Array.of(64) },
  words: Array.from({ length: BYTES / 8 }, () => BigInt(FAR)),
};

it("an object is left for the next time where its edges or jobs might not fit", () => {
  put(ONE);
  const came = (edges: number, jobs: number) =>
    kernel.looseEdges({
      ...{ ...PIECE, first: 0, end: 1, edges: edgesAt, edgesEnd: edgesAt + BYTES - 1024 + 64 + edges },
      ...{ jobs: jobsAt, jobsEnd: jobsAt + 3 * JOB_BYTES + jobs, wrote },
    });
  expect([came(0, 0), results().edges.length]).toEqual([1, 10]);
  expect([came(-1, 0), results().edges.length]).toEqual([0, 0]);
  expect([came(0, -1), results().edges.length]).toEqual([0, 0]);
});

it.each([
  ["a tagged word, from 3.12 on", 2, GRAPH.MANAGED_DICT, 24, FAR + 7],
  ["a word of its own, in 3.11", 1, GRAPH.MANAGED_VALUES, 32, FAR + 8],
])("attributes' values are a block of what leads to them by %s", (_, managed, field, before, word) => {
  const lead = (offset: number, isManaged: boolean) => {
    const words = Array.from({ length: BYTES / 8 }, () => 0n);
    if (offset >= before) words[(offset - before) / 8] = BigInt(word);
    put({
      ...ONE,
      plans: [{ from: 0, to: 0, hasItems: false, basic: 16, item: 0 }],
      objects: [{ address: ADDRESS + offset, type: 0, isOpen: true }],
      words,
    });
    const view = new DataView(memory.buffer);
    view.setUint32(graph + field, before, true);
    view.setUint8(plans + SCAN.MANAGED, isManaged ? managed : 3);
    expect(kernel.isLoose(graph, 0, 1) !== 0).toBe(isManaged);
    kernel.looseEdges({
      ...{ ...PIECE, first: 0, end: 1, edges: edgesAt, edgesEnd: edgesAt + 2 * BYTES },
      ...{ jobs: jobsAt, jobsEnd: jobsAt + 16_384, wrote },
    });
    view.setUint8(plans + SCAN.MANAGED, 0);
    return results();
  };
  expect(lead(1024, true)).toEqual({ edges: [[0, (1 | NATIVE.INNER) >>> 0]], jobs: [] });
  expect(lead(1024, false)).toEqual({ edges: [], jobs: [] });
  // In front of a piece: a word for whoever reads that.
  const { edges, jobs } = lead(16, true);
  expect(edges).toEqual([]);
  expect(jobs).toMatchObject([{ address: ADDRESS + 16 - before, owner: 0, count: 1 }]);
});

it("words are left for the next time where their edges might not fit", () => {
  put(ONE);
  putJobs([{ offset: 1024, owner: 5, count: 10 }]);
  const came = (edges: number) =>
    kernel.looseWords({
      ...{ ...PIECE, jobs: listAt, first: 0, end: 1, wrote },
      ...{ edges: edgesAt, edgesEnd: edgesAt + BYTES - 1024 + 64 + edges },
    });
  expect([came(0), results().edges.length]).toEqual([1, 10]);
  expect([came(-1), results().edges.length]).toEqual([0, 0]);
});

/** A piece with a pool of 4 KiB at its start and one of 16 KiB behind, and what is marked in it. */
const PIECE_ADDRESS = 0x7f00_0004_0000;
const piece = memory.place(32_768, 16_384);
const [pages, marks, found, sizes, tables, blocksAt] = [8, 2048, 4096, 64, 4096, 65_536].map(place) as [
  ...[number, number, number, number, number, number],
];

interface PoolPlan {
  readonly offset: number;
  readonly bytes: number;
  readonly block: number;
  readonly carved: number;
  readonly free: readonly number[];
}

function putPool({ offset, bytes, block, carved, free }: PoolPlan): void {
  const view = new DataView(memory.buffer, piece, 32_768);
  const blockAt = (index: number | undefined) =>
    index === undefined ? 0n : BigInt(PIECE_ADDRESS + offset + 48 + index * block);
  view.setUint32(offset, carved - free.length, true);
  view.setBigUint64(offset + 8, blockAt(free[0]), true);
  view.setUint32(offset + 36, block / 16 - 1, true);
  view.setUint32(offset + 40, 48 + carved * block, true);
  view.setUint32(offset + 44, bytes - block, true);
  free.forEach((index, link) => {
    view.setBigUint64(offset + 48 + index * block, blockAt(free[link + 1]), true);
  });
}

/** The blocks that are found where objects and tables lie at these offsets: their offsets and bytes. */
function poolBlocks(pools: readonly PoolPlan[], objects: readonly number[], begun: readonly number[]) {
  new Uint8Array(memory.buffer, piece, 32_768).fill(0);
  for (const [list, bytes] of [
    [pages, 8],
    [found, 4096],
    [sizes, 64],
    [tables, 4096],
  ] as const)
    new Uint8Array(memory.buffer, list, bytes).fill(0);
  for (const pool of pools) {
    putPool(pool);
    const page = pages + pool.offset / 4096;
    new Uint8Array(memory.buffer, page, pool.bytes / 4096).fill(3);
    new Uint8Array(memory.buffer, page, 1)[0] = pool.bytes === 4096 ? 1 : 2;
  }
  const view = new DataView(memory.buffer);
  // Records of other pieces' objects stand before and behind.
  const all = [-64, ...objects, 1 << 20];
  all.forEach((offset, index) => {
    // The upper 16 bits are for something else.
    view.setBigUint64(records + 16 * index, BigInt(PIECE_ADDRESS + offset) | (0xabcdn << 48n), true);
  });
  for (const offset of begun) {
    const mark = tables + (offset >> 6);
    view.setUint8(mark, view.getUint8(mark) | (1 << ((offset >> 3) & 7)));
  }
  kernel.markBlocks({
    ...{ at: piece, bytes: 32_768, address: BigInt(PIECE_ADDRESS), pages, marks },
    ...{ records, first: 1, end: all.length - 1, blocks: found, sizes },
  });
  const bytes = kernel.poolBlocks({
    address: BigInt(PIECE_ADDRESS),
    blocks: found,
    sizes,
    tables,
    to: blocksAt,
  });
  const pairs = new Float64Array(memory.buffer, blocksAt, bytes / 8);
  return Array.from({ length: bytes / 16 }, (_, index) => [
    (pairs[2 * index] ?? 0) - PIECE_ADDRESS,
    pairs[2 * index + 1],
  ]);
}

const SMALL: PoolPlan = { offset: 0, bytes: 4096, block: 512, carved: 7, free: [2, 0] };
const LARGE: PoolPlan = { offset: 16_384, bytes: 16_384, block: 48, carved: 5, free: [3] };
const inSmall = (index: number) => 48 + 512 * index;
const inLarge = (index: number) => 16_384 + 48 + 48 * index;

it("blocks of pools in use are those that are not free and hold no object", () => {
  expect(poolBlocks([SMALL, LARGE], [inSmall(4), inLarge(0), inLarge(2)], [])).toEqual([
    ...[1, 3, 5, 6].map((index) => [inSmall(index), 512]),
    ...[1, 4].map((index) => [inLarge(index), 48]),
  ]);
  expect(poolBlocks([], [], [])).toEqual([]);
});

it("an object need not lie at its block's start, and two may lie in one", () => {
  const objects = [inSmall(1) + 16, inSmall(1) + 496, inSmall(4), inSmall(6) + 504];
  expect(poolBlocks([SMALL], objects, [])).toEqual([3, 5].map((index) => [inSmall(index), 512]));
});

it("a block in which a table begins is none, wherever in it that is", () => {
  for (const inside of [0, 8, 256, 504])
    expect(poolBlocks([SMALL, LARGE], [], [inSmall(3) + inside, inLarge(4) + 40])).toEqual([
      ...[1, 4, 5, 6].map((index) => [inSmall(index), 512]),
      ...[0, 1, 2].map((index) => [inLarge(index), 48]),
    ]);
  // What begins before the block, or behind it, is another's.
  expect(poolBlocks([{ ...SMALL, carved: 1, free: [] }], [], [40, inSmall(1)])).toEqual([[48, 512]]);
});

it("pools that do not add up have no blocks", () => {
  const torn = { ...SMALL, free: [2, 2] };
  expect(poolBlocks([torn, { ...LARGE, carved: 1, free: [] }], [], [])).toEqual([[inLarge(0), 48]]);
});
