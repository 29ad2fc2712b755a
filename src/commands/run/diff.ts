import type { By } from "../../answers/amounts.ts";
import { answerDiff } from "../../answers/diff.ts";
import { isTraceBy } from "../../answers/trace-amounts.ts";
import { statPath } from "../../bytes/index.ts";
import { CoregramError } from "../../terms/index.ts";
import { tracemalloc } from "../../views/index.ts";
import { waitBesides } from "../pause/wait.ts";
import { answer, type HeapArgs } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import { formatNamed, limitOf, memoryOf, modulesOf } from "../shell/settings.ts";
import { pathsOf, type Subject, type SubjectsArgs, subjectsOf } from "../shell/subject.ts";

export interface DiffArgs extends SubjectsArgs, HeapArgs {
  readonly by: string;
  readonly new: boolean | undefined;
  /** Milliseconds between two looks at a process. */
  readonly wait: number | undefined;
}

/** `coregram diff OLD NEW`: what grew between two cores, or over more. */
export async function runDiff(args: DiffArgs): Promise<undefined> {
  const { wait } = args;
  const given = subjectsOf(args);
  const subjects = wait === undefined ? given : twice(given);
  if (subjects.length < 2)
    throw new CoregramError(
      "usage",
      "diff takes two cores, the older first, or more: coregram diff OLD NEW; --pid PID stands for one of them, and with --wait 60s for both",
    );
  const isTracemalloc = args.format === tracemalloc.name;
  if (isTracemalloc && (!isTraceBy(args.by) || subjects.length > 2))
    throw new CoregramError(
      "usage",
      "--format tracemalloc is for two cores by line, file or traceback: coregram diff OLD NEW --by line",
    );
  const [first = "", ...others] = pathsOf(subjects);
  checkPaths(first, others, args.output);
  // One that is not there is known before the first is read.
  for (const path of [first, ...others]) if (path !== "" && path !== "-") statPath(path);
  const nothing = () => "nothing differs";
  return answer({ ...args, nothing }, async ({ listener, looks, openCompared, render }) => {
    // Each in its turn: what is unpacked of one is gone before the next comes.
    const targets = subjects.map((subject, index) => async () => {
      if (wait !== undefined && "pid" in subject && index > 0) await waitBesides(subject.pid, wait, listener);
      return openCompared(subject);
    });
    const options = {
      ...modulesOf(args),
      ...limitOf(args),
      by: args.by as By,
      fresh: args.new === true,
      order: isTracemalloc ? ("tracemalloc" as const) : undefined,
      // Nobody would read them.
      suspects: args.quiet !== true || args.format === "json" || args.format === "parquet",
      memory: memoryOf(undefined),
      threads: args.threads,
    };
    const result = await answerDiff(targets, options, listener);
    const format = formatNamed(args.format, [tracemalloc]);
    return result.schema === "coregram/diff@1"
      ? render(format, result, looks)
      : render(format, result, looks);
  });
}

/** A process, to be compared with itself: both copies within what may be copied. */
function twice(subjects: readonly Subject[]): Subject[] {
  const [subject] = subjects;
  if (subject === undefined || subjects.length > 1 || !("pid" in subject))
    throw new CoregramError(
      "usage",
      "--wait compares a process with itself, and takes no core: coregram diff --pid PID --wait 60s",
    );
  const one = { ...subject, copies: 2 };
  return [one, one];
}
