import { findResult, type Result, type ResultColumns, type SchemaName } from "../answers/results/index.ts";
import type { Format, FormatOptions, TextFormat } from "./format.ts";
import { PRESENTATIONS, type PresentationOptions } from "./presentations.ts";
import type { View } from "./view.ts";

export interface RenderOptions extends PresentationOptions, Partial<FormatOptions> {}

/**
 * A result in a format, as chunks (see {@link Format}). The rows are iterated as chunks are asked for.
 */
export function render<Name extends SchemaName>(
  format: TextFormat,
  result: Result<Name>,
  options?: RenderOptions,
): Iterable<string | Uint8Array>;
export function render<Name extends SchemaName>(
  format: Format,
  result: Result<Name>,
  options?: RenderOptions,
): ReturnType<Format["render"]>;
export function render<Name extends SchemaName>(
  format: Format,
  result: Result<Name>,
  options: RenderOptions = {},
): ReturnType<Format["render"]> {
  const { color = false, cores = [] } = options;
  return format.render(viewOf(result, options), { color, cores });
}

/** The result as formats take it: how it looks is looked up by its schema. */
export function viewOf<Name extends SchemaName>(result: Result<Name>, options: PresentationOptions): View {
  const presentation = PRESENTATIONS[result.schema](result, options);
  return {
    ...presentation,
    columns: columnsOf(result.schema),
    redacted: result.redacted === undefined ? null : { ...result.redacted },
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
