import { TABLES } from "../answers/results/index.ts";
import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  nameOptions,
  outputOptions,
  processOptions,
  redactOptions,
  resourceOptions,
} from "./shell/options.ts";

/** `coregram export`. */
export const exportTables = defineCommand({
  line: "export [core] [folder]",
  usage: "export CORE FOLDER|--heapsnapshot FILE|--pprof FILE [--table NAME]...",
  describe: "the heap as Parquet tables, for SQL: objects, references, owners, threads",
  rows: `A row: rows of a table, and its name. FOLDER is made, and there once all is written.
docs/tables.md tells what the tables hold, docs/queries.md what can be asked of them.`,
  positionals: {
    core: coreArgument,
    folder: { type: "string", describe: "where the tables are written, NAME.parquet each: new, or empty" },
  },
  options: {
    ...processOptions,
    table: {
      type: "string",
      array: true,
      nargs: 1,
      choices: Object.keys(TABLES),
      describe: "only the table NAME; repeatable [default: all but strings and words]",
      group: "Tables:",
    },
    values: {
      type: "boolean",
      describe: "also the table strings, or texts in FILE.heapsnapshot: what was in the process's memory",
      group: "Tables:",
    },
    all: { type: "boolean", describe: "also the table words: every different word", group: "Tables:" },
    heapsnapshot: {
      type: "string",
      requiresArg: true,
      conflicts: ["table", "all"],
      describe:
        "in place of tables: FILE.heapsnapshot for Chrome's DevTools, VS Code and memlab, with what each object holds",
      group: "Viewers:",
    },
    pprof: {
      type: "string",
      requiresArg: true,
      conflicts: ["table", "values", "all", "heapsnapshot"],
      describe: "in place of tables: FILE.pb.gz for go tool pprof, Pyroscope and speedscope, a stack a path",
      group: "Viewers:",
    },
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    quiet: outputOptions.quiet,
    ...redactOptions,
    threads: resourceOptions.threads,
  },
  examples: [["$0 export core.25867 tables", "to be asked by duckdb: from 'tables/objects.parquet'"]],
  run: async (args) => (await import("./run/export.ts")).runExport(args),
});
