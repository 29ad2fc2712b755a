import { describe, expect, it } from "vitest";
import {
  basesOf,
  findTypeObjects,
  hasFlag,
  readType,
} from "../../../../src/runtimes/cpython/types/type-objects.ts";
import { readerOf } from "../../../blocks/image-of.ts";
import { Memory } from "../../heap/memory.ts";

const START = 0x7f00_0000_0000;
const place = (index: number) => START + 0x400 * index;
const [TYPE, OBJECT, INT, META, CLASS, OTHER] = [0, 1, 2, 3, 4, 5].map(place) as [
  ...[number, number, number, number, number, number],
];
/** Py_TPFLAGS_TYPE_SUBCLASS. */
const MAKES_TYPES = 2 ** 31;

interface Words {
  readonly type: number;
  readonly base: number;
  readonly flags?: number;
  readonly basic?: number;
  readonly dictOffset?: number;
}

/** `type`, `object`, a type, a metaclass and a class of it. */
const SANE: ReadonlyMap<number, Words> = new Map([
  [TYPE, { type: TYPE, base: OBJECT, flags: MAKES_TYPES }],
  [OBJECT, { type: TYPE, base: 0 }],
  [INT, { type: TYPE, base: OBJECT }],
  [META, { type: TYPE, base: TYPE, flags: MAKES_TYPES }],
  [CLASS, { type: META, base: OBJECT }],
]);

/** Offsets in PyTypeObject that all versions have in common. */
function put(memory: Memory, at: number, { type, base, flags = 0, basic = 64, dictOffset = 0 }: Words) {
  memory.u64(at, 1);
  memory.u64(at + 8, type);
  memory.u64(at + 24, at + 0x300);
  memory.u64(at + 32, basic);
  memory.u64(at + 168, flags);
  memory.u64(at + 256, base);
  memory.u64(at + 264, at + 0x200);
  memory.u64(at + 288, dictOffset);
}

function typesOf(changes: readonly (readonly [number, Words])[] = []) {
  const memory = new Memory();
  memory.map(START, 0x4000);
  const all = new Map([...SANE, ...changes]);
  for (const [at, words] of all) put(memory, at, words);
  const candidates = Float64Array.from(all.keys()).sort();
  return findTypeObjects(readerOf(memory), candidates);
}
const found = (changes: readonly (readonly [number, Words])[] = []) => [
  ...(typesOf(changes)?.all.keys() ?? []),
];

describe("types", () => {
  it("are what has `type` or a metaclass for its type, by address", () => {
    expect(typesOf()?.root).toBe(TYPE);
    expect(found()).toEqual([TYPE, OBJECT, INT, META, CLASS]);
  });

  it("of a metaclass of a metaclass are found too, and those of what derives from no `type` are not", () => {
    const deeper = place(6);
    expect(
      found([
        [OTHER, { type: META, base: META, flags: MAKES_TYPES }],
        [deeper, { type: OTHER, base: CLASS }],
      ]),
    ).toContain(deeper);
    expect(found([[deeper, { type: INT, base: OBJECT }]])).not.toContain(deeper);
    expect(found([[deeper, { type: CLASS, base: OBJECT }]])).not.toContain(deeper);
  });

  it("have bases that end in one without a base, and in no circle", () => {
    expect(found([[OTHER, { type: TYPE, base: INT }]])).toContain(OTHER);
    expect(found([[OTHER, { type: TYPE, base: place(9) }]])).not.toContain(OTHER);
    expect(found([[OTHER, { type: TYPE, base: OTHER }]])).not.toContain(OTHER);
    expect(
      found([
        [OTHER, { type: TYPE, base: place(6) }],
        [place(6), { type: TYPE, base: OTHER }],
      ]),
    ).toEqual(found());
  });

  it("have `type` for a root: of several that are their own type, the one with the most types", () => {
    // One more such with two types of its own; `type` has four.
    const rival = place(7);
    const changes = [
      [OTHER, { type: OTHER, base: OBJECT, flags: MAKES_TYPES }],
      [place(6), { type: OTHER, base: OBJECT }],
      [rival, { type: rival, base: OBJECT, flags: MAKES_TYPES }],
    ] as const;
    expect(typesOf(changes)?.root).toBe(TYPE);
    expect(found(changes)).toEqual(found());
    // It makes types, or is none.
    expect(typesOf([[TYPE, { type: TYPE, base: OBJECT }]])).toBeNull();
    expect(typesOf([[TYPE, { type: OBJECT, base: OBJECT, flags: MAKES_TYPES }]])).toBeNull();
  });

  it("are none where sizes make no sense", () => {
    const reads = (words: Partial<Words>) =>
      found([[OTHER, { type: TYPE, base: OBJECT, ...words }]]).includes(OTHER);
    expect(reads({ basic: 2 ** 24 - 1 })).toBe(true);
    expect(reads({ basic: 2 ** 24 })).toBe(false);
    expect(reads({ dictOffset: 2 ** 24 - 1 })).toBe(true);
    expect(reads({ dictOffset: 1 - 2 ** 24 })).toBe(true);
    expect(reads({ dictOffset: 2 ** 24 })).toBe(false);
    expect(reads({ dictOffset: -(2 ** 24) })).toBe(false);
  });
});

it("a type's words are those of its struct", () => {
  const memory = new Memory();
  memory.map(START, 0x1000);
  put(memory, CLASS - 0xc00, { type: META, base: INT, flags: MAKES_TYPES + 512, basic: 40, dictOffset: -8 });
  const type = readType(readerOf(memory), START + 0x400);
  expect(type).toEqual({
    address: START + 0x400,
    type: META,
    name: START + 0x700,
    basicSize: 40,
    itemSize: 0,
    flags: MAKES_TYPES + 512,
    base: INT,
    dict: START + 0x600,
    dictOffset: -8,
  });
  if (type === null) throw new Error("none");
  expect([MAKES_TYPES, 512, 256].map((flag) => hasFlag(type, flag))).toEqual([true, true, false]);
  expect(readType(readerOf(memory), START + 0x2000)).toBeNull();
});

it("bases are followed in their order, 256 of them at most", () => {
  const types = typesOf();
  const meta = types?.all.get(META);
  if (types === null || meta === undefined) throw new Error("none");
  expect([...basesOf(meta, types.all)].map(({ address }) => address)).toEqual([META, TYPE, OBJECT]);
  const circle = new Map([[META, { ...meta, base: META }]]);
  expect([...basesOf({ ...meta, base: META }, circle)]).toHaveLength(256);
});
