import { describe, expect, it } from "vitest";
import { MemoryReader } from "../../../../src/blocks/index.ts";
import { TypesAt } from "../../../../src/runtimes/cpython/types/type-at.ts";
import { openPlan } from "../../../image/open-plan.ts";

const START = 0x7f00_0000_0000;
const [TYPE, OBJECT, META, PLAIN, LOOSE] = [0, 1, 2, 3, 4].map((index) => START + 0x400 * index) as [
  number,
  number,
  number,
  number,
  number,
];
const READY = 0x1000;
/** Py_TPFLAGS_TYPE_SUBCLASS. */
const MAKES_TYPES = 2 ** 31;

interface Words {
  readonly type: number;
  readonly base: number;
  readonly refs?: bigint;
  readonly name?: bigint;
  readonly basic?: bigint;
  readonly item?: bigint;
  readonly flags?: bigint;
}

/** `type`, `object`, a metatype, and a class of each. */
const SANE: readonly (readonly [number, Words])[] = [
  [TYPE, { type: TYPE, base: OBJECT, flags: BigInt(READY + MAKES_TYPES) }],
  [OBJECT, { type: TYPE, base: 0 }],
  [META, { type: TYPE, base: TYPE, flags: BigInt(READY + MAKES_TYPES) }],
  [PLAIN, { type: TYPE, base: OBJECT }],
  [LOOSE, { type: META, base: PLAIN }],
];

/** Types in memory where these places' words are changed. */
function typesIn(...changes: readonly (readonly [number, Partial<Words>])[]): TypesAt {
  const data = new Uint8Array(0x2000);
  const view = new DataView(data.buffer);
  const all = new Map<number, Words>(SANE);
  for (const [at, change] of changes)
    all.set(at, { ...(all.get(at) ?? { type: TYPE, base: OBJECT }), ...change });
  for (const [
    at,
    { type, base, refs = 3n, name = 0x5000n, basic = 64n, item = 0n, flags = BigInt(READY) },
  ] of all)
    for (const [offset, value] of [
      [0, refs],
      [8, BigInt(type)],
      [24, name],
      [32, basic],
      [40, item],
      [168, flags],
      [256, BigInt(base)],
    ] as const)
      view.setBigUint64(at - START + offset, value, true);
  return new TypesAt(new MemoryReader(openPlan([{ type: 1, flags: 6, start: BigInt(START), data }]).image));
}

const ALL = SANE.map(([at]) => at);
const found = (types: TypesAt) => ALL.filter((at) => types.get(at)?.address === at);

it("types are what ends in `object` by bases, and in `type` by metatypes", () => {
  const types = typesIn();
  expect(types.root).toBe(0);
  expect(found(types)).toEqual(ALL);
  expect(types.root).toBe(TYPE);
  expect([...types.all.keys()]).toEqual(ALL);
  expect(types.get(LOOSE)).toMatchObject({ address: LOOSE, type: META, base: PLAIN });
});

it("no address that is none is looked at", () => {
  const types = typesIn();
  for (const at of [0, -8, PLAIN + 4, PLAIN + 8, START - 0x400, 2 ** 48, 2 ** 60, Number.NaN])
    expect(types.get(at), String(at)).toBeUndefined();
  expect(types.root).toBe(0);
});

describe("a type is told by its", () => {
  it.each<[what: string, refused: readonly Partial<Words>[], taken: readonly Partial<Words>[]]>([
    ["count", [{ refs: 0n }], [{ refs: 1n }, { refs: 2n ** 63n }]],
    [
      "name",
      [{ name: 0n }, { name: 2n ** 48n }, { name: 2n ** 60n }],
      [{ name: 1n }, { name: 2n ** 48n - 1n }],
    ],
    ["item size", [{ item: 2n ** 16n }], [{ item: 1n }, { item: 2n ** 16n - 1n }]],
    [
      "flags",
      [{ flags: 0n }, { flags: 0xffff_efffn }, { flags: 0x1_0000_1000n }, { flags: 2n ** 63n + 0x1000n }],
      [{ flags: 0x7fff_ffffn }],
    ],
    ["type", [{ type: 0 }, { type: OBJECT }, { type: PLAIN }, { type: LOOSE }], [{ type: META }]],
    [
      "base",
      [{ base: 0, type: META }, { base: PLAIN }, { base: LOOSE }, { base: START + 0x1800 }],
      [{ base: META }],
    ],
  ])("%s", (_, refused, taken) => {
    for (const change of refused) expect(typesIn([PLAIN, change]).get(PLAIN)).toBeUndefined();
    for (const change of taken) expect(typesIn([PLAIN, change]).get(PLAIN)).toBeDefined();
  });

  it("own metatype, which makes types", () => {
    expect(found(typesIn([META, { flags: BigInt(READY) }]))).toEqual([TYPE, OBJECT, META, PLAIN]);
    expect(found(typesIn([TYPE, { flags: BigInt(READY) }]))).toEqual([]);
    expect(found(typesIn([TYPE, { base: TYPE }]))).toEqual([]);
    expect(found(typesIn([TYPE, { base: 0 }]))).toEqual([]);
  });

  it("root, which is the same for all", () => {
    const apart = START + 0x1400;
    const types = typesIn([apart, { type: apart, base: OBJECT, flags: BigInt(READY + MAKES_TYPES) }]);
    expect(types.get(apart)).toBeUndefined();
    expect(types.root).toBe(0);
    expect(found(types)).toEqual(ALL);
    expect(types.get(apart)).toBeUndefined();
  });
});
