import { expect, it } from "vitest";
import { KernelMemory } from "../../../../src/kernel/index.ts";
import {
  liveStatics,
  placeMarks,
  type StaticObject,
} from "../../../../src/runtimes/cpython/objects/statics.ts";
import type { TypePlan } from "../../../../src/runtimes/cpython/types/kinds.ts";
import { readerOf } from "../../../blocks/image-of.ts";
import { Memory } from "../../heap/memory.ts";

const DATA = 0x5555_0000_0000;
const ELSEWHERE = 0x7f00_0000_0000;
/** Py_TPFLAGS_TUPLE_SUBCLASS, _BYTES_, _UNICODE_, _LONG_, _TYPE_. */
const [TUPLE, BYTES, STR, INT, TYPE] = [26, 27, 28, 24, 31].map((bit) => 2 ** bit) as [
  ...[number, number, number, number, number],
];
const PLANS = [TUPLE, BYTES, STR, INT, TYPE].map(
  (flags) => ({ type: { flags } }) as Partial<TypePlan> as TypePlan,
);

interface Plan {
  readonly at: number;
  readonly bytes: number;
  /** Of PLANS. */
  readonly index?: number;
  /** What its words from the third on lead to. */
  readonly holds?: readonly number[];
}

/** The offsets of the static objects that count, where these words of the data are marked. */
function live(plans: readonly Plan[], marked: readonly number[]): number[] {
  const memory = new Memory();
  memory.map(DATA, 4096);
  memory.map(ELSEWHERE, 4096);
  for (const { at, holds = [] } of plans)
    holds.forEach((word, index) => {
      memory.u64(at + 16 + 8 * index, word);
    });
  const kernel = new KernelMemory();
  const own = { start: DATA, end: DATA + 4096 };
  const data = placeMarks(kernel, { all: [own], own });
  const marks = new Uint8Array(kernel.buffer, data.marks, data.bytes / 8);
  for (const at of marked) marks[(at - DATA) / 8] = 1;
  const objects = plans.map(
    ({ at, bytes, index = 0 }): StaticObject => ({ address: at, bytes, index, record: new Uint32Array(4) }),
  );
  const found = liveStatics(kernel, readerOf(memory), PLANS, 16, data, objects);
  return plans.map(({ at }) => at).filter((at) => [...found].some(({ address }) => address === at));
}

const [ONE, TWO, THREE] = [DATA + 0x100, DATA + 0x200, DATA + 0x300];
const three = (first: Partial<Plan>, second: Partial<Plan> = {}): Plan[] => [
  { at: ONE, bytes: 48, ...first },
  { at: TWO, bytes: 48, ...second },
  { at: THREE, bytes: 48 },
];

it("what something points to counts, and what that leads to", () => {
  expect(live(three({}), [])).toEqual([]);
  expect(live(three({}), [TWO])).toEqual([TWO]);
  expect(live(three({ holds: [0, TWO] }, { holds: [THREE] }), [ONE])).toEqual([ONE, TWO, THREE]);
  expect(live(three({ holds: [TWO] }, { holds: [ONE] }), [THREE])).toEqual([THREE]);
  expect(live(three({ holds: [TWO, THREE] }), [ONE])).toEqual([ONE, TWO, THREE]);
});

it("types always count, as does what lies outside of the interpreter's data", () => {
  expect(live(three({ index: 4 }), [])).toEqual([ONE]);
  const outside = [
    { at: DATA - 0x100, bytes: 48 },
    { at: ONE, bytes: 48 },
    { at: DATA + 4096, bytes: 48 },
    { at: ELSEWHERE, bytes: 48, holds: [ONE] },
  ];
  expect(live(outside, [])).toEqual([DATA - 0x100, ONE, DATA + 4096, ELSEWHERE]);
});

it("texts and numbers lead nowhere", () => {
  for (const index of [1, 2, 3])
    expect(live(three({ index, holds: [TWO] }), [ONE]), String(index)).toEqual([ONE]);
  for (const index of [0, 4]) expect(live(three({ index, holds: [TWO] }), [ONE])).toEqual([ONE, TWO]);
});

it("an object's words end with it, or where the next one begins", () => {
  expect(live(three({ bytes: 24, holds: [TWO, THREE] }), [ONE])).toEqual([ONE, TWO]);
  expect(live(three({ bytes: 4096, holds: [TWO] }), [ONE])).toEqual([ONE, TWO]);
  // A word of the second is none of the first's, however long that is.
  expect(live(three({ bytes: 4096 }, { holds: [THREE] }), [ONE])).toEqual([ONE]);
});
