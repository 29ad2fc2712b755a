import fc from "fast-check";
import { expect, it } from "vitest";
import { GRAPH, JOB, SCAN } from "../../../../src/kernel/index.ts";
import { kernelMemory } from "../../memory-of.ts";
import { followJob, followObject, type Graph, type Job, type Scan } from "./edges-twin.ts";

const { memory, kernel } = kernelMemory();
/** Two regions of 256 KiB have a part of the bytes each. */
const BYTES = 4096;
const ADDRESS = 0x7f00_0003_f800;
const REGION = 262_144;
const { JOB_BYTES } = JOB;
const HASH_SLOTS = 8;
const place = (bytes: number) => memory.place(bytes, 16);
const [graph, hash, cells, plans, records, refs, parts] = [
  ...[GRAPH.GRAPH_BYTES, HASH_SLOTS * 8, 2 * 512 * 16, 4 * SCAN.SCAN_BYTES, 64 * 16, 64 * 4, 64],
].map(place) as [number, number, number, number, number, number, number];
const [bytes, edgesAt, jobsAt, wrote, budget, tables] = [BYTES, 65_536, 16_384, 8, 16, BYTES / 64].map(
  place,
) as [number, number, number, number, number, number];

const scan: fc.Arbitrary<Scan> = fc
  .record({
    from: fc.integer({ min: 2, max: 6 }),
    to: fc.integer({ min: 2, max: 40 }),
    skip: fc.bigInt({ min: 0n, max: 2n ** 12n - 1n }),
    part: fc.bigInt({ min: 0n, max: 2n ** 12n - 1n }),
    table: fc.integer({ min: 0, max: 4 }),
    hasItems: fc.boolean(),
    managed: fc.constantFrom(0, 0, 1, 2, 3),
    visitsType: fc.boolean(),
    values: fc.integer({ min: 0, max: 5 }),
    dictFromEnd: fc.constantFrom(0, 0, 8, 16),
    item: fc.constantFrom(0, 1, 4, 8),
    hasInline: fc.boolean(),
  })
  .map(({ from, to, ...others }) => ({ ...others, from: Math.min(from, to) * 8, to: to * 8, basic: to * 8 }));

/** Objects at different words of the bytes, and words that are their addresses more often than not. */
const heaps = fc
  .record({
    scans: fc.tuple(scan, scan, scan, scan),
    places: fc.uniqueArray(fc.integer({ min: 0, max: BYTES / 8 - 1 }), { minLength: 1, maxLength: 24 }),
    types: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 24, maxLength: 24 }),
    picks: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: BYTES / 8, maxLength: BYTES / 8 }),
    isNew: fc.boolean(),
  })
  .map(({ places, types, picks, scans, isNew }): Graph => {
    const sorted = places.toSorted((a, b) => a - b);
    const objects = sorted.map((at, index) => ({ address: ADDRESS + at * 8, type: types[index] ?? 0 }));
    const words = picks.map((pick) => {
      const object = objects[pick];
      if (object !== undefined) return BigInt(object.address + (pick % 5 === 4 ? 1 : 0));
      return pick < 40
        ? BigInt.asUintN(64, BigInt(pick - 24))
        : pick < 50
          ? BigInt(ADDRESS + 8 * pick)
          : 2n ** BigInt(pick);
    });
    return { scans, objects, words, address: ADDRESS, isNew, valuesHeader: 8, immortal: 2 ** 31 };
  });

