import { redactReport } from "../../answers/redact-report.ts";
import { answerReport } from "../../answers/report.ts";
import type { Compared } from "../../answers/summarized.ts";
import { reportPage } from "../../report/index.ts";
import { CoregramError, shellWord } from "../../terms/index.ts";
import { type AnswerArgs, answer } from "../shell/answer.ts";
import { checkPaths, requireCore } from "../shell/input.ts";
import { enoughMemory, modulesOf } from "../shell/settings.ts";
import { pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

export interface ReportArgs extends SubjectArgs, AnswerArgs {
  readonly older: readonly string[] | undefined;
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly threads: number | undefined;
}

/** `coregram report CORE [OLDER...]`: the answers about a core as one page. */
export async function runReport(args: ReportArgs): Promise<undefined> {
  // What stands in place of CORE leaves its place to the first older one.
  const isProcess = args.pid !== undefined;
  const subject = requireSubject(isProcess ? { ...args, core: undefined } : args);
  const others = [...(isProcess && args.core !== undefined ? [args.core] : []), ...(args.older ?? [])].map(
    requireCore,
  );
  const path = pathOf(subject);
  const name = isProcess ? `--pid ${args.pid}` : path;
  checkPaths(path, others, args.output);
  if ((args.output === undefined || args.output === "-") && process.stdout.isTTY)
    throw new CoregramError(
      "usage",
      `a page is no text for a terminal: ${commandOf(args, [name, ...others])} -o report.html`,
    );
  const memory = enoughMemory(args.memory);
  return answer(args, async ({ listener, openCompared, redactor }) => {
    const target = await openCompared(subject);
    const older: Compared[] = [];
    for (const other of others) older.push(await openCompared({ core: other }));
    const only = redactor === null ? undefined : (word: bigint) => redactor.isAddress(word);
    const options = { ...modulesOf(args), memory, threads: args.threads, older, only };
    const report = await answerReport(target, options, listener);
    if (redactor === null) return reportPage(report, { command: commandOf(args, [name, ...others]) });
    return reportPage(redactReport(report, redactor), { command: REDACTED_COMMAND });
  });
}

/** Of a page that does not tell what it is about. */
const REDACTED_COMMAND = "coregram report CORE --redact";

/** The command as a shell takes it; where its output went says nothing of the page. */
function commandOf(args: ReportArgs, cores: readonly string[]): string {
  const words = [
    ...["coregram", "report", ...cores],
    ...(args.sysroot === undefined ? [] : ["--sysroot", args.sysroot]),
    ...(args.noModules ? ["--no-modules"] : []),
  ];
  return words.map(shellWord).join(" ");
}
