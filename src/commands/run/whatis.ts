import { answerWhatis } from "../../answers/whatis.ts";
import { type Address, CoregramError, shellWord } from "../../terms/index.ts";
import { render } from "../../views/index.ts";
import { answer } from "../shell/answer.ts";
import { checkPaths, openCore, requireAsked, requireCore } from "../shell/input.ts";
import {
  formatNamed,
  memoryOf,
  type NamingArgs,
  namingOf,
  type WordArgs,
  wordsOf,
} from "../shell/settings.ts";

export interface WhatisArgs extends NamingArgs, WordArgs {
  readonly core: string | undefined;
  readonly addresses: readonly string[] | undefined;
  readonly base: Address | undefined;
  readonly threads: number | undefined;
  readonly format: string;
  readonly output: string | undefined;
  readonly color: string;
  readonly quiet: boolean | undefined;
}

/** `coregram whatis CORE ADDR...`: what an address is. */
export async function runWhatis(args: WhatisArgs): Promise<undefined> {
  const name = requireCore(args.core);
  if (!args.addresses?.length)
    throw new CoregramError(
      "usage",
      `whatis takes addresses or paths behind CORE: coregram whatis ${shellWord(name)} 9587e0`,
    );
  checkPaths(name, args.symbols ?? [], args.output);
  const asked = args.addresses.map(requireAsked);
  return answer(args, async ({ listener, color, keep }) => {
    const target = keep(await openCore(args.core, { base: args.base }, listener));
    const options = {
      ...namingOf(args),
      ...wordsOf(args),
      memory: memoryOf(undefined),
      threads: args.threads,
    };
    const result = await answerWhatis(target, asked, options, listener);
    return render(formatNamed(args.format), result, { color });
  });
}
