import { answerReport } from "../../answers/report.ts";
import { openTarget, type Target } from "../../image/index.ts";
import { reportPage } from "../../report/index.ts";
import { CoregramError, shellWord } from "../../terms/index.ts";
import { type AnswerArgs, answer } from "../shell/answer.ts";
import { checkPaths, requireCore } from "../shell/input.ts";
import { enoughMemory, modulesOf } from "../shell/settings.ts";
import { openSubject, pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

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
  return answer(args, async ({ listener, keep }) => {
    const target = keep(await openSubject(subject, {}, listener));
    const older: Target[] = [];
    for (const other of others) older.push(keep(await openTarget(other, {}, listener)));
    const options = { ...modulesOf(args), memory, threads: args.threads, older };
    const report = await answerReport(target, options, listener);
    return reportPage(report, { command: commandOf(args, [name, ...others]) });
  });
}

/** The command as a shell takes it; where its output went says nothing of the page. */
function commandOf(args: ReportArgs, cores: readonly string[]): string {
  const words = [
    ...["coregram", "report", ...cores],
    ...(args.sysroot === undefined ? [] : ["--sysroot", args.sysroot]),
    ...(args.noModules ? ["--no-modules"] : []),
  ];
  return words.map(shellWord).join(" ");
}
