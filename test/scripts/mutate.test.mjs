import { describe, expect, test } from "vitest";
import { findMutants } from "../../scripts/mutate/mutants.mjs";
import { report } from "../../scripts/mutate/report.mjs";
import { withSwitches } from "../../scripts/mutate/schemata.mjs";

/** @param {string} text */
const mutantsOf = (text) => findMutants("src/a/b.ts", text);

/** @param {string} text */
const changesOf = (text) => mutantsOf(text).map(({ before, after }) => `${before} => ${after}`);

describe("mutants", () => {
  test.each([
    ["f(a < b);", "a < b => (a) <= (b)"],
    ["f(a < b);", "a < b => (a) >= (b)"],
    ["f(a === b);", "a === b => (a) !== (b)"],
    ["f(8n);", "8n => 9n"],
    ["f(0x10);", "0x10 => 15"],
    ["f(a, b);", "f(a, b) => f(b, a)"],
    ["f({ a, b: c });", "{ a, b: c } => { a: c, b: a }"],
    ["if (a) b();", "a => !(a)"],
    ["for (;;) continue;", "continue; => break;"],
    ["f();", "f(); => "],
    ["const f = () => { return 1; };", "return 1; => return undefined;"],
    ["f(!a);", "!a => a"],
    ["f(a ?? b);", "a ?? b => b"],
  ])("of %j hold %j", (text, change) => {
    expect(changesOf(text)).toContain(change);
  });

  test("leave types, imports and prose alone", () => {
    const text = 'import { a } from "b";\ntype T = 1 | "c";\nfunction f(x: 3) {}\nconst p = "what is said";';
    expect(mutantsOf(text)).toEqual([]);
  });

  test("of offsets in assembly change with the whole load", () => {
    const [mutant] = findMutants("src/kernel/assembly/a.ts", "f(load<u64>(at, PLACE));");
    expect(mutant?.after).toBe("");
    expect(
      findMutants("src/kernel/assembly/a.ts", "return load<u64>(at, PLACE);").map(({ after }) => after),
    ).toEqual(["load<u64>(at, (PLACE) + 8)"]);
  });

  test("have the same keys where lines are put before them, and different ones where text is the same", () => {
    const text = "function f() {\n  g(1);\n  g(1);\n}";
    const keys = mutantsOf(text).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(mutantsOf(`\n\n${text}`).map(({ key }) => key)).toEqual(keys);
  });
});

describe("a text with switches", () => {
  const text = `
    function f(a, b) {
      const out = [];
      for (let n = 0; n < a; ++n) {
        if (n % 2 === b) continue;
        out.push(n + 1);
      }
      return { sum: out.reduce((x, y) => x + y, 0), out };
    }
    return JSON.stringify([f(5, 1), f(4, 0)]);`;
  const mutants = mutantsOf(text).map((mutant, index) => ({ ...mutant, number: index + 1 }));
  /** @param {string} code @param {number} on */
  function run(code, on) {
    try {
      return new Function("$mutant", code)((/** @type {number} */ number) => number === on);
    } catch (error) {
      return String(error);
    }
  }

  test("does as the original where none is on, and as each mutant where that is on", () => {
    const switched = withSwitches(text, mutants);
    expect(switched.split("\n")).toHaveLength(text.split("\n").length);
    expect(run(switched, 0)).toBe(run(text, 0));
    // Turned round or without its end, the loop would never end.
    const ending = mutants.filter(({ before, after }) => !(before === "n < a" && after.includes(">=")));
    let changed = 0;
    for (const { number, start, end, after } of ending) {
      const alone = run(text.slice(0, start) + after + text.slice(end), 0);
      expect(run(switched, number)).toBe(alone);
      if (alone !== run(text, 0)) ++changed;
    }
    expect(changed).toBeGreaterThan(10);
  });
});

test("the report counts rooms, without what is equivalent or does not compile, and lists survivors", () => {
  /** @param {string} status @param {string} path */
  const outcome = (status, path) => ({ key: "k", path, line: 3, before: "a < b", after: "a <= b", status });
  const text = report(
    /** @type {any} */ ([
      outcome("killed", "src/heap/a.ts"),
      outcome("late", "src/heap/a.ts"),
      outcome("survived", "src/heap/b.ts"),
      outcome("equivalent", "src/heap/a.ts"),
      outcome("invalid", "src/heap/a.ts"),
      outcome("killed", "src/kernel/assembly/cpython/a.ts"),
    ]),
  );
  expect(text).toContain("src/heap/b.ts:3 survived\n  - a < b\n  + a <= b\n");
  expect(text).toMatch(/^heap +4 +1 +2 +1 +66\.7 %$/m);
  expect(text).toMatch(/^kernel\/assembly\/cpython +1 +0 +1 +0 +100\.0 %$/m);
});
