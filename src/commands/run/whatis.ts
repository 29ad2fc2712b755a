import { existsSync } from "node:fs";
import { answerWhatis } from "../../answers/whatis.ts";
import { type Address, CoregramError, shellWord } from "../../terms/index.ts";
import { answer } from "../shell/answer.ts";
import { checkPaths, requireAsked } from "../shell/input.ts";
import type { RedactArgs } from "../shell/redaction.ts";
import {
  enoughMemory,
  formatNamed,
  type NamingArgs,
  namingOf,
  noteUnread,
  type WordArgs,
  wordsOf,
} from "../shell/settings.ts";
import { pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

export interface WhatisArgs extends SubjectArgs, NamingArgs, WordArgs, RedactArgs {
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
  // What stands in place of CORE leaves its place to the first address.
  const isProcess = args.pid !== undefined;
  const subject = requireSubject(isProcess ? { ...args, core: undefined } : args);
  if (!isProcess) refuseSwapped(args);
  const given = isProcess && args.core !== undefined ? [args.core] : [];
  const asked = [...given, ...(args.addresses ?? [])].map(requireAsked);
  const name = isProcess ? `--pid ${args.pid}` : pathOf(subject);
  if (asked.length === 0)
    throw new CoregramError(
      "usage",
      `whatis takes addresses or paths behind CORE: coregram whatis ${shellWord(name)} 9587e0`,
    );
  checkPaths(pathOf(subject), args.symbols ?? [], args.output);
  return answer(args, async ({ listener, looks, open, render }) => {
    const target = await open(subject, { base: args.base });
    noteUnread(args, listener);
    const options = {
      ...namingOf(args),
      ...wordsOf(args),
      memory: enoughMemory(args.memory),
      threads: args.threads,
    };
    const result = await answerWhatis(target, asked, options, listener);
    return render(formatNamed(args.format), result, looks);
  });
}

/** `whatis ADDR CORE`: the file stands last, and where CORE should be there is none. */
function refuseSwapped({ core, addresses = [] }: WhatisArgs): void {
  const last = addresses.at(-1);
  if (core === undefined || core === "-" || last === undefined || existsSync(core) || !existsSync(last))
    return;
  const asked = [core, ...addresses.slice(0, -1)].map(shellWord).join(" ");
  throw new CoregramError("usage", `CORE comes first: coregram whatis ${shellWord(last)} ${asked}`);
}
