import { catchProcess } from "../catch.ts";
import { diagnose } from "../diagnose.ts";
import { diff } from "../diff.ts";
import { dump } from "../dump.ts";
import { exportTables } from "../export.ts";
import { info } from "../info.ts";
import { merge } from "../merge.ts";
import { owners } from "../owners.ts";
import { query } from "../query.ts";
import { report } from "../report.ts";
import { schema } from "../schema.ts";
import { stacks } from "../stacks.ts";
import { summary } from "../summary.ts";
import { symbols } from "../symbols.ts";
import { traces } from "../traces.ts";
import { types } from "../types.ts";
import { watch } from "../watch.ts";
import { whatis } from "../whatis.ts";
import { words } from "../words.ts";
import type { Command } from "./command.ts";

/** All commands, in the order of the help; the first is the default. They load what they need when they are run. */
export const COMMANDS: readonly Command[] = [
  words,
  types,
  owners,
  diagnose,
  diff,
  stacks,
  traces,
  report,
  dump,
  watch,
  catchProcess,
  info,
  whatis,
  exportTables,
  query,
  summary,
  merge,
  symbols,
  schema,
];
