import { nextQuestion } from "../../answers/next-question.ts";
import type { PartNumber } from "../../answers/part-info.ts";
import { answerWords } from "../../answers/words.ts";
import { type Address, CoregramError } from "../../terms/index.ts";
import { parquetPart } from "../../views/index.ts";
import { answer } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import { type RedactArgs, refuseRedacted } from "../shell/redaction.ts";
import {
  enoughMemory,
  formatNamed,
  type NamingArgs,
  namingOf,
  noteUnread,
  rowsOf,
  type WordArgs,
  wordsOf,
} from "../shell/settings.ts";
import { pathOf, requireSubject, type Subject, type SubjectArgs } from "../shell/subject.ts";

/** The parsed options of the default command. */
export interface WordsArgs extends SubjectArgs, NamingArgs, WordArgs, RedactArgs {
  readonly base: Address | undefined;
  readonly part: PartNumber | undefined;
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly minCount: number | undefined;
  readonly resolved: boolean | undefined;
  readonly memory: number | undefined;
  readonly threads: number | undefined;
  readonly format: string;
  readonly output: string | undefined;
  readonly color: string;
  readonly quiet: boolean | undefined;
}

/** `coregram CORE`: the words that fill it. */
export async function runWords(args: WordsArgs): Promise<undefined> {
  const subject = requireSubject(args);
  checkPaths(pathOf(subject), args.symbols ?? [], args.output);
  const memory = enoughMemory(args.memory);
  if (args.part !== undefined) return runPart(subject, args.part, args);
  let bytes = 0;
  const nothing = () => (bytes === 0 ? "it is empty" : "nothing matches");
  return answer({ ...args, nothing }, async ({ listener, looks, hint, keep, open, render, redactor }) => {
    const target = await open(subject, { base: args.base });
    ({ bytes } = target);
    noteUnread(args, listener);
    const options = {
      ...namingOf(args),
      ...wordsOf(args),
      ...rowsOf(args),
      resolved: args.resolved === true,
      distinct: args.all === true,
      only: redactor === null ? undefined : (word: bigint) => redactor.isAddress(word),
      memory,
      threads: args.threads,
    };
    const result = keep(await answerWords(target, options, listener));
    await hint(() => nextQuestion(target));
    return render(formatNamed(args.format), result, { ...looks, names: !args.noNames });
  });
}

/** `coregram words CORE --part K/N`: a part of them, for `coregram merge`. */
function runPart(subject: Subject, { part, of }: PartNumber, args: WordsArgs): Promise<undefined> {
  // Plain is what it is where nobody says.
  if (args.format !== "plain" && args.format !== "parquet")
    throw new CoregramError(
      "usage",
      `--part is written as Parquet alone: --format ${args.format} is for coregram merge, which makes rows of all parts`,
    );
  refuseRedacted(args, "words cannot be redacted: --part takes no --redact");
  return answer({ ...args, format: "parquet" }, async ({ listener, keep, open }) => {
    const target = await open(subject, { base: args.base });
    const { answerWordsPart } = await import("../../answers/count-part.ts");
    const options = {
      ...wordsOf(args),
      part,
      of,
      base: args.base,
      memory: enoughMemory(args.memory),
      threads: args.threads,
    };
    return parquetPart(keep(await answerWordsPart(target, options, listener)), target);
  });
}
