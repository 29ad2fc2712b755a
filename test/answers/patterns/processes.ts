import { rmSync, writeFileSync } from "node:fs";
import { answerDiagnose } from "../../../src/answers/diagnose.ts";
import type { DiagnoseTotals, Finding } from "../../../src/answers/results/index.ts";
import { openTarget } from "../../../src/image/index.ts";
import { canDump, dump } from "../../commands/live.ts";
import { Scratch } from "../../commands/program.ts";
import { findPythons } from "../../runtimes/pythons.ts";

const scratch = new Scratch();

/** Pythons that can be run and dumped, the oldest first: from 3.8 on. */
export const PYTHONS = canDump ? findPythons().filter((path) => !/3\.[67]$/.test(path)) : [];
/** One of them, for what does not depend on the version. */
export const PYTHON: string | undefined = PYTHONS.at(-1);

/** What is said of a program that has come to its end, and what it says of itself in words. */
export interface Diagnosed {
  readonly rows: readonly Finding[];
  readonly totals: DiagnoseTotals;
  readonly said: readonly string[];
}

/**
 * Runs a program, dumps it at its end and asks what is wrong with it.
 * @param source what it does; `say` is what it prints
 */
export async function diagnoseProgram(python: string, source: string): Promise<Diagnosed> {
  const program = scratch.put("program.py", "");
  writeFileSync(
    program,
    `import gc, sys, time\nsay = "ready"\n${source}\nprint(say, flush=True)\ntime.sleep(600)\n`,
  );
  const { core, said } = await dump(python, [program], scratch.put("program.core", ""));
  const target = await openTarget(core);
  try {
    const { rows, totals } = await answerDiagnose([target], { limit: Number.POSITIVE_INFINITY });
    return { rows: [...rows], totals, said };
  } finally {
    await target.close();
    rmSync(core);
  }
}

/** Numbers that a seed gives, each from 0 up to but not including 1 (mulberry32). */
export function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
