import { existsSync } from "node:fs";
import { join } from "node:path";
import { TABLES, type TableName } from "../../answers/results/index.ts";
import { tableNames } from "../../answers/tables.ts";
import { type Answer, type Connection, quoted } from "./duckdb.ts";

/** A folder of tables, and what it is of, as that was given. */
export interface Tables {
  readonly core: string;
  readonly folder: string;
}

/** The tables that the words of a query may name: what it does not ask for is not made. */
export function tablesNamed(sql: string): TableName[] {
  return tableNames().filter((name) => isNamed(name, sql));
}

/** Whether a word of the query may be the name. */
export function isNamed(name: string, sql: string): boolean {
  return new RegExp(`\\b${name}\\b`, "i").test(sql);
}

/** The tables that a folder has. */
export function tablesIn(folder: string): string[] {
  return tableNames().filter((name) => existsSync(join(folder, `${name}.parquet`)));
}

/** What DuckDB answers of tables, as views over all folders. @throws what DuckDB throws of the question */
export async function askTables(
  connection: Connection,
  all: readonly Tables[],
  sql: string,
): Promise<Answer> {
  await makeViews(connection, all);
  return connection.runAndReadAll(sql);
}

/** A view of each table, over all folders; the column `core` tells of which a row is, and the view cores what that is. */
async function makeViews(connection: Connection, all: readonly Tables[]): Promise<void> {
  const cores = all.map(({ core }, index) => `(${index}, ${quoted(core, "'")})`).join(", ");
  await connection.runAndReadAll(`create view cores as from (values ${cores}) as cores(core, path)`);
  for (const name of Object.keys(TABLES)) {
    const parts = all
      .map(({ folder }, core) => ({ core, path: join(folder, `${name}.parquet`) }))
      .filter(({ path }) => existsSync(path))
      .map(({ core, path }) => `select *, ${core} as core from read_parquet(${quoted(path, "'")})`);
    if (parts.length > 0)
      await connection.runAndReadAll(`create view ${quoted(name, '"')} as ${parts.join(" union all ")}`);
  }
}
