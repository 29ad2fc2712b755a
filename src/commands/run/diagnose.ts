import { answerDiagnose } from "../../answers/diagnose.ts";
import type { Frame } from "../../answers/results/index.ts";
import { DEFAULT_FINDINGS } from "../../answers/results/index.ts";
import type { Compared } from "../../answers/summarized.ts";
import { answer, type HeapArgs } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import { formatNamed, limitOf, modulesOf } from "../shell/settings.ts";
import { pathsOf, type SubjectsArgs, subjectsOf } from "../shell/subject.ts";

export interface DiagnoseArgs extends SubjectsArgs, HeapArgs {
  readonly failOn: readonly string[] | undefined;
  readonly over: number | undefined;
}

/** Percent of the memory. */
const DEFAULT_OVER = 20;
const CONDITION_HOLDS = 3;

/** `coregram diagnose [OLD] CORE`. Returns the exit status: 3 where what --fail-on names holds. */
export async function runDiagnose(args: DiagnoseArgs): Promise<number> {
  const given = subjectsOf(args);
  const subjects = given.length > 0 ? given : [{ core: undefined }];
  const [first = "", ...others] = pathsOf(subjects);
  checkPaths(first, others, args.output);
  let holds = false;
  await answer(args, async ({ listener, looks, openCompared, render }) => {
    const targets: Compared[] = [];
    for (const subject of subjects) targets.push(await openCompared(subject));
    const { limit = DEFAULT_FINDINGS } = limitOf(args);
    const options = { ...modulesOf(args), limit: Number.POSITIVE_INFINITY, threads: args.threads };
    const all = await answerDiagnose(targets, options, listener);
    // Those that are not printed count as well.
    holds = (args.failOn ?? []).some((condition) => isOver(all, condition, args.over ?? DEFAULT_OVER));
    return render(formatNamed(args.format), { ...all, rows: [...all.rows].slice(0, limit) }, looks);
  });
  return holds ? CONDITION_HOLDS : 0;
}

function isOver({ totals, rows }: Frame<"coregram/diagnose@1">, condition: string, percent: number): boolean {
  const least = (percent / 100) * totals.memoryBytes;
  if (condition === "garbage") return totals.garbageBytes >= least;
  if (condition === "fragmentation") return totals.freeBytes >= least;
  if (condition === "native") return totals.nativeBytes + totals.unheldBytes >= least;
  const leaks = [...rows].filter(({ verdict }) => verdict === "leak" || verdict === "looks like a leak");
  return leaks.some(({ bytes }) => bytes >= least);
}
