import { findResult, type Result, type ResultColumns, type SchemaName } from "../answers/results/index.ts";
import type { Format } from "./format.ts";
import { PRESENTATIONS, type PresentationOptions } from "./presentations.ts";
import type { View } from "./view.ts";

export interface RenderOptions extends PresentationOptions {
  /** Whether a table may use terminal colours. False unless said. */
  readonly color?: boolean;
}

/**
 * A result in a format, as chunks (see {@link Format}). The rows are iterated as chunks are asked for.
 */
export function render<Name extends SchemaName>(
  format: Format,
  result: Result<Name>,
  options: RenderOptions = {},
): Iterable<string | Uint8Array> {
  return format.render(viewOf(result, options), { color: options.color === true });
}

/** The result as formats take it: how it looks is looked up by its schema. */
export function viewOf<Name extends SchemaName>(result: Result<Name>, options: PresentationOptions): View {
  const presentation = PRESENTATIONS[result.schema](result, options);
  return {
    ...presentation,
    columns: columnsOf(result.schema),
    input: result.input,
    totals: result.totals,
    rows: result.rows,
    plainChunks: result.plainChunks ?? null,
  };
}

function columnsOf(schema: SchemaName): ResultColumns {
  const found = findResult(schema);
  if (!found) throw new Error(`${schema} is no result`);
  return found;
}
