import { gatherLines } from "./chunks.ts";
import type { TextFormat } from "./format.ts";
import { formatJson, objectWriter } from "./json-text.ts";
import type { View } from "./view.ts";

/** One object, the frame of its schema; a row a line, so that it can be read and compared. */
export const json: TextFormat = {
  name: "json",
  render: (view) => gatherLines(jsonLines(view)),
};

function* jsonLines({ columns, redacted, input, totals, rows }: View): Generator<string> {
  yield "{";
  yield `  "schema": ${formatJson(columns.schema)},`;
  if (redacted !== null) yield `  "redacted": ${formatJson(redacted)},`;
  yield `  "input": ${objectWriter(columns.input)(input)},`;
  yield `  "totals": ${objectWriter(columns.totals)(totals)},`;
  const write = objectWriter(columns.row);
  let before = '  "rows": [';
  for (const row of rows) {
    yield before;
    before = `    ${write(row)},`;
  }
  // The last row has no comma; without any row the list closes on the line that opens it.
  if (before.endsWith("[")) {
    yield `${before}]`;
  } else {
    yield before.slice(0, -1);
    yield "  ]";
  }
  yield "}";
}
