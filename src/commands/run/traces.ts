import { answerTraces, type TracesOptions } from "../../answers/traces.ts";
import { answerTracesSince, type TracesSinceOptions } from "../../answers/traces-since.ts";
import { CoregramError } from "../../terms/index.ts";
import { tracemalloc } from "../../views/index.ts";
import { answer, type ModulesArgs } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import { formatNamed, limitOf, modulesOf } from "../shell/settings.ts";
import { pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

export interface TracesArgs extends SubjectArgs, ModulesArgs {
  readonly by: string;
  readonly cumulative: boolean | undefined;
  readonly frames: number | undefined;
  readonly domain: number | undefined;
  /** Empty for the newest. */
  readonly since: string | undefined;
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly threads: number | undefined;
}

/** `coregram traces CORE`: where its memory was allocated. */
export async function runTraces(given: TracesArgs): Promise<undefined> {
  const args = withCore(given);
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
  if (isJoined && args.since !== undefined)
    throw new CoregramError("usage", `--since compares lines, files and tracebacks, not --by ${by}`);
  checkPaths(pathOf(subject), [], args.output);
  const nothing = () => (args.since === undefined ? "nothing matches" : "nothing differs");
  return answer({ ...args, nothing }, async ({ listener, looks, open, render }) => {
    const target = await open(subject, {});
    const { cumulative, frames, domain } = args;
    const own = { by, cumulative, frames, domain, threads: args.threads };
    const options = { ...modulesOf(args), ...limitOf(args), ...own };
    const format = formatNamed(args.format, [tracemalloc]);
    if (args.since === undefined) return render(format, await answerTraces(target, options, listener), looks);
    const since: TracesSinceOptions = {
      ...options,
      by: by as TracesSinceOptions["by"],
      snapshot: args.since === "" ? undefined : args.since,
      order: args.format === tracemalloc.name ? "tracemalloc" : "growth",
    };
    return render(format, await answerTracesSince(target, since, listener), looks);
  });
}

/** `--since CORE`: what is there in its place is the core where there is no other. */
function withCore(args: TracesArgs): TracesArgs {
  const isTaken = args.core === undefined && args.pid === undefined && args.since !== undefined;
  return isTaken && args.since !== "" ? { ...args, core: args.since, since: "" } : args;
}
