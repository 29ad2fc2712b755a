import { answerReport } from "../../answers/report.ts";
import { openTarget, type Target } from "../../image/index.ts";
import { reportPage } from "../../report/index.ts";
import { shellWord } from "../../terms/index.ts";
import { type AnswerArgs, answer } from "../shell/answer.ts";
import { checkPaths, openCore, requireCore } from "../shell/input.ts";
import { enoughMemory, modulesOf } from "../shell/settings.ts";

export interface ReportArgs extends AnswerArgs {
  readonly core: string | undefined;
  readonly older: readonly string[] | undefined;
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly memory: number | undefined;
  readonly threads: number | undefined;
}

/** `coregram report CORE [OLDER...]`: the answers about a core as one page. */
export async function runReport(args: ReportArgs): Promise<undefined> {
  const name = requireCore(args.core);
  const others = args.older ?? [];
  checkPaths(name, others, args.output);
  const memory = enoughMemory(args.memory);
  return answer(args, async ({ listener, keep }) => {
    const target = keep(await openCore(args.core, {}, listener));
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
