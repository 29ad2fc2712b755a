import { answerGenerators } from "../../answers/generators.ts";
import { answerStacks } from "../../answers/stacks.ts";
import { answerTasks } from "../../answers/tasks.ts";
import { flamegraph, pyspy } from "../../views/index.ts";
import { answer, type ModulesArgs } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import { formatNamed, modulesOf } from "../shell/settings.ts";
import { pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

export interface StacksArgs extends SubjectArgs, ModulesArgs {
  readonly reverse: boolean | undefined;
  readonly unfold: boolean | undefined;
  readonly locals: boolean | undefined;
  readonly tasks: boolean | undefined;
  readonly generators: boolean | undefined;
  readonly noPaths: boolean | undefined;
}

/** `coregram stacks CORE`: what each Python thread was doing. */
export async function runStacks(args: StacksArgs): Promise<undefined> {
  const subject = requireSubject(args);
  checkPaths(pathOf(subject), [], args.output);
  const nothing = () =>
    args.tasks ? "it has no task" : args.generators ? "it has no generator" : "no thread runs Python's code";
  return answer({ ...args, nothing }, async ({ listener, looks, open, render }) => {
    const target = await open(subject, {});
    const format = formatNamed(args.format, [flamegraph, pyspy]);
    if (args.tasks) return render(format, await answerTasks(target, modulesOf(args), listener), looks);
    if (args.generators)
      return render(format, await answerGenerators(target, modulesOf(args), listener), looks);
    const options = {
      ...modulesOf(args),
      reverse: args.reverse,
      unfold: args.unfold,
      locals: args.locals,
      paths: args.noPaths !== true,
      greenlets: args.noPaths !== true,
    };
    return render(format, await answerStacks(target, options, listener), looks);
  });
}
