import type { Columns, JsonObject, TableColumns } from "../../answers/results/index.ts";
import type { Identity } from "../../image/index.ts";
import { VERSION } from "../../terms/index.ts";
import { formatJson, objectWriter } from "../json-text.ts";
import type { View } from "../view.ts";
import { bufferOf } from "./column.ts";
import { ParquetFile } from "./file.ts";

/** Rows of a row group, and bytes of text and nested values in them, from which on it is written. */
const GROUP_ROWS = 65_536;
const GROUP_BYTES = 16 * 2 ** 20;

/** The rows of a result as a Parquet file, which has the rest of its frame, and what the cores are, as metadata. */
export function parquetChunks(view: View, cores: readonly Identity[]): AsyncGenerator<Uint8Array> {
  const { input, totals } = view.columns;
  return fileChunks(view.columns, view.rows, cores, {
    input: objectWriter(input)(view.input),
    totals: objectWriter(totals)(view.totals),
    ...(view.redacted !== null && { redacted: formatJson(view.redacted) }),
  });
}

/** Rows as a Parquet file, which says what they are and of what. */
export async function* fileChunks(
  { schema, row }: TableColumns,
  rows: Iterable<JsonObject>,
  cores: readonly Identity[],
  frame: { readonly [key: string]: string },
): AsyncGenerator<Uint8Array> {
  const metadata = {
    schema,
    version: VERSION,
    ...frame,
    cores: JSON.stringify(cores),
  };
  const file = new ParquetFile(
    row,
    Object.entries(metadata).map(([key, value]) => ({ key: `coregram.${key}`, value })),
  );
  yield* groupsOf(file, row, rows);
  yield file.finish();
}

function* groupsOf(file: ParquetFile, columns: Columns, rows: Iterable<JsonObject>): Generator<Uint8Array> {
  const weight = { bytes: 0 };
  const buffers = Object.entries(columns).map(([key, column]) => ({ key, buffer: bufferOf(column, weight) }));
  let count = 0;
  const flush = () => {
    const bytes = file.writeGroup(
      count,
      buffers.map(({ buffer }) => buffer.take()),
    );
    count = 0;
    weight.bytes = 0;
    return bytes;
  };
  for (const row of rows) {
    for (const { key, buffer } of buffers) buffer.add(row[key] ?? null);
    count += 1;
    if (count === GROUP_ROWS || weight.bytes >= GROUP_BYTES) yield flush();
  }
  if (count > 0) yield flush();
}
