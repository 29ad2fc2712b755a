import type { SchemaName } from "../answers/index.ts";
import { gatherLines } from "./chunks.ts";
import type { Format } from "./format.ts";
import { formatJson } from "./json.ts";
import type { Result } from "./result.ts";

/** The frame's rows alone, one a line: for jq, and for files too big for one JSON text. */
export const ndjson: Format = {
  name: "ndjson",
  render: (result) => gatherLines(ndjsonLines(result)),
};

function* ndjsonLines<Name extends SchemaName, Entry>(result: Result<Name, Entry>): Generator<string> {
  for (const row of result.rows) yield formatJson(row);
}
