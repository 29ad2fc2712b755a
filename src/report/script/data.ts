import type { Frame, SchemaName } from "../../answers/results/index.ts";

/** A result that the page holds, as the command line prints it; null where the page has none. */
export function readFrame<Name extends SchemaName>(name: string): Frame<Name> | null {
  const text = document.getElementById(`data-${name}`)?.textContent;
  return text == null ? null : JSON.parse(text);
}
