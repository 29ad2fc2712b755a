import { type Frame, findResult, type JsonObject, type SchemaName } from "../answers/results/index.ts";
import { formatJson, objectWriter } from "./json-text.ts";

/**
 * A whole frame on one line, its LF included: what a stream of them is made of.
 * @throws RangeError where its schema is none
 */
export function frameLine<Name extends SchemaName>(frame: Frame<Name>): string {
  const columns = findResult(frame.schema);
  if (columns === null) throw new RangeError(`${frame.schema} is no result`);
  const rows: readonly JsonObject[] = frame.rows;
  const parts = {
    input: objectWriter(columns.input)(frame.input),
    totals: objectWriter(columns.totals)(frame.totals),
    rows: `[${rows.map(objectWriter(columns.row)).join(",")}]`,
  };
  const redacted = frame.redacted === undefined ? "" : `"redacted":${formatJson({ ...frame.redacted })},`;
  return `{"schema":${formatJson(frame.schema)},${redacted}"input":${parts.input},"totals":${parts.totals},"rows":${parts.rows}}\n`;
}
