import { answerGdbScript, answerSymbols } from "../../answers/symbols.ts";
import type { Address } from "../../terms/index.ts";
import { answer } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import type { RedactArgs } from "../shell/redaction.ts";
import { enoughMemory, modulesOf, rowsOf, type WordArgs, wordsOf } from "../shell/settings.ts";
import { pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

export interface SymbolsArgs extends SubjectArgs, WordArgs, RedactArgs {
  readonly gdb: boolean | undefined;
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly minCount: number | undefined;
  readonly sysroot: string | undefined;
  readonly base: Address | undefined;
  readonly memory: number | undefined;
  readonly threads: number | undefined;
  readonly output: string | undefined;
  readonly quiet: boolean | undefined;
}

/** `coregram symbols CORE`: a symbol map of the core's modules, or a gdb script that makes one. */
export async function runSymbols(args: SymbolsArgs): Promise<undefined> {
  const subject = requireSubject(args);
  checkPaths(pathOf(subject), [], args.output);
  const memory = enoughMemory(args.memory);
  const modules = modulesOf({ sysroot: args.sysroot, noModules: false });
  return answer(args, async ({ listener, keep, open, redactor }) => {
    const target = await open(subject, { base: args.base });
    const counting = { ...rowsOf(args), ...wordsOf(args), memory, threads: args.threads };
    const only = redactor === null ? undefined : (word: bigint) => redactor.isAddress(word);
    const rename = redactor === null ? undefined : redactor.symbol.bind(redactor);
    const { lines } = keep(
      args.gdb
        ? await answerGdbScript(target, { ...counting, only }, listener)
        : await answerSymbols(target, { ...modules, rename }, listener),
    );
    return lines;
  });
}
