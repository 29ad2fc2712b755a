import { mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTables } from "../../answers/tables.ts";
import type { Target } from "../../image/index.ts";
import { CoregramError, printable } from "../../terms/index.ts";
import { parquetTable, renderQuery } from "../../views/index.ts";

import { openDatabase, requireDuckDb } from "../query/duckdb.ts";
import { rowsOf } from "../query/rows.ts";
import { makeViews, type Tables, tablesNamed } from "../query/views.ts";
import { type AnswerArgs, answer, type Desk } from "../shell/answer.ts";
import { writeFolder } from "../shell/folder-output.ts";
import { checkPaths } from "../shell/input.ts";
import { formatNamed, memoryOf, modulesOf } from "../shell/settings.ts";
import { onSignals } from "../shell/signals.ts";
import { openSubject, pathsOf, type Subject, type SubjectsArgs, subjectsOf } from "../shell/subject.ts";

export interface QueryArgs extends SubjectsArgs, AnswerArgs {
  readonly sql: string | undefined;
  readonly values: boolean | undefined;
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly threads: number | undefined;
  readonly format: string;
}

/** `coregram query SQL CORE|FOLDER...`: what DuckDB answers of the tables. */
export async function runQuery(args: QueryArgs): Promise<undefined> {
  const { sql } = args;
  const subjects = subjectsOf(args);
  if (sql === undefined || sql.trim() === "" || subjects.length === 0)
    throw new CoregramError("usage", "query takes SQL and what it is asked of: coregram query SQL CORE");
  requireDuckDb();
  const [first = "", ...others] = pathsOf(subjects);
  checkPaths(first, others, args.output);
  const scratch = mkdtempSync(join(tmpdir(), "coregram-"));
  const clear = () => rmSync(scratch, { recursive: true, force: true });
  const release = onSignals(clear);
  try {
    return await answer(args, async (desk) => {
      const tables: Tables[] = [];
      for (const [index, subject] of subjects.entries())
        tables.push(await tablesOf(subject, args, join(scratch, String(index)), desk));
      const connection = await openDatabase(scratch, args.threads);
      await makeViews(connection, tables);
      try {
        const answered = rowsOf(await connection.runAndReadAll(sql));
        const cores = tables.map(({ core }) => core);
        return renderQuery(formatNamed(args.format), { sql, cores, ...answered }, desk.looks);
      } catch (error) {
        if (error instanceof CoregramError || !(error instanceof Error)) throw error;
        throw new CoregramError("usage", printable(error.message.split("\n", 1)[0] ?? ""), { cause: error });
      }
    });
  } finally {
    clear();
    release();
  }
}

/** The tables of a folder as they are, and of a core those that the query names. */
async function tablesOf(subject: Subject, args: QueryArgs, folder: string, desk: Desk): Promise<Tables> {
  if (!("pid" in subject) && subject.core !== undefined && isFolder(subject.core))
    return { core: subject.core, folder: subject.core };
  const target: Target = desk.keep(await openSubject(subject, {}, desk.listener));
  const tables = tablesNamed(args.sql ?? "").filter((name) => name !== "strings" || args.values === true);
  const options = { ...modulesOf(args), tables, memory: memoryOf(args.memory), threads: args.threads };
  await writeFolder(
    join(folder, ".."),
    (put) =>
      writeTables(target, options, desk.listener, (table) =>
        put(`${table.name}.parquet`, parquetTable(table, [target])),
      ),
    (temporary) => renameSync(temporary, folder),
  );
  return { core: target.name, folder };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
