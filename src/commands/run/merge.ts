import { statSync } from "node:fs";
import { answerMerge, isCoreOf } from "../../answers/merge.ts";
import { nextQuestion } from "../../answers/next-question.ts";
import { PartFiles } from "../../answers/part-files.ts";
import { identifyTarget, type Target } from "../../image/index.ts";
import { CoregramError, parseAddress, printable } from "../../terms/index.ts";
import { type AnswerArgs, answer, type Desk } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import { refuseRedacted } from "../shell/redaction.ts";
import {
  enoughMemory,
  formatNamed,
  type NamingArgs,
  namingOf,
  noteUnread,
  rowsOf,
} from "../shell/settings.ts";
import { openSubject } from "../shell/subject.ts";

export interface MergeArgs extends AnswerArgs, NamingArgs {
  readonly parts: readonly string[] | undefined;
  readonly core: string | undefined;
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly minCount: number | undefined;
  readonly resolved: boolean | undefined;
  readonly memory: number | undefined;
  readonly format: string;
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
}

/** `coregram merge PART...`: the words of all parts. */
export async function runMerge(args: MergeArgs): Promise<undefined> {
  const [first, ...others] = args.parts ?? [];
  if (first === undefined)
    throw new CoregramError("usage", "no PART given: coregram words CORE --part 1/8 -o FILE makes one");
  checkPaths(first, [...others, ...(args.symbols ?? [])], args.output);
  refuseRedacted(args, "words cannot be redacted: merge takes no --redact; coregram CORE does");
  const memory = enoughMemory(args.memory);
  let bytes = 0;
  const nothing = () => (bytes === 0 ? "it is empty" : "nothing matches");
  return answer({ ...args, nothing }, async (desk) => {
    const { listener, looks, hint, keep, render } = desk;
    const parts = keep(await PartFiles.open([first, ...others], listener));
    bytes = parts.info.core.bytes;
    const target = await openCoreOf(parts, args, desk);
    noteUnread(args, listener);
    const options = {
      ...namingOf(args),
      ...rowsOf(args),
      resolved: args.resolved === true,
      distinct: args.all === true,
      memory,
    };
    const result = keep(await answerMerge(parts, target, options, listener));
    await hint(async () => (target === null ? null : nextQuestion(target)));
    const cores = target === null ? [] : [await identifyTarget(target)];
    return render(formatNamed(args.format), result, { ...looks, cores, names: !args.noNames });
  });
}

/** The core that names words: the one that is named, or that is still where it was. Without names none is needed. */
async function openCoreOf(parts: PartFiles, args: MergeArgs, desk: Desk): Promise<Target | null> {
  const { core, base: said } = parts.info;
  const base = said === null ? undefined : (parseAddress(said) ?? undefined);
  if (args.core !== undefined) {
    const target = await desk.open({ core: args.core }, { base });
    if (await isCoreOf(parts, target)) return target;
    throw new CoregramError(
      "format",
      `${printable(target.name)} is not what the parts are of: that was ${printable(core.path)} of ${core.bytes} bytes, or it changed`,
    );
  }
  if (args.noNames) return null;
  const name = printable(core.path);
  const say = (why: string) => {
    const text = `${why}: words have no names of its modules and types; --core CORE says where it is`;
    desk.listener({ kind: "note", target: core.path, text });
    return null;
  };
  if (core.path === "-") return say("the core came from standard input");
  if (!isFile(core.path)) return say(`${name} is not here`);
  const target = await openSubject({ core: core.path }, { base }, desk.listener);
  if (await isCoreOf(parts, target)) return desk.keep(target);
  target.close();
  return say(`${name} is not what the parts are of, or changed`);
}

/** Whatever a part says that its core's path is. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
