import type { Result, SchemaName } from "../answers/results/index.ts";
import { json, render } from "../views/index.ts";
import { bounded } from "./bound.ts";

/**
 * A result as data in the page: the JSON that the command line prints, which no browser runs or takes for markup,
 * whatever names are in it.
 */
export function* dataBlock<Name extends SchemaName>(name: string, frame: Result<Name>): Generator<string> {
  yield `<script type="application/json" id="data-${name}">`;
  for (const chunk of render(json, bounded(frame))) yield String(chunk).replaceAll("<", "\\u003c");
  yield "</script>\n";
}
