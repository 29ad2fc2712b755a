import { createRequire } from "node:module";
import { CoregramError } from "../../terms/index.ts";

/** What of @duckdb/node-api is used here. */
interface DuckDb {
  readonly DuckDBInstance: {
    create(
      path: string,
      options: Readonly<Record<string, string>>,
    ): Promise<{ connect(): Promise<Connection> }>;
  };
}

/** A database in memory. */
export interface Connection {
  runAndReadAll(sql: string): Promise<Answer>;
}

/** Values are as JSON has them, whole numbers of 64 bits and more as text. */
export interface Answer {
  deduplicatedColumnNames(): string[];
  columnTypes(): readonly { toString(): string }[];
  getColumnsJson(): unknown[][];
}

/**
 * A database in memory that fetches nothing, and spills into a folder.
 * @throws CoregramError `usage` where DuckDB is not installed
 */
export async function openDatabase(folder: string, threads: number | undefined): Promise<Connection> {
  const { DuckDBInstance } = requireDuckDb();
  const instance = await DuckDBInstance.create(":memory:", {
    temp_directory: folder,
    autoinstall_known_extensions: "false",
    ...(threads === undefined ? {} : { threads: String(threads) }),
  });
  return instance.connect();
}

/** Native code, which no installation of this program brings: it stands beside it, or where NODE_PATH says. */
export function requireDuckDb(): DuckDb {
  try {
    return createRequire(import.meta.url)("@duckdb/node-api");
  } catch (error) {
    throw new CoregramError(
      "usage",
      "query asks DuckDB, which is not installed: npm install --global @duckdb/node-api, where this program is global, too; NODE_PATH names another place",
      { cause: error },
    );
  }
}

/** A name, or a text, as SQL writes it. */
export function quoted(text: string, quote: '"' | "'"): string {
  return `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
}
