import { answerGdbScript, answerSymbols } from "../../answers/symbols.ts";
import type { Address } from "../../terms/index.ts";
import { answer } from "../shell/answer.ts";
import { checkPaths, openCore, requireCore } from "../shell/input.ts";
import { enoughMemory, rowsOf, type WordArgs, wordsOf } from "../shell/settings.ts";

export interface SymbolsArgs extends WordArgs {
  readonly core: string | undefined;
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
  const name = requireCore(args.core);
  checkPaths(name, [], args.output);
  const memory = enoughMemory(args.memory);
  return answer(args, async ({ listener, keep }) => {
    const target = keep(await openCore(args.core, { base: args.base }, listener));
    const counting = { ...rowsOf(args), ...wordsOf(args), memory, threads: args.threads };
    const { lines } = keep(
      args.gdb
        ? await answerGdbScript(target, counting, listener)
        : await answerSymbols(target, { sysroot: args.sysroot }, listener),
    );
    return lines;
  });
}
