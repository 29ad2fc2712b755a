import type { MomentAnswer } from "../../answers/moment.ts";
import type { Redactor } from "../../answers/redact.ts";
import type { Result, SchemaName } from "../../answers/results/index.ts";
import type { CoreFile } from "../../image/index.ts";
import { type AnswerFile, bothOf } from "../shell/answer-folder.ts";

/** What of a moment is written. */
export interface Moment {
  /** What is to be known of it: the condition, how long it was stopped, what was noted. */
  readonly remarks: readonly string[];
  readonly answer: Pick<MomentAnswer, "diagnose" | "owners" | "types" | "stacks" | "growth">;
  /** The core, where it is wanted. */
  readonly core: CoreFile | null;
  /** What takes names and values out of all of it; null where they stay. */
  readonly redactor: Redactor | null;
}

/** The files of a moment. */
export function* momentFiles({ remarks, answer, core, redactor }: Moment): Generator<AnswerFile> {
  const { diagnose, owners, types, stacks, growth } = answer;
  const said = redactor === null ? remarks : remarks.map((line) => redactor.prose(line));
  yield ["moment.txt", [said.map((line) => `${line}\n`).join("")]];
  yield* bothOf("diagnose", "plain", shownOf(diagnose, redactor));
  yield* bothOf("owners", "table", shownOf(owners, redactor));
  yield* bothOf("types", "table", shownOf(types, redactor));
  if (stacks !== null) yield* bothOf("stacks", "table", shownOf(stacks, redactor));
  if (growth !== null) {
    yield* bothOf("diff-owners", "table", shownOf(growth.owner, redactor));
    yield* bothOf("diff-types", "table", shownOf(growth.type, redactor));
  }
  if (core !== null) yield ["core", core.chunks];
}

function shownOf<Name extends SchemaName>(result: Result<Name>, redactor: Redactor | null): Result<Name> {
  return redactor === null ? result : redactor.result(result);
}