function put(given: Graph): void {
  const view = new DataView(memory.buffer);
  new BigUint64Array(memory.buffer, bytes, BYTES / 8).set(given.words);
  for (const [at, size] of [
    [hash, HASH_SLOTS * 8],
    [cells, 2 * 512 * 16],
    [refs, 256],
    [parts, 64],
  ] as const)
    new Uint8Array(memory.buffer, at, size).fill(0);
  const fields: [offset: number, value: number][] = [
    [GRAPH.HASH, hash],
    [GRAPH.HASH_MASK, HASH_SLOTS - 1],
    [GRAPH.CELLS, cells],
    [GRAPH.SCANS, plans],
    [GRAPH.RECORDS, records],
    [GRAPH.REFS, refs],
    [GRAPH.PARTS, parts],
    [GRAPH.NEW_KEYS, given.isNew ? 1 : 0],
    [GRAPH.VALUES_HEADER, given.valuesHeader],
    [GRAPH.IMMORTAL, given.immortal],
  ];
  const places: [offset: number, place: number][] = [
    [GRAPH.OB_TYPE, 8],
    [GRAPH.OB_SIZE, 16],
    [GRAPH.LIST_ITEMS, 24],
    [GRAPH.DICT_USED, 16],
    [GRAPH.DICT_KEYS, 32],
    [GRAPH.DICT_VALUES, 40],
    [GRAPH.SET_USED, 24],
    [GRAPH.SET_MASK, 32],
    [GRAPH.SET_TABLE, 40],
    [GRAPH.KEYS_SIZE, given.isNew ? 0 : 8],
    [GRAPH.KEYS_LOG2_INDEX, given.isNew ? 9 : 0],
    [GRAPH.KEYS_KIND, given.isNew ? 10 : 0],
    [GRAPH.KEYS_ENTRIES, given.isNew ? 24 : 32],
    [GRAPH.KEYS_INDICES, given.isNew ? 32 : 40],
    [GRAPH.MANAGED_DICT, 24],
    [GRAPH.MANAGED_VALUES, 32],
  ];
  for (const [offset, place] of places) view.setUint32(graph + offset, place, true);
  for (const [offset, value] of fields) view.setBigUint64(graph + offset, BigInt(value), true);
  given.scans.forEach((each, index) => {
    const at = plans + index * SCAN.SCAN_BYTES;
    view.setUint32(at + SCAN.FROM, each.from, true);
    view.setUint32(at + SCAN.TO, each.to, true);
    view.setBigUint64(at + SCAN.SKIP, each.skip, true);
    view.setBigUint64(at + SCAN.PART, each.part, true);
    view.setUint8(at + SCAN.TABLE, each.table);
    view.setUint8(at + SCAN.ITEMS, each.hasItems ? 1 : 0);
    view.setUint8(at + SCAN.MANAGED, each.managed);
    view.setUint8(at + SCAN.VISITS_TYPE, each.visitsType ? 1 : 0);
    view.setUint32(at + SCAN.VALUES, each.values, true);
    view.setUint32(at + SCAN.DICT_FROM_END, each.dictFromEnd, true);
    view.setUint32(at + SCAN.ITEM, each.item, true);
    view.setUint32(at + SCAN.BASIC, each.basic, true);
    view.setUint32(at + SCAN.INLINE, each.hasInline ? 1 : 0, true);
  });
  given.objects.forEach(({ address, type }, index) => {
    view.setBigUint64(records + 16 * index, BigInt(address), true);
    view.setUint32(records + 16 * index + 8, type, true);
    const region = Math.floor(address / REGION);
    let slot = (Math.imul(region + 1, 0x9e3779b1) & (HASH_SLOTS - 1)) >>> 0;
    const first = Math.floor(ADDRESS / REGION);
    while (![0, region + 1].includes(view.getUint32(hash + 8 * slot, true))) slot = (slot + 1) % HASH_SLOTS;
    view.setUint32(hash + 8 * slot, region + 1, true);
    view.setUint32(hash + 8 * slot + 4, region - first, true);
    const inside = address % REGION;
    const cell = cells + ((region - first) * 512 + Math.floor(inside / 512)) * 16;
    if (view.getBigUint64(cell, true) === 0n) view.setUint32(cell + 8, index, true);
    const bit = 1n << BigInt((inside % 512) / 8);
    view.setBigUint64(cell, view.getBigUint64(cell, true) | bit, true);
  });
}

function results() {
  const view = new DataView(memory.buffer);
  const edges: [number, number][] = [];
  for (let at = edgesAt; at < edgesAt + view.getUint32(wrote, true); at += 8)
    edges.push([view.getUint32(at, true), view.getUint32(at + 4, true)]);
  const jobs: Job[] = [];
  for (let at = jobsAt; at < jobsAt + view.getUint32(wrote + 4, true); at += JOB_BYTES)
    jobs.push({
      address: Number(view.getBigUint64(at, true) % 2n ** 48n),
      kind: Number(view.getBigUint64(at, true) >> 48n),
      owner: view.getUint32(at + 8, true),
      count: view.getUint32(at + 12, true),
      more: view.getBigUint64(at + 16, true),
    });
  return { edges, jobs };
}

const ROOMS = { edges: edgesAt, edgesEnd: edgesAt + 65_536, wrote };

