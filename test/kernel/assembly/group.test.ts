import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { descending, kernelMemory, type Run, runsOf, word, words } from "../memory-of.ts";

const { kernel, a, b, c, d, histogram, put, take, putRuns, takeRuns, u32, memory } = kernelMemory();
const once = memory.place(8);
const run: fc.Arbitrary<Run> = fc.tuple(
  word,
  fc.oneof(
    fc.bigInt({ min: 1n, max: 4n }),
    fc.bigInt({ min: 1n, max: 5000n }),
    fc.bigInt({ min: 1n, max: 2n ** 40n }),
  ),
);
const runs = fc
  .uniqueArray(run, { selector: ([value]) => value, maxLength: 200, size: "max" })
  .map((list) => list.sort(([x], [y]) => (x < y ? 1 : -1)));

describe("sortDescending", () => {
  it("sorts like a sort", () => {
    fc.assert(
      fc.property(words, (values) => {
        put(a, values);
        const at = kernel.sortDescending(a, b, values.length, histogram);
        expect([a, b]).toContain(at);
        expect(take(at, values.length)).toEqual(descending(values));
      }),
    );
  });

  it.each([
    ["differ in the lowest bit", 0n, 1n],
    ["differ in the highest bit", 0n, 2n ** 63n],
    ["differ in every bit", 0n, 2n ** 64n - 1n],
    ["differ in bits far apart", 1n, 2n ** 63n],
  ])("sorts two words that %s", (_, low, high) => {
    for (const pair of [
      [low, high],
      [high, low],
    ]) {
      put(a, pair);
      expect(take(kernel.sortDescending(a, b, 2, histogram), 2)).toEqual([high, low]);
    }
  });

  it("writes nothing past its words", () => {
    put(a, [1n, 2n, 3n, 77n]);
    put(b, [0n, 0n, 0n, 88n]);
    kernel.sortDescending(a, b, 3, histogram);
    expect([take(a + 24, 1), take(b + 24, 1)]).toEqual([[77n], [88n]]);
  });
});

describe("countRuns", () => {
  it("counts every run", () => {
    fc.assert(
      fc.property(words, (values) => {
        put(a, descending(values));
        const found = kernel.countRuns({
          words: a,
          count: values.length,
          known: 0,
          knownCount: 0,
          runs: b,
          apart: 0,
          once,
        });
        expect(takeRuns(b, found)).toEqual(runsOf(values));
      }),
    );
  });

  it("keeps words that occur once apart, and adds what is known of those that stand for many", () => {
    fc.assert(
      fc.property(
        words,
        fc.array(fc.tuple(word, fc.bigInt({ min: 1n, max: 2n ** 40n })), { maxLength: 30 }),
        (values, extra) => {
          const known = new Map(extra);
          const plain = values.filter((value) => !known.has(value));
          const all = descending([...plain, ...known.keys()]);
          const knownRuns = descending(known.keys()).map((value): Run => [value, known.get(value) ?? 0n]);
          const expected = runsOf(all).map(([value, count]): Run => [value, known.get(value) ?? count]);
          put(a, all);
          putRuns(c, knownRuns);
          const found = kernel.countRuns({
            words: a,
            count: all.length,
            known: c,
            knownCount: knownRuns.length,
            runs: b,
            apart: 1,
            once,
          });
          expect(takeRuns(b, found)).toEqual(expected.filter(([, count]) => count > 1n));
          expect(take(a, u32(once))).toEqual(
            expected.filter(([, count]) => count === 1n).map(([value]) => value),
          );
        },
      ),
    );
  });
});

it("between keeps the words of a closed range in order, in place too", () => {
  fc.assert(
    fc.property(words, word, word, fc.boolean(), (values, x, y, inPlace) => {
      const [low, high] = x < y ? [x, y] : [y, x];
      put(a, values);
      const to = inPlace ? a : b;
      const kept = kernel.between({ words: a, count: values.length, low, high, to });
      expect(take(to, kept)).toEqual(values.filter((value) => value >= low && value <= high));
    }),
  );
});

it("mergeRuns adds two lists up", () => {
  fc.assert(
    fc.property(runs, runs, (left, right) => {
      putRuns(a, left);
      putRuns(b, right);
      const found = kernel.mergeRuns({ a, aCount: left.length, b, bCount: right.length, to: c });
      const sums = new Map<bigint, bigint>();
      for (const [value, count] of [...left, ...right]) sums.set(value, (sums.get(value) ?? 0n) + count);
      expect(takeRuns(c, found)).toEqual(descending(sums.keys()).map((value) => [value, sums.get(value)]));
    }),
  );
});

it("orderByCount puts runs into the order of the rows, and says how many rows each count has", () => {
  fc.assert(
    fc.property(runs, fc.boolean(), (list, inPlace) => {
      putRuns(a, list);
      const to = inPlace ? a : c;
      const found = kernel.orderByCount({
        runs: a,
        count: list.length,
        spare: b,
        histogram,
        words: to,
        steps: d,
      });
      const ordered = [...list].sort(([, x], [, y]) => (x < y ? 1 : x > y ? -1 : 0));
      expect(take(to, list.length)).toEqual(ordered.map(([value]) => value));
      expect(takeRuns(d, found)).toEqual(runsOf(list.map(([, count]) => count)));
    }),
  );
});
