import { describe, expect, it } from "vitest";
import { type FunctionPlan, usersOf } from "./naming.ts";

/** In words behind an instruction that hold what the interpreter learned: they look like `self.rows[key] = value`. */
const TRAP = [124, 0, 106, 0, 124, 1, 60, 0, 60, 0];
const learned = (words: number) =>
  Array.from({ length: 2 * words }, (_, index) => TRAP[index % TRAP.length] ?? 0);

/** Numbers of each version (Include/opcode.h, from 3.13 on Include/opcode_ids.h), plain and specialised. */
const PLAIN = {
  11: {
    resume: 151,
    fast: 124,
    attr: 106,
    method: 160,
    precall: 166,
    call: 171,
    store: 60,
    pop: 1,
    end: 83,
    extended: 144,
  },
  12: {
    resume: 151,
    fast: 124,
    attr: 106,
    method: 106,
    precall: null,
    call: 171,
    store: 60,
    pop: 1,
    end: 83,
    extended: 144,
  },
  14: {
    resume: 128,
    fast: 84,
    attr: 80,
    method: 80,
    precall: null,
    call: 52,
    store: 38,
    pop: 31,
    end: 35,
    extended: 69,
  },
};
type Numbers = { readonly [key in keyof (typeof PLAIN)[11]]: number | null };
const SPECIAL: Readonly<Record<11 | 12 | 14, Numbers>> = {
  // RESUME_QUICK, LOAD_FAST__LOAD_FAST, LOAD_ATTR_INSTANCE_VALUE, LOAD_METHOD_NO_DICT, PRECALL_NO_KW_LIST_APPEND,
  // STORE_SUBSCR_DICT
  11: { ...PLAIN[11], resume: 150, fast: 46, attr: 40, method: 59, precall: 79, store: 169 },
  // INSTRUMENTED_RESUME, LOAD_FAST__LOAD_FAST, LOAD_ATTR_INSTANCE_VALUE, LOAD_ATTR_METHOD_NO_DICT, INSTRUMENTED_CALL
  12: { ...PLAIN[12], resume: 240, fast: 88, attr: 73, method: 81, call: 241, store: 159 },
  // The same of 3.14, where plain locals are borrowed: LOAD_FAST_BORROW.
  14: { ...PLAIN[14], resume: 245, fast: 86, attr: 180, method: 182, call: 250, store: 201 },
};
const CACHES = {
  11: { attr: 4, method: 10, precall: 1, call: 4, store: 1 },
  12: { attr: 9, method: 9, precall: 0, call: 3, store: 1 },
  14: { attr: 9, method: 9, precall: 0, call: 3, store: 1 },
};
type New = keyof typeof CACHES;
const VERSIONS: readonly (readonly [New, string, Numbers])[] = ([11, 12, 14] as const).flatMap((minor) => [
  [minor, "as compiled", PLAIN[minor]] as const,
  [minor, "as they run", SPECIAL[minor]] as const,
]);

/** Entries of 3.11's table of lines, of one unit each at least: change of the line, and units (Objects/locations.md). */
function lineTable(...entries: readonly (readonly [change: number, units: number])[]): number[] {
  const NO_COLUMNS = 13;
  return entries.flatMap(([change, units]) =>
    Array.from({ length: units }, (_, index) => [
      0x80 | (NO_COLUMNS << 3),
      index === 0 ? change * 2 : 0,
    ]).flat(),
  );
}

/** Line 10: `def f`, line 11: something else, line 13: what is asked. */
function planOf(before: readonly number[], code: readonly number[], names: readonly string[]): FunctionPlan {
  return {
    ...{ qualname: "Cache.f", line: 10, names, code: [...before, ...code] },
    lines: lineTable([1, before.length / 2], [2, code.length / 2]),
  };
}

describe.each(VERSIONS)("instructions of CPython 3.%i %s", (minor, _, numbers) => {
  const caches = CACHES[minor];
  const op = (key: keyof Numbers, arg = 0) => [
    ...[numbers[key] ?? 0, arg],
    ...learned(key in caches ? caches[key as keyof typeof caches] : 0),
  ];
  const name = (index: number) => (minor >= 12 ? 2 * index : index);
  const method = (index: number) => op("method", minor >= 12 ? 2 * index + 1 : index);
  const call = (given: number) => [
    ...(numbers.precall === null ? [] : op("precall", given)),
    ...op("call", given),
  ];
  const rows = (index = 0) => [...op("fast", 0), ...op("attr", name(index))];
  const start = [...op("resume"), ...rows(1), ...op("pop")];
  const end = op("end");
  const ask = (before: readonly number[], code: readonly number[], names: readonly string[]) =>
    usersOf([planOf(before, code, names)], { minor });

  it("add by a method, on its line", async () => {
    const code = [...rows(), ...method(2), ...op("fast", 2), ...call(1), ...op("pop"), ...end];
    expect(await ask(start, code, ["rows", "other", "append"])).toEqual(["app/cache.py:13 Cache.f +"]);
    expect(await ask(start, code, ["rows", "other", "discard"])).toEqual(["app/cache.py:13 Cache.f -"]);
    expect(await ask(start, code, ["rows", "other", "items"])).toEqual(["app/cache.py:10 Cache.f"]);
    expect(await ask(start, code, ["other", "rows", "append"])).toEqual(["app/cache.py:10 Cache.f"]);
  });

  it("add by a subscript", async () => {
    const code = [...op("fast", 2), ...rows(), ...op("fast", 1), ...op("store"), ...end];
    expect(await ask(start, code, ["rows", "other"])).toEqual(["app/cache.py:13 Cache.f +"]);
    const other = [...op("fast", 2), ...rows(1), ...rows(), ...op("store"), ...end];
    expect(await ask(start, other, ["rows", "other"])).toEqual(["app/cache.py:10 Cache.f"]);
  });

  it("have arguments of more than a byte", async () => {
    const names = [...Array.from({ length: 300 }, (_, index) => `n${index}`), "rows", "append"];
    const wide = (key: "attr" | "method", arg: number) => [
      ...op("extended", arg >>> 8),
      ...op(key, arg & 255),
    ];
    const code = (attribute: number) => [
      ...[...op("fast", 0), ...wide("attr", name(attribute))],
      ...[
        ...wide("method", minor >= 12 ? 2 * 301 + 1 : 301),
        ...op("fast", 2),
        ...call(1),
        ...op("pop"),
        ...end,
      ],
    ];
    expect(await ask(op("resume"), code(300), names)).toEqual(["app/cache.py:13 Cache.f +"]);
    expect(await ask(op("resume"), code(299), names)).toEqual(["app/cache.py:10 Cache.f"]);
  });

  it("say nothing where they are damaged, and names may then", async () => {
    const code = [...rows(), ...method(2), ...op("fast", 2), ...call(1), ...op("pop"), ...end];
    const likely = ["app/cache.py:10 Cache.f ?"];
    const names = ["rows", "other", "append"];
    // Too many bytes of one argument; a number that is none; one that stands for another instruction.
    const long = Array.from({ length: 4 }, () => op("extended", 255)).flat();
    expect(await ask(long, code, names)).toEqual(likely);
    expect(await ask([minor === 11 ? 200 : 230, 0], code, names)).toEqual(likely);
    if (minor !== 11) expect(await ask([254, 0], code, names)).toEqual(likely);
    // Names that are not there.
    expect(await ask(start, [...rows(90), ...method(99), ...call(200), ...end], names)).toEqual([
      "app/cache.py:10 Cache.f",
    ]);
  });
});