it("objects hold what plain JavaScript finds in their words, and leave the same jobs", () => {
  let held = 0;
  fc.assert(
    fc.property(heaps, (given) => {
      put(given);
      const end = given.objects.length;
      const came = kernel.objectEdges({
        ...{ graph, first: 0, end, at: bytes, bytes: BYTES, address: BigInt(ADDRESS) },
        ...{ ...ROOMS, jobs: jobsAt, jobsEnd: jobsAt + 16_384 },
      });
      const expected = given.objects.map((_, object) => followObject(given, object));
      held += expected.reduce((sum, { edges }) => sum + edges.length, 0);
      expect(came).toBe(end);
      expect(results()).toEqual({
        edges: expected.flatMap(({ edges }) => edges),
        jobs: expected.flatMap(({ jobs }) => jobs),
      });
      const isPart = new Set(expected.flatMap((each) => each.parts));
      expect([...new Uint8Array(memory.buffer, parts, end)]).toEqual(
        given.objects.map((_, object) => (isPart.has(object) ? 1 : 0)),
      );
      expect([...new Uint32Array(memory.buffer, refs, end)]).toEqual(expected.map((each) => each.references));
    }),
    { numRuns: 300 },
  );
  expect(held).toBeGreaterThan(1000);
});

const job = fc.record({
  kind: fc.constantFrom(0, 1, 2, 3, 4, 5, JOB.ATTRIBUTES),
  place: fc.integer({ min: 0, max: BYTES / 8 + 4 }),
  owner: fc.integer({ min: 0, max: 9 }),
  count: fc.integer({ min: 1, max: 40 }),
  log2: fc.integer({ min: 3, max: 5 }),
  used: fc.integer({ min: 0, max: 20 }),
  isUnicode: fc.boolean(),
});

/** The words with a header of a dict's table at each place that a job takes for one, of so many slots and entries. */
function withHeaders(
  given: Graph,
  jobs: readonly { kind: number; place: number; log2: number; used: number; isUnicode: boolean }[],
): Graph {
  const words = [...given.words];
  for (const { kind, place: at, log2, used, isUnicode } of jobs) {
    if (kind < 4 || kind === JOB.ATTRIBUTES || at + 5 > words.length) continue;
    words[at + 1] = given.isNew ? BigInt(log2 * 0x101 + (isUnicode ? 0x1_0000 : 0)) : 2n ** BigInt(log2);
    words[at + (given.isNew ? 3 : 4)] = BigInt(used);
  }
  return { ...given, words };
}

it("tables hold what plain JavaScript finds in them", () => {
  let held = 0;
  fc.assert(
    fc.property(heaps, fc.array(job, { minLength: 1, maxLength: 6 }), (random, jobs) => {
      const given = withHeaders(random, jobs);
      put(given);
      const view = new DataView(memory.buffer);
      const list = place(JOB_BYTES * jobs.length);
      const todo = jobs.map(
        ({ kind, place: at, owner, count }): Job => ({
          ...{ address: ADDRESS + at * 8, kind, owner, count },
          more: BigInt(ADDRESS + 16),
        }),
      );
      todo.forEach(({ address, kind, owner, count, more }, index) => {
        const at = list + index * JOB_BYTES;
        view.setBigUint64(at, BigInt(address) | (BigInt(kind) << 48n), true);
        view.setUint32(at + 8, owner, true);
        view.setUint32(at + 12, count, true);
        view.setBigUint64(at + 16, more, true);
      });
      new BigUint64Array(memory.buffer, budget, 2).set([1_000_000n, 0n]);
      const marks = new Uint8Array(memory.buffer, tables, BYTES / 64).fill(0);
      const came = kernel.tableEdges({
        ...{
          graph,
          jobs: list,
          first: 0,
          end: todo.length,
          at: bytes,
          bytes: BYTES,
          address: BigInt(ADDRESS),
        },
        ...{ ...ROOMS, next: jobsAt, nextEnd: jobsAt + 16_384, budget, tables },
      });
      const expected = todo.map((each) => followJob(given, each));
      held += expected.reduce((sum, { edges }) => sum + edges.length, 0);
      expect(came).toBe(todo.length);
      // Attributes' values are a block of their own, and no table.
      const begun = new Set(
        jobs.flatMap(({ kind, place: at }) => (kind !== JOB.ATTRIBUTES && at < BYTES / 8 ? [at] : [])),
      );
      expect(Array.from({ length: BYTES / 8 }, (_, word) => word).filter(isMarked(marks))).toEqual(
        [...begun].sort((a, b) => a - b),
      );
      expect(results()).toEqual({
        edges: expected.flatMap(({ edges }) => edges),
        jobs: expected.flatMap((each) => each.jobs),
      });
    }),
    { numRuns: 500 },
  );
  expect(held).toBeGreaterThan(1000);
});

