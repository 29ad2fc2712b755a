import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answerGenerators, type Frame } from "../../../../src/answers/index.ts";
import { openTarget } from "../../../../src/image/index.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-generators-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Truth {
  readonly rows: readonly [
    kind: string,
    state: string,
    name: string,
    line: number,
    awaits: string | null,
    count: number,
  ][];
  readonly finished: number;
  readonly file: string;
}

async function generatorsOf(path: string): Promise<Frame<"coregram/generators@1">> {
  const target = await openTarget(path);
  try {
    return await answerGenerators(target);
  } finally {
    await target.close();
  }
}

const PYTHONS = findPythons();

describe.each(PYTHONS)("%s", (python) => {
  it("has generators in the states that it says", { timeout: 120_000 }, async () => {
    const made = await dumpProgram(python, "generators.py", scratch);
    if (made === null) throw new Error("gcore may not trace it");
    const truth: Truth = JSON.parse(readFileSync(made.truth, "utf8"));
    const { totals, rows } = await generatorsOf(made.core);
    rmSync(made.core);
    const own = rows.filter(({ file }) => file === truth.file);
    const text = (row: readonly unknown[]) => row.join(" ");
    expect(
      own
        .map(({ kind, state, function: name, line, awaits, count }) =>
          text([kind, state, name, line, awaits, count]),
        )
        .sort(),
    ).toEqual(truth.rows.map(text).sort());
    expect(own.length).toBeGreaterThan(10);
    expect(rows.map(({ count }) => count)).toEqual(rows.map(({ count }) => count).sort((a, b) => b - a));
    expect(totals.count).toBe(rows.reduce((sum, { count }) => sum + count, 0));
    expect(totals.created + totals.suspended + totals.running).toBe(totals.count);
    // Those that what makes the truth went through are there, and over.
    expect(totals.finished).toBeGreaterThanOrEqual(truth.finished);
    expect(totals.finished).toBeLessThan(truth.finished + 5);
    expect(truth.finished).toBeGreaterThanOrEqual(30);
  });
});
