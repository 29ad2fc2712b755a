import { nextQuestion } from "../../answers/next-question.ts";
import { answerWords } from "../../answers/words.ts";
import type { Address } from "../../terms/index.ts";
import { answer } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import type { RedactArgs } from "../shell/redaction.ts";
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
import { pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

/** The parsed options of the default command. */
export interface WordsArgs extends SubjectArgs, NamingArgs, WordArgs, RedactArgs {
  readonly base: Address | undefined;
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
