import fc from "fast-check";
import { expect, it } from "vitest";
import { GRAPH, LOOSE, NATIVE, PAGES } from "../../../../src/kernel/index.ts";
import { enterRegion, indexObjects } from "../../../../src/runtimes/cpython/objects/object-index.ts";
import { kernelMemory } from "../../memory-of.ts";
import { KINDS, putPlan, type TwinPlan } from "./twin.ts";

const { memory, kernel } = kernelMemory();
const BYTES = 8192;
const HEAD = 16;
const [at, room, tally] = [memory.place(BYTES + 256), memory.place(2 * BYTES), memory.place(4 * 32)];
const [owns, links, previous] = [memory.place(BYTES), memory.place(2 * BYTES), memory.place(BYTES)];
const pages = memory.place(BYTES / 4096);
const [wrote, kept] = [memory.place(4), memory.place(LOOSE.KEPT_STATE_BYTES)];
const view = new DataView(memory.buffer);
/** At the beginning of a region. */
const ADDRESS = 0x55d0_0010_0000n;
const TYPES = 0x55d0_0000_0000n;
const [PLAIN, LONG, META, TABLE] = [TYPES, TYPES + 0x188n, TYPES + 0x310n, TYPES + 0x498n];
const of = { kind: KINDS.variable, head: 0, leastItems: 0, isRounded: false, item: 0 } as const;
const TWIN: TwinPlan = {
  types: [
    { ...of, address: PLAIN, kind: KINDS.other, head: 16, basic: 40, isListed: true },
    { ...of, address: LONG, basic: 24, item: 8 },
    { ...of, address: META, kind: KINDS.other, basic: 24, isMetatype: true },
    { ...of, address: TABLE, kind: KINDS.dict, basic: 48 },
  ],
  mostRefs: 1000,
  refs: 0,
  str: { ascii: 40, compact: 56, whole: 64, hasWide: false },
};
const plan = putPlan(memory, TWIN);
const NONE = 2n ** 64n - 1n;

function put(words: Readonly<Record<number, bigint>>): void {
  new Uint8Array(memory.buffer, at, BYTES + 256).fill(0);
  for (const [offset, value] of Object.entries(words)) view.setBigUint64(at + Number(offset), value, true);
}

/** Where each candidate is, its type, its bytes with all and its words alone; and what each link says. */
function find(
  words: Readonly<Record<number, bigint>>,
  { low = TYPES, from = 0, to = BYTES, plan: by = plan, zeros = [] as number[] } = {},
) {
  put(words);
  new Uint8Array(memory.buffer, pages, 2).forEach((_, page, kinds) => {
    kinds[page] = zeros.includes(page) ? PAGES.ZEROS : 0;
  });
  const found = kernel.looseObjects({
    plan: by,
    at,
    from,
    to,
    end: BYTES + 128,
    address: ADDRESS,
    pages,
    low,
    span: TABLE - low,
    gcHead: HEAD,
    tally,
    records: room,
    owns,
    links,
    previous,
    wrote,
  });
  const objects = Array.from({ length: found / 16 }, (_, index) => [
    Number(view.getBigUint64(room + 16 * index, true) - ADDRESS),
    view.getUint32(room + 16 * index + 8, true),
    view.getUint32(room + 16 * index + 12, true),
    view.getUint32(owns + LOOSE.OWN_BYTES * index, true),
  ]);
  const linked = Array.from({ length: view.getUint32(wrote, true) }, (_, index) => [
    Number(view.getBigUint64(links + LOOSE.LINK_BYTES * index, true) - ADDRESS),
    view.getBigUint64(links + LOOSE.LINK_BYTES * index + LOOSE.LINK_NEXT, true),
    view.getBigUint64(previous + LOOSE.PREVIOUS_BYTES * index, true),
  ]);
  return { objects, linked };
}

it("what may be an object is a count before a type, with the links of the head in front of it", () => {
  expect(find({ 48: 77n, 56: 99n, 64: 1n, 72: PLAIN, 200: 1000n, 208: LONG, 216: 3n })).toEqual({
    objects: [
      [64, 0, 40, 3],
      [200, 1, 48, 6],
    ],
    // The lowest two bits are flags.
    linked: [[64, 76n, 96n]],
  });
});

it("a head without a link is in no list, and one in another piece is not read", () => {
  expect(find({ 64: 1n, 72: PLAIN }).linked).toEqual([]);
  expect(find({ 8: 1n, 16: PLAIN })).toEqual({ objects: [[8, 0, 40, 3]], linked: [[8, NONE, NONE]] });
  expect(find({ 0: 4n, 16: 1n, 24: PLAIN }).linked).toEqual([[16, 4n, 0n]]);
});

