import type { TraceBy } from "../../answers/trace-statistics.ts";
import { answerTraces } from "../../answers/traces.ts";
import { CoregramError } from "../../terms/index.ts";
import { render } from "../../views/index.ts";
import { answer, type ModulesArgs } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import { limitOf, modulesOf, traceFormatNamed } from "../shell/settings.ts";
import { openSubject, pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

export interface TracesArgs extends SubjectArgs, ModulesArgs {
  readonly by: string;
  readonly cumulative: boolean | undefined;
  readonly frames: number | undefined;
  readonly domain: number | undefined;
  readonly top: number | undefined;
  readonly all: boolean | undefined;
}

/** `coregram traces CORE`: where its memory was allocated. */
export async function runTraces(args: TracesArgs): Promise<undefined> {
  const subject = requireSubject(args);
  const by = args.by as TraceBy;
  if (args.cumulative && by === "traceback")
    throw new CoregramError("usage", "--cumulative is for lines and files: a traceback has all its frames");
  checkPaths(pathOf(subject), [], args.output);
  return answer(args, async ({ listener, color, keep }) => {
    const target = keep(await openSubject(subject, {}, listener));
    const { cumulative, frames, domain } = args;
    const options = { ...modulesOf(args), ...limitOf(args), by, cumulative, frames, domain };
    return render(traceFormatNamed(args.format), await answerTraces(target, options, listener), { color });
  });
}