const isMarked = (marks: Uint8Array) => (word: number) => ((marks[word >> 3] ?? 0) & (1 << (word & 7))) !== 0;

/** One object that holds itself, at an offset of the bytes. */
const ONE_SCAN: Scan = {
  ...{ from: 16, to: 24, skip: 0n, part: 0n, table: 4, hasItems: false, managed: 0, visitsType: false },
  ...{ values: 0, dictFromEnd: 0, item: 0, basic: 24, hasInline: false },
};
function putOne(offset: number): void {
  const address = ADDRESS + offset;
  const words = Array.from({ length: BYTES / 8 }, () => BigInt(address));
  const scans = [ONE_SCAN, ONE_SCAN, ONE_SCAN, ONE_SCAN];
  put({
    ...{ scans, words, objects: [{ address, type: 0 }], address: ADDRESS },
    ...{ isNew: true, valuesHeader: 8, immortal: 2 ** 31 },
  });
}

it.each([
  [4000, 0, 0, 1],
  [4000, -8, 0, 0],
  [4000, 0, -8, 0],
  [8, 0, 0, 1],
  [8, -8, 0, 0],
  [8, 0, -8, 0],
  // Of an object whose header is not all there nothing is read.
  [4088, -8, -8, 1],
])("an object at %i is left where edges (%i) or jobs (%i) might not fit: %i", (offset, edges, jobs, came) => {
  putOne(offset);
  const end = kernel.objectEdges({
    ...{ graph, first: 0, end: 1, at: bytes, bytes: BYTES, address: BigInt(ADDRESS), wrote },
    ...{ edges: edgesAt, edgesEnd: edgesAt + (BYTES - offset) + 64 + edges },
    ...{ jobs: jobsAt, jobsEnd: jobsAt + 5 * JOB_BYTES + jobs },
  });
  expect(end).toBe(came);
  const isRead = came === 1 && offset < 4088;
  expect(results().edges).toEqual(isRead ? [[0, 0]] : []);
  expect(results().jobs).toHaveLength(isRead ? 1 : 0);
});

it.each([
  [4000, 0, 0, 1],
  [4000, -8, 0, 0],
  [4000, 0, -8, 0],
  // A table that begins elsewhere is none of these bytes'.
  [4096, -8, -8, 1],
])("a table at %i is left where edges (%i) or jobs (%i) might not fit: %i", (offset, edges, jobs, came) => {
  putOne(0);
  const view = new DataView(memory.buffer);
  const list = place(JOB_BYTES);
  view.setBigUint64(list, BigInt(ADDRESS + offset), true);
  view.setUint32(list + 8, 7, true);
  view.setUint32(list + 12, 3, true);
  const end = kernel.tableEdges({
    ...{
      graph,
      jobs: list,
      first: 0,
      end: 1,
      at: bytes,
      bytes: BYTES,
      address: BigInt(ADDRESS),
      wrote,
      budget,
      tables,
    },
    ...{ edges: edgesAt, edgesEnd: edgesAt + (BYTES - offset) * 2 + 64 + edges },
    ...{ next: jobsAt, nextEnd: jobsAt + 2 * JOB_BYTES + jobs },
  });
  expect(end).toBe(came);
  expect(results().edges).toEqual(came === 1 && offset < BYTES ? [0, 1, 2].map(() => [7, 0]) : []);
});

