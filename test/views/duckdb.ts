import { createRequire } from "node:module";

interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<{
        runAndReadAll(sql: string): Promise<{ getRowObjectsJS(): Record<string, unknown>[] }>;
      }>;
    }>;
  };
}

/** DuckDB's package, which is nobody's dependency: where a folder of NODE_PATH has it. Null elsewhere. */
export const DUCKDB = ((): DuckDb | null => {
  try {
    return createRequire(import.meta.url)("@duckdb/node-api");
  } catch {
    return null;
  }
})();

/** What DuckDB answers, a database of its own for each question. */
export async function ask(sql: string): Promise<Record<string, unknown>[]> {
  if (DUCKDB === null) throw new Error("there is no DuckDB");
  const instance = await DUCKDB.DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}
