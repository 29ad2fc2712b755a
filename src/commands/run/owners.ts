import { answerChain } from "../../answers/chain.ts";
import { answerHolders } from "../../answers/holders.ts";
import { answerOwners } from "../../answers/owners.ts";
import { CoregramError } from "../../terms/index.ts";
import { dot, flamegraph } from "../../views/index.ts";
import { answer, type HeapArgs } from "../shell/answer.ts";
import { checkPaths, requireAsked } from "../shell/input.ts";
import { formatNamed, limitOf, modulesOf } from "../shell/settings.ts";
import { pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

export interface OwnersArgs extends SubjectArgs, HeapArgs {
  readonly holds: number | undefined;
  readonly type: string | undefined;
  readonly of: string | undefined;
  readonly tree: boolean | undefined;
  readonly depth: number | undefined;
  readonly unfold: boolean | undefined;
  readonly suspects: boolean | undefined;
  readonly lines: boolean | undefined;
}

/** Levels of --tree. */
const DEFAULT_DEPTH = 3;

/** `coregram owners CORE`: who keeps its objects alive. */
export async function runOwners(args: OwnersArgs): Promise<undefined> {
  const subject = requireSubject(args);
  checkPaths(pathOf(subject), [], args.output);
  const wanted = args.of === undefined ? null : requireAsked(args.of);
  checkFormat(args);
  const nothing = args.suspects ? () => "nothing looks like a leak" : undefined;
  return answer({ ...args, nothing }, async ({ listener, looks, open, render }) => {
    const target = await open(subject, {});
    const format = formatNamed(args.format, [flamegraph, dot]);
    const options = { ...modulesOf(args), ...limitOf(args), threads: args.threads };
    if (args.type !== undefined)
      return render(format, await answerHolders(target, args.type, options, listener), looks);
    const { holds, unfold, suspects, lines } = args;
    const depth = args.depth ?? (args.tree ? DEFAULT_DEPTH : null);
    const result =
      wanted === null
        ? await answerOwners(target, { ...options, holds, unfold, suspects, lines, depth }, listener)
        : await answerChain(target, wanted, options, listener);
    return render(format, result, { ...looks, holdLines: holds !== undefined, ofObject: wanted !== null });
  });
}

// Before the heap is read, which takes long.
function checkFormat({ format, of, type, suspects }: OwnersArgs): void {
  if (format === dot.name && of === undefined)
    throw new CoregramError("usage", "--format dot needs --of ADDR|PATH: it draws what holds that");
  if (format === flamegraph.name && (of !== undefined || type !== undefined || suspects))
    throw new CoregramError(
      "usage",
      "--format flamegraph is for all owners: without --of, --type, --suspects",
    );
}
