import { answerTraces, type TracesOptions } from "../../answers/traces.ts";
import { CoregramError } from "../../terms/index.ts";
import { render, tracemalloc } from "../../views/index.ts";
import { answer, type ModulesArgs } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import { formatNamed, limitOf, modulesOf } from "../shell/settings.ts";
import { openSubject, pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

export interface TracesArgs extends SubjectArgs, ModulesArgs {
  readonly by: string;
  readonly cumulative: boolean | undefined;
  readonly frames: number | undefined;
  readonly domain: number | undefined;
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly threads: number | undefined;
}

/** `coregram traces CORE`: where its memory was allocated. */
export async function runTraces(args: TracesArgs): Promise<undefined> {
  const subject = requireSubject(args);
  const by = args.by as NonNullable<TracesOptions["by"]>;
  const isJoined = by === "type" || by === "owner";
  if (args.cumulative && by !== "line" && by !== "file")
    throw new CoregramError("usage", `--cumulative is for lines and files, not for --by ${by}`);
  if (
    isJoined &&
    (args.frames !== undefined || args.domain !== undefined || args.format === tracemalloc.name)
  )
    throw new CoregramError(
      "usage",
      `--frames, --domain and --format tracemalloc are for traces alone, not for --by ${by}`,
    );
  checkPaths(pathOf(subject), [], args.output);
  return answer(args, async ({ listener, looks, keep }) => {
    const target = keep(await openSubject(subject, {}, listener));
    const { cumulative, frames, domain } = args;
    const own = { by, cumulative, frames, domain, threads: args.threads };
    const options = { ...modulesOf(args), ...limitOf(args), ...own };
    return render(
      formatNamed(args.format, [tracemalloc]),
      await answerTraces(target, options, listener),
      looks,
    );
  });
}
