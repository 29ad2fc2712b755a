import { gatherLines } from "./chunks.ts";
import type { TextFormat } from "./format.ts";
import { objectWriter } from "./json-text.ts";
import type { View } from "./view.ts";

/** The frame's rows alone, one a line: for jq, and for files too big for one JSON text. */
export const ndjson: TextFormat = {
  name: "ndjson",
  render: (view) => gatherLines(ndjsonLines(view)),
};

function* ndjsonLines({ columns, rows }: View): Generator<string> {
  const write = objectWriter(columns.row);
  for (const row of rows) yield write(row);
}
