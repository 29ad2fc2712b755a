import fc from "fast-check";
import { expect, it } from "vitest";
import { GRAPH, LOOSE, PAGES } from "../../../../src/kernel/index.ts";
import { indexObjects } from "../../../../src/runtimes/cpython/objects/object-index.ts";
import { kernelMemory } from "../../memory-of.ts";
import { KINDS, putPlan, type TwinPlan } from "./twin.ts";

const { memory, kernel } = kernelMemory();
const BYTES = 8192;
const [at, room, tally] = [memory.place(BYTES + 256), memory.place(2 * BYTES), memory.place(64)];
const [owns, links] = [memory.place(BYTES), memory.place(BYTES)];
const view = new DataView(memory.buffer);
const ADDRESS = 0x55d0_0010_0000n;
const [PLAIN, LONG] = [0x55d0_0000_0000n, 0x55d0_0000_0188n];
const TWIN: TwinPlan = {
  types: [
    { address: PLAIN, kind: KINDS.other, head: 16, leastItems: 0, isRounded: false, basic: 40, item: 0 },
    { address: LONG, kind: KINDS.variable, head: 0, leastItems: 0, isRounded: false, basic: 24, item: 8 },
  ],
  mostRefs: 1000,
  refs: 0,
  str: { ascii: 40, compact: 56, whole: 64, hasWide: false },
};
const plan = putPlan(memory, TWIN);

function put(words: Readonly<Record<number, bigint>>): void {
  new Uint8Array(memory.buffer, at, BYTES + 256).fill(0);
  for (const [offset, value] of Object.entries(words)) view.setBigUint64(at + Number(offset), value, true);
}

/** Where each candidate is, its type, its bytes with all and alone, and the word where its link would be. */
function find(words: Readonly<Record<number, bigint>>, bytes = BYTES, tail = 128): unknown[][] {
  put(words);
  const wrote = kernel.looseObjects({
    plan,
    at,
    bytes,
    tail,
    address: ADDRESS,
    tally,
    to: room,
    owns,
    links,
  });
  return Array.from({ length: wrote / 16 }, (_, index) => {
    const entry = room + 16 * index;
    return [
      Number(view.getBigUint64(entry, true) - ADDRESS),
      view.getUint32(entry + 8, true),
      view.getUint32(entry + 12, true),
      view.getUint32(owns + LOOSE.OWN_BYTES * index, true),
      view.getBigUint64(links + LOOSE.LINK_BYTES * index, true),
    ];
  });
}

it("what may be an object is a count before a type, with the word 16 bytes in front of it", () => {
  expect(find({ 48: 77n, 64: 1n, 72: PLAIN, 200: 1000n, 208: LONG, 216: 3n })).toEqual([
    [64, 0, 40, 24, 77n],
    [200, 1, 48, 48, 0n],
  ]);
});

it("what stands in another piece is not read, nor told", () => {
  expect(find({ 8: 1n, 16: PLAIN })).toEqual([[8, 0, 40, 24, 2n ** 64n - 1n]]);
  expect(find({ 0: 5n, 16: 1n, 24: PLAIN })).toEqual([[16, 0, 40, 24, 5n]]);
});

it.each([
  ["a count of 0", 0n, 2n],
  ["a count that is none", 1001n, 2n],
  ["more items than there can be", 1n, 2n ** 41n],
])("%s is no object", (_, count, items) => {
  expect(find({ 64: count, 72: LONG, 80: items })).toEqual([]);
});

it("what has 4 GiB and more has all ones", () => {
  expect(find({ 64: 1n, 72: LONG, 80: 2n ** 30n })).toEqual([[64, 1, 2 ** 32 - 1, 2 ** 32 - 1, 0n]]);
});

