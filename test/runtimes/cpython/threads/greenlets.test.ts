import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answerStacks, type Frame } from "../../../../src/answers/index.ts";
import { openTarget } from "../../../../src/image/index.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-greenlets-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const environment = { PYTHONPATH: process.env.PYTHONPATH ?? "" };

function hasGreenlets(python: string): boolean {
  return spawnSync(python, ["-c", "import greenlet"], { env: environment, stdio: "ignore" }).status === 0;
}

type Stacks = Frame<"coregram/stacks@1">;

async function stacksOf(path: string, options: { readonly unfold?: boolean }): Promise<Stacks> {
  const target = await openTarget(path);
  try {
    return await answerStacks(target, { ...options, greenlets: true }, (event) => {
      if (event.kind !== "progress") throw new Error(event.text);
    });
  } finally {
    await target.close();
  }
}

/** Each greenlet's frames, as text, in an order of their own. */
function greenletsOf({ rows }: Stacks): string[] {
  const stacks = new Map<number, string[]>();
  const counts = new Map<number, number>();
  for (const { stack, greenlets, function: name, file, line } of rows.filter((row) => row.greenlets > 0)) {
    counts.set(stack, greenlets);
    stacks.set(stack, [...(stacks.get(stack) ?? []), [name, file, line].join(" ")]);
  }
  return [...stacks]
    .flatMap(([stack, frames]) => new Array<string>(counts.get(stack) ?? 0).fill(frames.join("\n")))
    .sort();
}

const PYTHONS = findPythons().filter((path) => !path.endsWith("/python3.6"));

describe.each(PYTHONS)("%s", (python) => {
  const seed = Math.floor(Math.random() * 2 ** 31);

  it.skipIf(!hasGreenlets(python)).each(["left alone", "looked at"])(
    `has greenlets where they say that they wait, drawn by ${seed}, %s`,
    { timeout: 120_000 },
    async (how) => {
      const made = await dumpProgram(python, "greenlets.py", scratch, environment, [String(seed), how]);
      if (made === null) throw new Error("gcore may not trace it");
      const truth: [name: string, file: string, line: number][][] = JSON.parse(
        readFileSync(made.truth, "utf8"),
      );
      const folded = await stacksOf(made.core, {});
      const alone = await stacksOf(made.core, { unfold: true });
      rmSync(made.core);
      const expected = truth.map((stack) => stack.map((frame) => frame.join(" ")).join("\n")).sort();
      expect(expected.length).toBeGreaterThan(100);
      expect(greenletsOf(alone)).toEqual(expected);
      expect(greenletsOf(folded)).toEqual(expected);
      expect(alone.totals.greenlets).toBe(expected.length);
      expect(Math.max(...folded.rows.map(({ greenlets }) => greenlets))).toBeGreaterThanOrEqual(120);
      expect(Math.max(...alone.rows.map(({ greenlets }) => greenlets))).toBe(1);
      // Threads are as they were, the one in whose greenlet the truth is written too.
      expect(folded.rows.filter(({ threads }) => threads > 0).map((row) => row.function)).toEqual(
        expect.arrayContaining(["finish", "other"]),
      );
    },
  );
});
