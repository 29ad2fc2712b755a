import { defineCommand } from "./shell/command.ts";
import {
  nameOptions,
  outputOptions,
  processOptions,
  redactOptions,
  resourceOptions,
} from "./shell/options.ts";

/** `coregram query`. */
export const query = defineCommand({
  line: "query [sql] [cores..]",
  usage: "query SQL CORE|FOLDER... [--format FORMAT]",
  describe: "ask the heap in SQL: the tables of coregram export as views, of one core or several",
  rows: `A row: the columns that were asked for, two spaces between. DuckDB answers, where it is installed:
npm install --global @duckdb/node-api. A FOLDER is one that coregram export or summary made: of summaries the views are cores, findings, owners and others (docs/fleet.md).`,
  positionals: {
    sql: { type: "string", describe: "a query, such as 'select type, count(*) from objects group by type'" },
    cores: { type: "string", array: true, describe: "cores, folders of tables, or folders of summaries" },
  },
  options: {
    ...processOptions,
    values: {
      type: "boolean",
      describe: "also the view strings: texts that were in the process's memory",
      group: "Tables:",
    },
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    ...outputOptions,
    ...redactOptions,
    threads: resourceOptions.threads,
  },
  examples: [
    [
      "$0 query 'select type, count(*) from objects group by type' core.25867",
      "as coregram types counts them",
    ],
  ],
  run: async (args) => (await import("./run/query.ts")).runQuery(args),
});
