import { mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTables } from "../../answers/tables.ts";
import { identifyTarget } from "../../image/index.ts";
import { CoregramError, printable } from "../../terms/index.ts";
import { parquetTable, renderQuery } from "../../views/index.ts";
import { openDatabase, requireDuckDb } from "../query/duckdb.ts";
import { rowsOf } from "../query/rows.ts";
import { askSummaries, summariesIn } from "../query/summaries.ts";
import { askTables, type Tables, tablesIn, tablesNamed } from "../query/views.ts";
import { type AnswerArgs, answer, type Desk } from "../shell/answer.ts";
import { writeFolder } from "../shell/folder-output.ts";
import { checkPaths } from "../shell/input.ts";
import { refuseRedacted } from "../shell/redaction.ts";
import { formatNamed, memoryOf, modulesOf } from "../shell/settings.ts";
import { onSignals } from "../shell/signals.ts";
import { pathsOf, type Subject, type SubjectsArgs, subjectsOf } from "../shell/subject.ts";

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
      const summaries = summariesOf(subjects, args);
      if (summaries === null)
        for (const [index, subject] of subjects.entries())
          tables.push(await tablesOf(subject, args, join(scratch, String(index)), desk));
      const connection = await openDatabase(scratch, args.threads);
      try {
        const warn = (text: string) => desk.listener({ kind: "warning", target: first, text });
        const answered = rowsOf(
          summaries === null
            ? await askTables(connection, tables, sql)
            : await askSummaries(connection, summaries, sql, warn),
        );
        const { redactor, looks } = desk;
        const cores = summaries === null ? tables.map(({ core }) => core) : [first, ...others];
        // What is asked may have names in it.
        const said = { sql: redactor === null ? sql : null, redacted: redactor?.redacted ?? null };
        return renderQuery(formatNamed(args.format), { ...said, cores, ...answered }, looks);
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
    return folderOf(subject.core, args);
  const target = await desk.open(subject, {});
  const { redactor } = desk;
  const tables = tablesNamed(args.sql ?? "").filter((name) => name !== "strings" || args.values === true);
  if (tables.some((name) => name === "strings" || name === "words"))
    refuseRedacted(args, "texts and words cannot be redacted: the tables strings and words take no --redact");
  const options = { ...modulesOf(args), tables, memory: memoryOf(args.memory), threads: args.threads };
  await writeFolder(
    join(folder, ".."),
    (put) =>
      writeTables(target, options, desk.listener, async (table) =>
        redactor === null
          ? put(`${table.name}.parquet`, parquetTable(table, [await identifyTarget(target)]))
          : put(`${table.name}.parquet`, parquetTable(redactor.table(table), [])),
      ),
    (temporary) => renameSync(temporary, folder),
  );
  return { core: redactor === null ? target.name : redactor.input(target.name), folder };
}

/**
 * The files of summaries, where it is those that are asked; null for cores and folders of tables.
 * @throws CoregramError `usage` where some are the one and some the other
 */
function summariesOf(subjects: readonly Subject[], args: QueryArgs): string[] | null {
  const paths = pathsOf(subjects);
  const of = paths.filter(hasSummaries);
  if (of.length === 0) return null;
  refuseRedacted(args, "summaries are as they were written: summary --redact, and query that folder");
  if (of.length === subjects.length) return of.flatMap(summariesIn);
  const other = paths.find((path) => !of.includes(path)) ?? "--pid";
  throw new CoregramError(
    "usage",
    `${printable(of[0] ?? "")} is of summaries, and ${printable(other)} is not: a query asks the one or the other`,
  );
}

/** Tables of an export are files of their names; summaries lie deeper, or are named themselves. */
function hasSummaries(path: string): boolean {
  if (!isFolder(path)) return path.endsWith(".parquet");
  return tablesIn(path).length === 0 && summariesIn(path).length > 0;
}

/** Tables that were written before, as they were. */
function folderOf(folder: string, args: QueryArgs): Tables {
  refuseRedacted(args, "tables are as they were written: export --redact, and query that folder");
  return { core: folder, folder };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
