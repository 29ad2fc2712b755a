import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answerTasks, type Frame } from "../../../../src/answers/index.ts";
import { openTarget } from "../../../../src/image/index.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-tasks-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Truth {
  readonly name: string | null;
  readonly awaitedBy: readonly string[];
  readonly frames: readonly [name: string, file: string, line: number][];
  readonly waitsFor: { readonly address: string; readonly type: string } | null;
  readonly isDone: boolean;
  readonly isCurrent: boolean;
}

async function tasksOf(path: string): Promise<Frame<"coregram/tasks@1">> {
  const target = await openTarget(path);
  try {
    return await answerTasks(target);
  } finally {
    await target.close();
  }
}

const draw = () => Math.floor(Math.random() * 2 ** 31);

const PYTHONS = findPythons().filter((path) => !path.endsWith("/python3.6"));

describe.each(PYTHONS)("%s", (python) => {
  it.each([
    [draw(), 1],
    [draw(), 3],
  ])(
    "knows who waits for whom in random trees, drawn by %i, of %i loops",
    { timeout: 120_000 },
    async (seed, loops) => {
      const made = await dumpProgram(python, "tasks.py", scratch, {}, [String(seed), String(loops)]);
      if (made === null) throw new Error("gcore may not trace it");
      const { tasks: truth }: { tasks: Record<string, Truth> } = JSON.parse(readFileSync(made.truth, "utf8"));
      const { totals, rows } = await tasksOf(made.core);
      rmSync(made.core);
      const pending = Object.entries(truth).filter(([, { isDone }]) => !isDone);
      const known = rows.filter(({ address }) => address in truth);
      expect(known).toHaveLength(pending.length);
      // Besides these, what each loop was given: main.
      expect(
        rows.filter(({ address }) => !(address in truth)).map(({ frames }) => frames[0]?.function),
      ).toEqual(new Array(loops).fill("main"));
      expect(totals).toMatchObject({
        pending: rows.length,
        finished: loops,
        cancelled: loops,
        isInferred: true,
        isCut: false,
      });
      const wrong: unknown[] = [];
      for (const { address, name, state, waitsFor, awaitedBy, frames } of known) {
        const task = truth[address];
        if (task === undefined) continue;
        const where = frames.map((frame) => [frame.function, frame.file, frame.line]);
        // What runs is asked for its frames while it is in one more of them.
        const isSame =
          JSON.stringify([name, waitsFor, awaitedBy]) ===
          JSON.stringify([task.name, task.waitsFor, task.awaitedBy]);
        const isThere = task.isCurrent
          ? where.length > 0
          : JSON.stringify(where) === JSON.stringify(task.frames);
        if (!isSame || !isThere) wrong.push([name, { waitsFor, awaitedBy, where }, task]);
        if ((state === "running") !== task.isCurrent || (state === "waiting") !== (task.waitsFor !== null))
          wrong.push([name, state, task]);
      }
      expect(wrong.map((each) => JSON.stringify(each))).toEqual([]);
      expect(rows.filter(({ state }) => state === "created")).toHaveLength(loops);
      expect(rows.filter(({ state }) => state === "running")).toHaveLength(loops);
      rows.forEach(({ depth, awaitedBy }, index) => {
        const above = rows.slice(0, index).findLast((row) => row.depth === depth - 1);
        expect(depth === 0 ? awaitedBy : awaitedBy.includes(above?.address ?? "")).toEqual(
          depth === 0 ? [] : true,
        );
      });
      expect(Math.max(...rows.map(({ depth }) => depth))).toBeGreaterThan(1);
    },
  );
});