it("of dicts' tables no more entries are read than the budget has, and the rest is told", () => {
  const entries = 6;
  const read = (budgeted: bigint, isUnicode: boolean) => {
    putOne(0);
    const view = new DataView(memory.buffer);
    // 8 slots' indices of a byte, and entries behind them.
    view.setBigUint64(bytes + 64 + 8, BigInt(3 * 0x101 + (isUnicode ? 0x1_0000 : 0)), true);
    view.setBigUint64(bytes + 64 + 24, BigInt(entries), true);
    const list = place(JOB_BYTES);
    view.setBigUint64(list, BigInt(ADDRESS + 64) | (BigInt(JOB.KEYS) << 48n), true);
    view.setUint32(list + 8, 7, true);
    view.setUint32(list + 12, 1, true);
    new BigUint64Array(memory.buffer, budget, 2).set([budgeted, 100n]);
    kernel.tableEdges({
      ...{ graph, jobs: list, first: 0, end: 1, at: bytes, bytes: BYTES, address: BigInt(ADDRESS) },
      ...{ ...ROOMS, next: jobsAt, nextEnd: jobsAt + 16_384, budget, tables },
    });
    return [results().edges.length, ...new BigUint64Array(memory.buffer, budget, 2)];
  };
  expect(read(6n, true)).toEqual([12, 0n, 100n]);
  expect(read(7n, false)).toEqual([12, 1n, 100n]);
  expect(read(5n, true)).toEqual([0, 5n, 112n]);
  expect(read(5n, false)).toEqual([0, 5n, 118n]);
});

const CHUNK = 0x7f40_0000_0000n;
/** Fields of a thread state at byte 64: a page, how far it is used, its size. */
function findStacks(chunk: bigint, used: bigint, size: bigint, { most = 9, end = BYTES } = {}): number[] {
  new BigUint64Array(memory.buffer, bytes, BYTES / 8).fill(0n);
  new BigUint64Array(memory.buffer, bytes + 64, 3).set([chunk, chunk + used, chunk + size]);
  const count = kernel.findDataStacks({ at: bytes, bytes: end, address: BigInt(ADDRESS), to: edgesAt, most });
  const found = new BigUint64Array(memory.buffer, edgesAt, Math.min(count, most));
  return Array.from(found, (at) => Number(at) - ADDRESS);
}

it.each([
  [CHUNK, 24n, 0x4000n, true],
  [CHUNK, 0x4000n, 0x4000n, true],
  [CHUNK, 24n, 2n ** 30n, true],
  [CHUNK, 16n, 0x4000n, false],
  [CHUNK, 28n, 0x4000n, false],
  [CHUNK, 0x4008n, 0x4000n, false],
  [CHUNK, 24n, 0x4008n, false],
  [CHUNK, 24n, 0x2000n, false],
  [CHUNK, 24n, 0n, false],
  [CHUNK, 24n, 2n ** 30n + 0x4000n, false],
  [CHUNK, -8n, 0x4000n, false],
  [CHUNK, 24n, -0x4000n, false],
  [CHUNK + 8n, 24n, 0x4000n, false],
  [CHUNK + 0x800n, 24n, 0x4000n, false],
  [0n, 24n, 0x4000n, false],
])("a data stack at %i, used up to %i, of %i bytes: %o", (chunk, used, size, isOne) => {
  expect(findStacks(chunk, used, size)).toEqual(isOne ? [64] : []);
});

it("data stacks are looked for in whole words that are there, as many as there is room for", () => {
  expect(findStacks(CHUNK, 24n, 0x4000n, { end: 88 })).toEqual([64]);
  expect(findStacks(CHUNK, 24n, 0x4000n, { end: 87 })).toEqual([]);
  expect(findStacks(CHUNK, 24n, 0x4000n, { most: 1 })).toEqual([64]);
  expect(findStacks(CHUNK, 24n, 0x4000n, { most: 0 })).toEqual([]);
});

it("counts what may be data stacks beyond what there is room for", () => {
  const words = new BigUint64Array(memory.buffer, bytes, BYTES / 8);
  words.fill(0n);
  const chunk = 0x7f11_2233_4000n;
  for (const word of [0, 5, 64]) words.set([chunk, chunk + 64n, chunk + 0x4000n], word);
  // Its end is no whole number of chunks away.
  words.set([chunk, chunk + 64n, chunk + 0x5000n], 90);
  const find = (most: number) => {
    new BigUint64Array(memory.buffer, edgesAt, 3).fill(0n);
    const count = kernel.findDataStacks({
      at: bytes,
      bytes: BYTES,
      address: BigInt(ADDRESS),
      to: edgesAt,
      most,
    });
    return { count, found: [...new BigUint64Array(memory.buffer, edgesAt, 3)] };
  };
  const at = (word: number) => BigInt(ADDRESS + word * 8);
  expect(find(3)).toEqual({ count: 3, found: [at(0), at(5), at(64)] });
  expect(find(2)).toEqual({ count: 3, found: [at(0), at(5), 0n] });
});