it("what begins before or behind is left out, and pages of zeros are not looked at", () => {
  const words = { 4088: 1n, 4096: LONG, 4200: 1n, 4208: LONG, 8184: 1n, 8192: LONG };
  const places = (how: Parameters<typeof find>[1]) => find(words, how).objects.map(([place]) => place);
  expect(places({})).toEqual([4088, 4200, 8184]);
  expect(places({ from: 4088, to: 4200 })).toEqual([4088]);
  expect(places({ from: 4096, to: 8184 })).toEqual([4200]);
  expect(places({ zeros: [0] })).toEqual([4200, 8184]);
  expect(places({ zeros: [1] })).toEqual([4088]);
  expect(find({ 40: 8n, 56: 1n, 64: PLAIN }, { from: 48 }).linked).toEqual([[56, 8n, 0n]]);
});

it.each([
  ["a count of 0", 0n, 2n],
  ["a count that is none", 1001n, 2n],
  ["a pointer for a count", ADDRESS, 2n],
  ["more items than there can be", 1n, 2n ** 41n],
])("%s is no object", (_, count, items) => {
  expect(find({ 64: count, 72: LONG, 80: items }).objects).toEqual([]);
});

it("a type outside the range of all types is none", () => {
  const words = { 64: 1n, 72: PLAIN, 200: 1n, 208: LONG };
  expect(find(words).objects).toHaveLength(2);
  expect(find(words, { low: TYPES + 8n }).objects).toEqual([[200, 1, 24, 3]]);
});

it.each([
  ["plain counts", 0, [1n, 1000n], [0n, 1001n, 2n ** 31n, 2n ** 40n]],
  ["immortal counts", 1, [1n, 1000n, 2n ** 31n, 2n ** 32n - 1n], [0n, 1001n, 2n ** 32n + 1n, 2n ** 48n + 1n]],
  [
    "counts with flags",
    2,
    [1n, 2n ** 31n, 2n ** 48n + 1n, 2n ** 55n + 5n],
    [0n, 2n ** 32n + 1n, 2n ** 60n + 1n],
  ],
] as const)("%s are told from what is none", (_, refs, live, none) => {
  const by = putPlan(memory, { ...TWIN, refs });
  const isFound = (count: bigint) => find({ 64: count, 72: LONG }, { plan: by }).objects.length === 1;
  expect(live.map(isFound)).toEqual(live.map(() => true));
  expect(none.map(isFound)).toEqual(none.map(() => false));
});

it("what should be a type is one of those that are known", () => {
  expect(find({ 64: 1n, 72: META }).objects).toEqual([]);
  const by = putPlan(memory, {
    ...TWIN,
    types: [...TWIN.types, { ...of, address: ADDRESS + 64n, basic: 16 }],
  });
  expect(find({ 64: 1n, 72: META }, { plan: by }).objects).toEqual([[64, 2, 24, 3]]);
});

it("what has 4 GiB and more has all ones, and its words", () => {
  expect(find({ 64: 1n, 72: LONG, 80: 2n ** 30n }).objects).toEqual([[64, 1, 2 ** 32 - 1, 2 ** 30 + 3]]);
  expect(find({ 64: 1n, 72: LONG, 80: 2n ** 39n }).objects).toEqual([[64, 1, 2 ** 32 - 1, 2 ** 32 - 1]]);
});

/** A table of regions that have marks, and these. */
function placeMarks(regions: readonly bigint[]) {
  const [hash, marks] = [memory.place(16 * 8), memory.place(regions.length * NATIVE.WORD_MARKS_BYTES)];
  const hashes = new Uint32Array(memory.buffer, hash, 32);
  regions.forEach((region, number) => {
    enterRegion(hashes, 15, Number(region) + 1, number);
  });
  return { hash, hashMask: 15, marks };
}

/** What the marks say that there are words for. */
function marked(marks: number, regions: readonly bigint[]): bigint[] {
  const bits = new Uint8Array(memory.buffer, marks, regions.length * NATIVE.WORD_MARKS_BYTES);
  const found: bigint[] = [];
  bits.forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit += 1) {
      const word = BigInt((8 * index + bit) % 2 ** 15);
      if ((byte >> bit) % 2 === 1) found.push(((regions[index >> 12] ?? 0n) << 18n) + 8n * word);
    }
  });
  return found.sort((a, b) => (a < b ? -1 : 1));
}

