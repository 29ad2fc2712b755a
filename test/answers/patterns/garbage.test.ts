import { describe, expect, it } from "vitest";
import { diagnoseProgram, PYTHONS } from "./processes.ts";

/** Cycles of two, and of one; each Body goes with a Node. What the start of Python left, as `site` does where a .pth imports, is gone. */
const MAKE = `
gc.collect()
class Body: pass
class Node:
    def __init__(self): self.body = Body(); self.text = str(id(self)) * 40
class Leaf: pass
def make(n):
    for i in range(n):
        a, b = Node(), Node(); a.other, b.other = b, a
    for i in range(n // 10):
        a = Leaf(); a.me = a
`;
/** The collector's state as the process itself has it. */
const SAY = `
say = "%d %d %d %d" % (gc.isenabled(), gc.get_threshold()[0], gc.get_stats()[2]["collections"], gc.get_freeze_count())
`;

/** What a program does, and why its garbage stays; null where it has none to speak of. */
const PROGRAMS: readonly (readonly [string, string, RegExp | null])[] = [
  ["turns the collector off", "gc.disable(); make(10000)", /the collector is off \(gc\.disable\(\)\)/],
  ["sets its threshold to 0", "gc.set_threshold(0); make(10000)", /off \(gc\.set_threshold\(0\)\)/],
  ["freezes its garbage", "gc.disable(); make(10000); gc.freeze(); gc.enable()", /gc\.freeze\(\) keeps/],
  ["freezes what it uses", "kept = [Node() for i in range(10000)]; gc.freeze()", null],
  [
    "turns the collector off and makes no cycles",
    "gc.disable(); kept = [Node() for i in range(10000)]",
    null,
  ],
  ["leaves the collector alone", "make(10000); gc.collect()", null],
];

describe.skipIf(PYTHONS.length === 0).each(PYTHONS)("%s", (python) => {
  it.each(PROGRAMS)(
    "%s",
    async (_, source, why) => {
      const { rows, totals, said } = await diagnoseProgram(python, `${MAKE}\n${source}\n${SAY}`);
      const garbage = rows.find(({ kind }) => kind === "garbage");
      const { collector } = totals;
      if (collector === null) throw new Error("no collector");
      const { isEnabled, threshold, fullCollections, frozenCount, frozenGarbageCount } = collector;
      expect([Number(isEnabled), threshold, fullCollections]).toEqual(said.slice(0, 3).map(Number));
      // Objects that no program can reach are frozen as well.
      expect(frozenCount).toBeLessThanOrEqual(Number(said[3]));
      expect(frozenCount).toBeGreaterThanOrEqual(0.97 * Number(said[3]));
      if (why === null) {
        expect(garbage).toBeUndefined();
        expect(frozenGarbageCount).toBeLessThan(100);
        return;
      }
      expect(garbage?.verdict).toBe("leak");
      expect(garbage?.why).toMatch(why);
      expect(garbage?.why).toMatch(/, 10,000 of __main__\.Node and 1,000 of __main__\.Leaf: /);
      // A Node with its text and its Body, twice.
      expect(garbage?.bytes).toBeGreaterThan(10_000 * 2 * 450);
    },
    30_000,
  );
});