const TABLE_STR = 5;
const ASCII = 0x40;
const COMPACT = 0x20;

/** The offsets of the words that are told to lead to tables, of an object of ten words at byte 64. */
function tablesOf(
  words: Readonly<Record<number, number>>,
  { masked, table = 0, state = 0 }: { masked: readonly number[]; table?: number; state?: number },
  end = BYTES,
): number[] {
  const object = ADDRESS + 64;
  const whole = Array.from({ length: BYTES / 8 }, () => 0n);
  for (const [offset, word] of Object.entries(words)) whole[8 + Number(offset) / 8] = BigInt(word);
  if (table === TABLE_STR) whole[8 + 4] = BigInt(state);
  const scan = { ...ONE_SCAN, from: 80, to: 80, basic: 80, table };
  put({
    ...{ scans: [scan, scan, scan, scan], words: whole, objects: [{ address: object, type: 0 }] },
    ...{ address: ADDRESS, isNew: true, valuesHeader: 8, immortal: 2 ** 31 },
  });
  const view = new DataView(memory.buffer);
  const bits = masked.reduce((sum, offset) => sum | (1n << BigInt(offset / 8)), 0n);
  view.setBigUint64(plans + SCAN.TABLE_WORDS, bits, true);
  view.setUint32(graph + GRAPH.STR_STATE, 32, true);
  view.setUint32(graph + GRAPH.STR_DATA, 56, true);
  kernel.objectEdges({
    ...{ graph, first: 0, end: 1, at: bytes, bytes: end, address: BigInt(ADDRESS) },
    ...{ ...ROOMS, jobs: jobsAt, jobsEnd: jobsAt + 16_384 },
  });
  view.setBigUint64(plans + SCAN.TABLE_WORDS, 0n, true);
  const { jobs } = results();
  expect(jobs.every(({ kind, owner, count }) => kind === JOB.PLAIN && owner === 0 && count === 1)).toBe(true);
  return jobs.map(({ address }) => address - FAR);
}
const FAR = 0x7f33_0000_0000;

it("tables that hold nothing are told by the words that lead to them", () => {
  const words = { 16: FAR, 24: FAR + 8, 40: FAR + 16, 72: FAR + 24 };
  expect(tablesOf(words, { masked: [16, 40, 72] })).toEqual([0, 16, 24]);
  expect(tablesOf(words, { masked: [] })).toEqual([]);
  // One is not there, one leads to no word's start, and one into the object's own bytes.
  expect(tablesOf({ 16: 0, 24: FAR + 4, 40: FAR }, { masked: [16, 24, 40] })).toEqual([0]);
  expect(tablesOf({ 16: ADDRESS + 64, 24: ADDRESS + 120 }, { masked: [16, 24] })).toEqual([]);
  expect(tablesOf({ 16: ADDRESS, 24: ADDRESS + 56 }, { masked: [16, 24] })).toEqual(
    [ADDRESS, ADDRESS + 56].map((at) => at - FAR),
  );
  // A buffer right behind it is none of its own bytes.
  expect(tablesOf({ 16: ADDRESS + 144 }, { masked: [16] })).toEqual([ADDRESS + 144 - FAR]);
  // What is not there to read is told by nobody.
  expect(tablesOf(words, { masked: [16, 40, 72] }, 64 + 48)).toEqual([0, 16]);
});

it("a str has its text elsewhere unless it is compact, and no more fields than its state says", () => {
  const words = { 40: FAR, 48: FAR + 8, 56: FAR + 16 };
  const told = (state: number) => tablesOf(words, { masked: [40, 48, 56], table: TABLE_STR, state });
  expect(told(0)).toEqual([0, 8, 16]);
  expect(told(ASCII)).toEqual([0, 8, 16]);
  expect(told(COMPACT)).toEqual([0, 8]);
  expect(told(COMPACT | ASCII)).toEqual([0]);
  expect(told(0x1f)).toEqual([0, 8, 16]);
  // Of one whose state is not there the first words alone are looked at.
  expect(tablesOf(words, { masked: [40], table: TABLE_STR }, 64 + 40)).toEqual([]);
});
