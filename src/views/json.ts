import type { JsonValue, SchemaName } from "../answers/index.ts";
import { printable } from "../terms/index.ts";
import { gatherLines } from "./chunks.ts";
import type { Format } from "./format.ts";
import type { Result } from "./result.ts";

/** One object, the frame of its schema; a row a line, so that it can be read and compared. */
export const json: Format = {
  name: "json",
  render: (result) => gatherLines(jsonLines(result)),
};

function* jsonLines<Name extends SchemaName, Entry>(result: Result<Name, Entry>): Generator<string> {
  yield "{";
  yield `  "schema": ${formatJson(result.schema)},`;
  yield `  "input": ${formatJson(result.input)},`;
  yield `  "totals": ${formatJson(result.totals)},`;
  let before = '  "rows": [';
  for (const row of result.rows) {
    yield before;
    before = `    ${formatJson(row)},`;
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

/**
 * The value as JSON on one line. JSON.stringify escapes C0 controls and lone surrogates; what else a terminal
 * must not see (C1, bidi) is escaped here, which reads back as the same text.
 */
export function formatJson(value: JsonValue): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/gu, (character) =>
    printable(character) === character
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
