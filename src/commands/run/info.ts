import { answerInfo } from "../../answers/info.ts";
import { answer, type ModulesArgs } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import { formatNamed, modulesOf } from "../shell/settings.ts";
import { pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

export interface InfoArgs extends SubjectArgs, ModulesArgs {
  readonly check: boolean | undefined;
  readonly values: boolean | undefined;
  readonly objects: boolean | undefined;
}

/** `coregram info CORE`. Returns the exit status: 1 with --check where the core was cut short, if need be in its very header, and of what is no core. */
export async function runInfo(args: InfoArgs): Promise<number> {
  const subject = requireSubject(args);
  checkPaths(pathOf(subject), [], args.output);
  let isWhole = true;
  await answer(args, async ({ listener, progressOnly, looks, open, render }) => {
    // The row has the warnings: they need not be said twice. Of a process a note says for how long it was stopped.
    const isOfPause = "pid" in subject;
    const target = await open(subject, {}, (event) =>
      isOfPause && event.kind === "note" ? listener(event) : progressOnly(event),
    );
    const { values, objects } = args;
    const result = await answerInfo(target, { ...modulesOf(args), values, objects }, listener);
    isWhole =
      target.broken === null && result.rows.every(({ file }) => file.kind !== "raw" && !file.truncated);
    return render(formatNamed(args.format), result, looks);
  });
  return args.check && !isWhole ? 1 : 0;
}
