import { beforeEach, describe, expect, it } from "vitest";
import { OBJECT_PLAN as PLAN } from "../../../../src/kernel/index.ts";
import { kernelMemory } from "../../memory-of.ts";
import { KINDS, putPlan, type TwinPlan } from "./twin.ts";

const { memory, kernel } = kernelMemory();
const at = memory.place(32_768, 16_384);
const [pages, marks, tally, sums, room, statics] = [64, 2048, 64, 64, 8192, 64].map((bytes) =>
  memory.place(bytes),
) as [number, number, number, number, number, number];
const view = new DataView(memory.buffer);
const ADDRESS = 0x7f00_0000_0000n;
const STATIC = 0x55d0_0010_0000n;
const [PLAIN, TRACKED] = [0x55d0_0000_0000n, 0x55d0_0000_0188n];
const HEADER = 48;

/** Objects of 24 bytes; those of the second type behind a head. */
const TWIN: TwinPlan = {
  types: [
    { address: PLAIN, kind: KINDS.other, head: 0, leastItems: 0, isRounded: false, basic: 24, item: 0 },
    { address: TRACKED, kind: KINDS.other, head: 16, leastItems: 0, isRounded: false, basic: 40, item: 0 },
  ],
  mostRefs: 1000,
  refs: 0,
  str: { ascii: 40, compact: 56, whole: 64, hasWide: false },
};
let plan = 0;

const word = (offset: number, value: bigint) => view.setBigUint64(at + offset, value, true);
const words = (place: number, count: number) =>
  [...new BigUint64Array(memory.buffer, place, count)].map(Number);

/** A pool's header (Objects/obmalloc.c): free blocks from `free` on, linked in that order. */
function putPool(
  offset: number,
  bytes: 4096 | 16_384,
  block: number,
  carved: number,
  free: readonly number[],
) {
  const place = (index: number | undefined) =>
    index === undefined ? 0n : ADDRESS + BigInt(offset + HEADER + index * block);
  view.setUint32(at + offset, carved - free.length, true);
  word(offset + 8, place(free[0]));
  view.setUint32(at + offset + 36, block / 16 - 1, true);
  view.setUint32(at + offset + 40, HEADER + carved * block, true);
  view.setUint32(at + offset + 44, bytes - block, true);
  for (const [index, each] of free.entries()) word(offset + HEADER + each * block, place(free[index + 1]));
}

function run(bytes = 32_768) {
  const wrote = kernel.poolObjects({
    plan,
    at,
    bytes,
    address: ADDRESS,
    pages,
    marks,
    tally,
    sums,
    to: room,
  });
  const records = [];
  for (let record = room; record < room + wrote; record += 16)
    records.push([
      Number(view.getBigUint64(record, true) - ADDRESS),
      view.getUint32(record + 8, true),
      view.getUint32(record + 12, true),
    ]);
  const [inUse, inObjects, free, uncarved, headers, freePools] = words(sums, 6);
  return { records, inUse, inObjects, free, uncarved, headers, freePools };
}

beforeEach(() => {
  for (const [place, bytes] of [
    [at, 32_768],
    [pages, 64],
    [marks, 2048],
    [tally, 64],
    [sums, 64],
    [statics, 64],
  ] as const)
    new Uint8Array(memory.buffer, place, bytes).fill(0);
  plan = putPlan(memory, TWIN);
  view.setBigUint64(plan + PLAN.STATIC_LOW, STATIC, true);
  view.setBigUint64(plan + PLAN.STATIC_BYTES, 512n, true);
  view.setBigUint64(plan + PLAN.STATIC_MARKS, BigInt(statics), true);
});

