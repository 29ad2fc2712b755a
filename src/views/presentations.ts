import type { Result, SchemaName } from "../answers/results/index.ts";
import { presentArenas } from "./arenas.ts";
import { presentContainers } from "./containers.ts";
import { presentDiagnose } from "./diagnose.ts";
import { presentDiff } from "./diff.ts";
import { presentGenerators } from "./generators.ts";
import { presentHolders } from "./holders.ts";
import { presentInfo } from "./info.ts";
import { presentOwners } from "./owners.ts";
import { presentStacks } from "./stacks.ts";
import { presentStrings } from "./strings.ts";
import { presentTasks } from "./tasks.ts";
import { presentTraces } from "./traces.ts";
import { presentTrend } from "./trend.ts";
import { presentTypes } from "./types.ts";
import type { Presentation } from "./view.ts";
import { presentWatch } from "./watch.ts";
import { presentWhatis } from "./whatis.ts";
import { presentWords } from "./words.ts";

/** What only the looks of a result depend on, and not what it says. */
export interface PresentationOptions {
  /**
   * Of words, false takes the name column out of the table (`--no-names`); csv, tsv and JSON keep their keys, so that no
   * reader sees another shape. True unless said.
   */
  readonly names?: boolean;
  /** Of owners: in plain and table, what an owner keeps is a line each below it. False unless said. */
  readonly holdLines?: boolean;
  /** Of owners: the rows are an object and what it cannot be reached without (`--of`). False unless said. */
  readonly ofObject?: boolean;
}

/** How a result looks. */
export type Present<Name extends SchemaName> = (
  result: Result<Name>,
  options: PresentationOptions,
) => Presentation<unknown>;

/** The looks of every result, by its schema. A new one is a file beside this one and a place here. */
export const PRESENTATIONS: { readonly [Name in SchemaName]: Present<Name> } = {
  "coregram/words@1": presentWords,
  "coregram/info@1": presentInfo,
  "coregram/stacks@1": presentStacks,
  "coregram/tasks@1": presentTasks,
  "coregram/generators@1": presentGenerators,
  "coregram/whatis@1": presentWhatis,
  "coregram/types@1": presentTypes,
  "coregram/strings@1": presentStrings,
  "coregram/containers@1": presentContainers,
  "coregram/arenas@1": presentArenas,
  "coregram/owners@1": presentOwners,
  "coregram/holds@1": presentHolders,
  "coregram/diagnose@1": presentDiagnose,
  "coregram/diff@1": presentDiff,
  "coregram/trend@1": presentTrend,
  "coregram/traces@1": presentTraces,
  "coregram/watch@1": presentWatch,
};