it("marks are of the words in regions that have any, whatever else there is", () => {
  const first = ADDRESS >> 18n;
  const regions = [first, first + 1n, first + 7n, 0x7f00_0000_0000n >> 18n];
  const low = ADDRESS + 64n;
  const end = 0x7f00_0000_4000n;
  const near = fc.tuple(fc.constantFrom(...regions, first + 3n), fc.nat({ max: 2 ** 18 - 1 }));
  const word = fc.oneof(
    near.map(([region, into]) => (region << 18n) + BigInt(into)),
    near.map(([region, into]) => (region << 18n) + BigInt(into - (into % 8))),
    fc.constantFrom(0n, low, low - 8n, end, end + 8n, NONE, ADDRESS + (1n << 63n)),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 1000, size: "max" }), (words) => {
      const { hash, hashMask, marks } = placeMarks(regions);
      put(Object.fromEntries(words.map((value, index) => [8 * index, value])));
      const pages = memory.place(BYTES / 4096);
      const now = memory.buffer;
      new Uint8Array(now, pages, 2).set([0, PAGES.ZEROS]);
      kernel.markLoose({ at, bytes: BYTES, pages, low, span: end - low, hash, hashMask, marks });
      const expected = words
        // A page that the survey found to be zeros is not looked at.
        .filter((value, index) => index < 512 && value >= low && value <= end && value % 8n === 0n)
        .filter((value) => regions.includes(value >> 18n));
      const inOrder = [...new Set(expected)].sort((a, b) => (a < b ? -1 : 1));
      expect(marked(marks, regions)).toEqual(inOrder);
    }),
    { numRuns: 60 },
  );
});

/** How links stand, by the order of their objects; each its object, its next one's head and its previous one's. */
function link(entries: readonly (readonly [object: bigint, next: bigint, previous: bigint])[]): number[] {
  const count = entries.length;
  const [at, before] = [memory.place(16 * count + 16), memory.place(8 * count + 8)];
  const [states, graph] = [memory.place(count + 1), memory.place(GRAPH.GRAPH_BYTES)];
  const now = new DataView(memory.buffer);
  entries.forEach(([object, next, previous], index) => {
    now.setBigUint64(at + 16 * index + LOOSE.LINK_OBJECT, object, true);
    now.setBigUint64(at + 16 * index + LOOSE.LINK_NEXT, next, true);
    now.setBigUint64(before + 8 * index, previous, true);
  });
  const index = indexObjects(memory, { count, place: at });
  const after = new DataView(memory.buffer);
  const putField = (field: number, word: number) => after.setBigUint64(graph + field, BigInt(word), true);
  putField(GRAPH.HASH, index.hash);
  putField(GRAPH.HASH_MASK, index.hashMask);
  putField(GRAPH.CELLS, index.cells);
  putField(GRAPH.RECORDS, at);
  kernel.linkLoose({ graph, previous: before, count, gcHead: HEAD, states });
  return [...new Uint8Array(memory.buffer, states, count)];
}

it("a link is sound where both neighbours in a list lead back to it", () => {
  const place = fc.integer({ min: 1, max: 9000 }).map((step) => ADDRESS + 8n * BigInt(step));
  fc.assert(
    fc.property(
      fc.uniqueArray(place, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: -1, max: 39 }),
      (ring, broken) => {
        const around = (index: number) => ring[(index + ring.length) % ring.length] ?? 0n;
        const entries = ring
          .map((object, index) => {
            const next = index === broken ? ADDRESS - 800n : around(index + 1) - 16n;
            return [object, next, around(index - 1) - 16n] as const;
          })
          .sort(([a], [b]) => (a < b ? -1 : 1));
        const expected = entries.map(([object]) => {
          const index = ring.indexOf(object);
          // The one before a broken link is not led on from, and the one behind it not led to.
          const isBroken = (which: number) => (which + ring.length) % ring.length === broken;
          return (isBroken(index - 1) ? 0 : LOOSE.FROM_PREVIOUS) | (isBroken(index) ? 0 : LOOSE.FROM_NEXT);
        });
        expect(link(entries)).toEqual(expected);
      },
    ),
    { numRuns: 100 },
  );
});

it("a link whose head was not read leads nowhere, and is led to from nowhere", () => {
  expect(link([[ADDRESS + 8n, NONE, NONE]])).toEqual([0]);
});

interface Candidate {
  /** In words from the region's start. */
  readonly place: number;
  readonly type: number;
  readonly own: number;
  readonly state: number;
  readonly isHeld: boolean;
}

