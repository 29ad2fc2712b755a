import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { answerDiff, answerOwners, openTarget } from "../../src/index.ts";
import { dumpProgram, findPythons } from "./pythons.ts";

const COUNT = 40;
/** Three pages. */
const MAPPED = 12_288;
/** What malloc(1000) and malloc(3000) give to use, and PyMem_Malloc(200). */
const [LARGE, LARGEST, SMALL] = [1000, 3000, 208];
/** SHARED_KEYS_MAX_SIZE values, and what stands in front of them (Include/internal/pycore_dict.h). */
const MOST_VALUES = 30 * 8 + 48;

const scratch = mkdtempSync(join(tmpdir(), "coregram-native-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const pythons = findPythons();

it.skipIf(pythons.length === 0).for(pythons)(
  "of %s, blocks of C code are held by whoever leads to them, and hold what they alone have",
  async (python, context) => {
    const made = await dumpProgram(python, "native.py", scratch);
    if (made === null) return context.skip("gcore may not attach here");
    const target = await openTarget(made.core);
    try {
      const { rows, totals } = await answerOwners(target, { limit: Number.POSITIVE_INFINITY, holds: 20 });
      const row = (name: string) => rows.find(({ path }) => path === `__main__.${name}`);
      const native = (name: string) => row(name)?.nativeBytes;
      // Words in modules' data that once led to them may still hold a few.
      const hasMost = (name: string) =>
        (row(name)?.holds.find(({ type }) => type === "builtins.str")?.count ?? 0) > COUNT / 2;
      expect([native("levels"), hasMost("levels")]).toEqual([COUNT * 3 * LARGE, true]);
      expect([native("pooled"), hasMost("pooled")]).toEqual([COUNT * (SMALL + LARGE), true]);
      expect([native("inside"), hasMost("inside")]).toEqual([COUNT * LARGE, true]);
      expect(native("circles")).toBe(COUNT * 2 * LARGE);
      // Instances, whose attributes' values are native memory in some versions.
      expect(native("boxes")).toBeGreaterThanOrEqual(COUNT * LARGE);
      expect(native("boxes")).toBeLessThanOrEqual(COUNT * (LARGE + MOST_VALUES));
      expect(hasMost("boxes")).toBe(true);
      // What two lists hold is neither's, but the module's that has both.
      expect([native("left"), native("right")]).toEqual([0, 0]);
      expect([native("known"), hasMost("known")]).toEqual([0, true]);
      expect(native("maps")).toBe(COUNT * MAPPED);
      expect(totals.balance.mapped).toBe(COUNT * MAPPED);
      const levels = row("levels")?.holds.find(({ type }) => type === "native memory");
      expect(levels).toEqual({ type: "native memory", count: 3 * COUNT, bytes: 3 * COUNT * LARGE });
      const sum = rows.reduce((all, { nativeBytes }) => all + nativeBytes, 0);
      expect(sum + totals.restNativeBytes).toBe(totals.nativeBytes);
      // Words on the stack may still lead to a few.
      const lost = rows.find(({ path }) => path === "<native memory that nothing found refers to>");
      expect(lost?.nativeBytes).toBeGreaterThan((COUNT - 4) * LARGEST);
      const { rows: same } = await answerDiff([target, target], { by: "owner" });
      expect(same).toEqual([]);
    } finally {
      await target.close();
    }
  },
);
