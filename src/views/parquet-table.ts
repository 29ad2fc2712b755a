import type { Table, WordsPart } from "../answers/index.ts";
import type { Identity, Target } from "../image/index.ts";
import { formatJson } from "./json-text.ts";

/** A table of a heap as a Parquet file, in chunks that are valid until the next one is asked for. It names the cores. */
export async function* parquetTable(
  { columns, input, rows, redacted }: Table<string>,
  cores: readonly Identity[],
): AsyncGenerator<Uint8Array> {
  const { fileChunks } = await import("./parquet/result.ts");
  yield* fileChunks(columns, rows, cores, {
    input: formatJson(input),
    ...(redacted && { redacted: formatJson({ ...redacted }) }),
  });
}

/** The words of a part of a file as a Parquet file, in chunks that are valid until the next one is asked for. */
export async function* parquetPart(part: WordsPart, target: Target): AsyncGenerator<Uint8Array> {
  const { partChunks } = await import("./parquet/part.ts");
  yield* partChunks(part, target);
}