/** Candidates at these places of a piece, as holdLoose finds them; its marks by their number. */
function hold(
  places: readonly number[],
  words: Readonly<Record<number, bigint>>,
  zeros: readonly number[] = [],
) {
  put(words);
  const count = places.length;
  const [records, links, held, linked, graph, pages] = [
    memory.place(16 * count + 16),
    memory.place(8 * count + 8),
    memory.place(count + 1),
    memory.place(2 * count + 1),
    memory.place(GRAPH.GRAPH_BYTES),
    memory.place(BYTES / 4096),
  ] as const;
  const now = new DataView(memory.buffer);
  places.forEach((place, number) => {
    // Above the address, a dict's record has other bits.
    now.setBigUint64(records + 16 * number, (ADDRESS + BigInt(place)) | (0xabcdn << 48n), true);
    now.setBigUint64(links + 8 * number, place < 16 ? 2n ** 64n - 1n : (words[place - 16] ?? 0n), true);
  });
  const index = indexObjects(memory, { count, place: records });
  const after = new DataView(memory.buffer);
  for (const page of zeros) now.setUint8(pages + page, PAGES.ZEROS);
  const putField = (field: number, word: number) => after.setBigUint64(graph + field, BigInt(word), true);
  putField(GRAPH.HASH, index.hash);
  putField(GRAPH.HASH_MASK, index.hashMask);
  putField(GRAPH.CELLS, index.cells);
  putField(GRAPH.RECORDS, records);
  after.setUint32(graph + GRAPH.MANY_OBJECTS, count, true);
  kernel.holdLoose({
    graph,
    at,
    bytes: BYTES,
    address: ADDRESS,
    pages,
    first: 0,
    end: count,
    held,
    links,
    linked,
  });
  return {
    held: [...new Uint8Array(memory.buffer, held, count)],
    linked: [...new Uint8Array(memory.buffer, linked, 2 * count)],
  };
}

it("a word holds the candidate whose address it is, and no other", () => {
  const places = [64, 200, 4096];
  const to = (place: number) => ADDRESS + BigInt(place);
  expect(hold(places, { 1000: to(200) }).held).toEqual([0, 1, 0]);
  expect(hold(places, { 1000: to(201), 1008: to(208), 1016: to(200) | (1n << 63n) }).held).toEqual([0, 0, 0]);
  expect(hold(places, { 5000: to(64), [BYTES - 8]: to(4096) }).held).toEqual([1, 0, 1]);
  // A page that the survey found to be zeros is not looked at.
  expect(hold(places, { 5000: to(64) }, [1]).held).toEqual([0, 0, 0]);
});

it("a candidate is linked where its neighbours in a list lead back to it", () => {
  const place = fc.integer({ min: 1, max: 60 }).map((step) => step * 128);
  fc.assert(
    fc.property(
      fc.uniqueArray(place, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: -1, max: 19 }),
      fc.nat({ max: 3 }),
      (ring, broken, flags) => {
        const words: Record<number, bigint> = {};
        const head = (index: number) =>
          ADDRESS + BigInt((ring[(index + ring.length) % ring.length] ?? 0) - 16);
        ring.forEach((object, index) => {
          words[object - 16] = index === broken ? ADDRESS + 8n : head(index + 1) | BigInt(flags & 1);
          words[object - 8] = head(index - 1) | BigInt(flags);
        });
        const places = [...ring].sort((a, b) => a - b);
        const { linked } = hold(places, words);
        const expected = places.flatMap((object) => {
          const index = ring.indexOf(object);
          // The one before a broken link is not led on from, and the one behind it not led to.
          const isBroken = (which: number) => (which + ring.length) % ring.length === broken;
          return [isBroken(index - 1) ? 0 : 1, isBroken(index) ? 0 : 1];
        });
        expect(linked).toEqual(expected);
      },
    ),
    { numRuns: 100 },
  );
});

it("of a head in another piece, and of one without a link, nothing is told", () => {
  const head = ADDRESS + 184n;
  expect(hold([8, 200], { 184: ADDRESS - 8n, 192: ADDRESS - 8n, 0: head }).linked).toEqual([0, 0, 0, 0]);
  expect(hold([200], { 192: head }).linked).toEqual([0, 0]);
});
