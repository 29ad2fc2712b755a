import type { Result, SchemaName } from "../answers/results/index.ts";
import { findFormat, render } from "../views/index.ts";
import { bounded } from "./bound.ts";

/**
 * A result as data in the page: the JSON that the command line prints, which no browser runs or takes for markup,
 * whatever names are in it.
 */
export function* dataBlock<Name extends SchemaName>(name: string, frame: Result<Name>): Generator<string> {
  const json = findFormat("json");
  if (json === null) throw new Error("there is no format json");
  yield `<script type="application/json" id="data-${name}">`;
  for (const chunk of render(json, bounded(frame))) yield String(chunk).replaceAll("<", "\\u003c");
  yield "</script>\n";
}
