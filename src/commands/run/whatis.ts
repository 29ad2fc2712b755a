import { answerWhatis } from "../../answers/whatis.ts";
import { openTarget } from "../../image/index.ts";
import type { Address } from "../../terms/index.ts";
import { render } from "../../views/index.ts";
import { answer } from "../shell/answer.ts";
import { checkPaths, requireAsked, requireCore } from "../shell/input.ts";
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
  readonly addresses: readonly string[];
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
  checkPaths(name, args.symbols ?? [], args.output);
  const asked = args.addresses.map(requireAsked);
  return answer(args, async ({ listener, color, keep }) => {
    const target = keep(await openTarget(name, { base: args.base }, listener));
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