/** Puts them as they are found, and settles which are kept: their places, the last room, and what was counted. */
function settle(candidates: readonly Candidate[], room: bigint, end: bigint) {
  const count = candidates.length;
  const [records, owns] = [memory.place(16 * count + 16), memory.place(4 * count + 4)];
  const linked = candidates.filter(({ type, state }) => type === 0 && state !== LOOSE.NOT_LISTED);
  const [links, states] = [memory.place(16 * linked.length + 16), memory.place(linked.length + 1)];
  const marks = memory.place(NATIVE.WORD_MARKS_BYTES);
  const tally = memory.place(4 * 32);
  const now = new DataView(memory.buffer);
  const addressOf = ({ place }: Candidate) => ADDRESS + 8n * BigInt(place);
  candidates.forEach((candidate, index) => {
    const { place, type, own, isHeld } = candidate;
    // Above the address, a dict's record has other bits.
    const above = type === 3 ? 0xabcdn << 48n : 0n;
    now.setBigUint64(records + 16 * index, addressOf(candidate) | above, true);
    now.setUint32(records + 16 * index + 8, type, true);
    now.setUint32(records + 16 * index + 12, 100 + index, true);
    now.setUint32(owns + 4 * index, own, true);
    if (isHeld) now.setUint8(marks + (place >> 3), now.getUint8(marks + (place >> 3)) | (1 << (place % 8)));
  });
  linked.forEach((candidate, index) => {
    now.setBigUint64(links + 16 * index, addressOf(candidate), true);
    now.setUint8(states + index, candidate.state);
  });
  const linkCount = linked.length;
  const left = kernel.dropLoose({ plan, records, owns, count, links, states, linkCount, marks, room });
  now.setBigUint64(kept + LOOSE.KEPT_END, end, true);
  now.setBigUint64(kept + LOOSE.KEPT_BYTES, 0n, true);
  const bytes = kernel.keepLoose({ plan, records, owns, count, tally, kept });
  const words = (at: number, many: number) => [...new BigUint64Array(memory.buffer, at, many)];
  return {
    kept: Array.from(
      { length: bytes / 16 },
      (_, index) => now.getUint32(records + 16 * index + 12, true) - 100,
    ),
    room: BigInt.asUintN(64, left),
    end: now.getBigUint64(kept + LOOSE.KEPT_END, true),
    bytes: now.getBigUint64(kept + LOOSE.KEPT_BYTES, true),
    tally: words(tally, 16),
  };
}

/** The same, as it is said. */
function settled(candidates: readonly Candidate[], room: bigint, end: bigint) {
  const start = ({ place, type }: Candidate) => ADDRESS + 8n * BigInt(place) - (type === 0 ? 16n : 0n);
  // No head and no items: the last word may be missing.
  const endOf = ({ place, type, own }: Candidate) => ADDRESS + 8n * BigInt(place + own - (type >= 2 ? 1 : 0));
  const state = (each: Candidate) => (each.type === 0 ? each.state : LOOSE.NOT_LISTED);
  const kept: number[] = [];
  const tally = Array.from({ length: 16 }, () => 0n);
  let bytes = 0n;
  let last = end;
  candidates.forEach((each, index) => {
    const following = candidates.slice(index + 1).find((other) => state(other) === LOOSE.LISTED);
    const most = following === undefined ? room : start(following);
    const isHeld = state(each) === LOOSE.LISTED || (state(each) === LOOSE.NOT_LISTED && each.isHeld);
    if (!isHeld || start(each) < last || endOf(each) > most) return;
    last = endOf(each);
    kept.push(index);
    bytes += 8n * BigInt(each.own) + (each.type === 0 ? 16n : 0n);
    tally[4 * each.type] = (tally[4 * each.type] ?? 0n) + 1n;
    // A dict's bytes are not known yet.
    if (each.type !== 3) tally[4 * each.type + 1] = (tally[4 * each.type + 1] ?? 0n) + BigInt(100 + index);
  });
  const first = candidates.find((each) => state(each) === LOOSE.LISTED);
  return { kept, room: first === undefined ? room : start(first), end: last, bytes, tally };
}

it("kept is what is in a list or held by a word, and is apart from all others", () => {
  const candidate = fc.record({
    place: fc.integer({ min: 2, max: 200 }),
    type: fc.nat({ max: 3 }),
    own: fc.integer({ min: 1, max: 9 }),
    state: fc.constantFrom(LOOSE.NOT_LISTED, LOOSE.LISTED, LOOSE.LISTED, LOOSE.BROKEN),
    isHeld: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(candidate, { maxLength: 40, selector: ({ place }) => place }),
      fc.constantFrom(NONE, ADDRESS + 1600n),
      fc.constantFrom(0n, ADDRESS + 80n),
      (some, room, end) => {
        const candidates = some.sort((a, b) => a.place - b.place);
        expect(settle(candidates, room, end)).toEqual(settled(candidates, room, end));
      },
    ),
    { numRuns: 300 },
  );
});