describe("objects in pools", () => {
  it("are told with what their blocks' bytes are for", () => {
    const block = (index: number) => 4096 + HEADER + 64 * index;
    putPool(4096, 4096, 64, 6, [5, 2, 4]);
    view.setUint8(pages + 1, 1);
    // A plain object, a tracked one, a free block that shows nothing, a block in use without an object, and freed ones.
    word(block(0), 3n);
    word(block(0) + 8, PLAIN);
    word(block(1) + 16, 1000n);
    word(block(1) + 24, TRACKED);
    word(block(4) + 8, PLAIN);
    word(block(5) + 24, TRACKED);
    expect(run()).toEqual({
      records: [
        [block(0), 0, 24],
        [block(1) + 16, 1, 40],
      ],
      ...{ inUse: 3 * 64, inObjects: 2 * 64, free: 3 * 64, uncarved: 4096 - 48 - 6 * 64 },
      ...{ headers: 48, freePools: 0 },
    });
    expect(words(tally, 8)).toEqual([1, 24, 1, 64, 1, 40, 1, 64]);
  });

  it("are added up over pools of both sizes, and pools without any are free", () => {
    putPool(0, 16_384, 32, 500, [7]);
    putPool(16_384, 4096, 512, 2, []);
    putPool(20_480, 4096, 64, 2, [0, 1]);
    putPool(24_576, 4096, 64, 2, [1, 0]);
    new Uint8Array(memory.buffer, pages, 7).set([2, 3, 3, 3, 1, 1, 1]);
    word(HEADER + 32 * 499, 1n);
    word(HEADER + 32 * 499 + 8, PLAIN);
    expect(run()).toEqual({
      records: [[HEADER + 32 * 499, 0, 24]],
      ...{ inUse: 499 * 32 + 1024, inObjects: 32, free: 32 },
      ...{ uncarved: 16_384 - 48 - 500 * 32 + 4096 - 48 - 1024, headers: 96, freePools: 8192 },
    });
  });

  it("are not looked for in a pool that has changed since", () => {
    putPool(0, 4096, 64, 6, [5, 2]);
    view.setUint8(pages, 1);
    view.setUint32(at, 3, true);
    word(HEADER, 3n);
    word(HEADER + 8, PLAIN);
    expect(run()).toMatchObject({ records: [], inUse: 0, headers: 0, freePools: 0 });
  });

  it("are not looked for behind the last block that was ever given out", () => {
    putPool(0, 4096, 64, 2, []);
    view.setUint8(pages, 1);
    word(HEADER + 2 * 64, 3n);
    word(HEADER + 2 * 64 + 8, PLAIN);
    expect(run()).toMatchObject({ records: [], inUse: 128, inObjects: 0, uncarved: 4096 - 48 - 128 });
  });

  it("that a free block still shows are those that its size has room for", () => {
    const block = (index: number) => HEADER + 32 * index;
    putPool(0, 4096, 32, 4, [1, 2, 3]);
    view.setUint8(pages, 1);
    // An object of 40 bytes was never in it, nor one whose head leads nowhere near a type.
    word(block(1) + 24, TRACKED);
    word(block(2) + 8, PLAIN);
    word(block(3) + 16, 7n);
    word(block(3) + 24, PLAIN);
    run();
    expect(words(tally, 8)).toEqual([0, 0, 1, 32, 0, 0, 0, 0]);
  });
});

describe("static data", () => {
  it("is marked where a block in use or a page of no pool points to it, not where a free block does", () => {
    putPool(0, 4096, 64, 3, [1]);
    new Uint8Array(memory.buffer, pages, 8).set([1, 0, 4, 3]);
    word(HEADER + 56, STATIC + 8n);
    word(HEADER + 64 + 56, STATIC + 16n);
    word(HEADER + 2 * 64, STATIC + 24n);
    word(4096, STATIC + 32n);
    word(8192 - 8, STATIC + 504n);
    word(8192 + 8, STATIC + 47n);
    word(12_288 + 8, STATIC + 56n);
    word(16_384, STATIC - 8n);
    word(16_384 + 8, STATIC + 512n);
    run();
    const marked = [...new Uint8Array(memory.buffer, statics, 64)].flatMap((mark, index) =>
      mark ? [index] : [],
    );
    expect(marked).toEqual([1, 3, 4, 5, 63]);
  });

  it("does not mark itself, and is read up to the last whole word", () => {
    view.setBigUint64(plan + PLAN.STATIC_LOW, ADDRESS + 4096n, true);
    view.setBigUint64(plan + PLAN.STATIC_BYTES, 256n, true);
    word(4096, ADDRESS + 4096n);
    word(8192, ADDRESS + 4104n);
    word(8200, ADDRESS + 4112n);
    run(8204);
    expect([...new Uint8Array(memory.buffer, statics, 4)]).toEqual([0, 1, 0, 0]);
  });
});
