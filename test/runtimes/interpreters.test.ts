import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { answerChain, answerOwners, answerTypes, openTarget } from "../../src/index.ts";
import { dumpProgram, findPythons } from "./pythons.ts";

const COUNT = 800;

const scratch = mkdtempSync(join(tmpdir(), "coregram-interpreters-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const pythons = findPythons().filter((python) => Number(/\d+$/.exec(python)?.[0]) >= 8);

it.skipIf(pythons.length === 0).for(pythons)(
  "of %s, what several interpreters hold has paths that say which, and their arenas are accounted for",
  async (python, context) => {
    const made = await dumpProgram(python, "interpreters.py", scratch, {}, [String(COUNT)]);
    if (made === null) return context.skip("gcore may not attach here");
    const target = await openTarget(made.core);
    try {
      const { rows } = await answerOwners(target, { limit: Number.POSITIVE_INFINITY });
      const found = (path: string) =>
        rows.filter((row) => row.path === path).map(({ type, length }) => [type, length]);
      // The second of them has gone: the third is the second that there is.
      expect(found("<interpreter 1>.__main__.hoard")).toEqual([["builtins.list", COUNT + 1]]);
      expect(found("<interpreter 2>.__main__.hoard")).toEqual([["builtins.list", COUNT + 3]]);
      expect(found("__main__.hoard")).toEqual([["builtins.list", COUNT]]);
      for (const number of [1, 2]) {
        expect(found(`<interpreter ${number}>.__main__.cache`)).toEqual([["builtins.dict", COUNT]]);
        expect(found(`<interpreter ${number}>.__main__.Holds.kept`)).toEqual([["builtins.list", COUNT]]);
      }
      expect(found("__main__.cache")).toEqual([]);
      expect(rows.filter(({ path }) => path?.startsWith("<interpreter 3>"))).toEqual([]);
      // What its state alone has, as its built-in types since 3.12: each by itself, not behind the one that leads to it.
      for (const number of [1, 2]) {
        const state = rows.find(({ path }) => path === `<interpreter ${number}>`);
        expect(state?.type).toBe("native memory");
        expect(state?.retainedCount).toBeGreaterThan(0);
      }
      const asked = await answerChain(target, "<interpreter 2>.__main__.cache");
      expect(asked.rows[0]).toMatchObject({ path: "<interpreter 2>.__main__.cache", length: COUNT });
      const { rows: types, totals } = await answerTypes(target, { limit: Number.POSITIVE_INFINITY });
      const count = (name: string) => types.find(({ type }) => type === name)?.count;
      expect([count("__main__.Own1"), count("__main__.Own3")]).toEqual([COUNT + 1, COUNT + 3]);
      expect(totals.balance.unknown).toBeLessThan(totals.savedBytes * 0.01);
    } finally {
      await target.close();
    }
  },
);
