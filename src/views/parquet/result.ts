import type { Columns, JsonObject } from "../../answers/results/index.ts";
import { identifyTarget, type Target } from "../../image/index.ts";
import { VERSION } from "../../terms/index.ts";
import { objectWriter } from "../json-text.ts";
import type { View } from "../view.ts";
import { bufferOf } from "./column.ts";
import { ParquetFile } from "./file.ts";

/** Rows of a row group, and bytes of text and nested values in them, from which on it is written. */
const GROUP_ROWS = 65_536;
const GROUP_BYTES = 16 * 2 ** 20;

/** The rows of a result as a Parquet file, which has the rest of its frame, and what the targets are, as metadata. */
export async function* parquetChunks(view: View, targets: readonly Target[]): AsyncGenerator<Uint8Array> {
  const { schema, input, totals, row } = view.columns;
  const cores = await Promise.all(targets.map(identifyTarget));
  const metadata = {
    "coregram.schema": schema,
    "coregram.version": VERSION,
    "coregram.input": objectWriter(input)(view.input),
    "coregram.totals": objectWriter(totals)(view.totals),
    "coregram.cores": JSON.stringify(cores),
  };
  const file = new ParquetFile(
    row,
    Object.entries(metadata).map(([key, value]) => ({ key, value })),
  );
  yield* groupsOf(file, row, view.rows);
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
