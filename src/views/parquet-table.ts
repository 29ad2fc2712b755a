import type { Table } from "../answers/index.ts";
import type { Target } from "../image/index.ts";
import { formatJson } from "./json-text.ts";

/** A table of a heap as a Parquet file, in chunks that are valid until the next one is asked for. It names the targets. */
export async function* parquetTable(
  { columns, input, rows }: Table,
  targets: readonly Target[],
): AsyncGenerator<Uint8Array> {
  const { fileChunks } = await import("./parquet/result.ts");
  yield* fileChunks(columns, rows, targets, { input: formatJson(input) });
}
