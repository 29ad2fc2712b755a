import type { SchemaName } from "../answers/index.ts";
import { printable } from "../terms/index.ts";
import { gatherLines } from "./chunks.ts";
import type { Format } from "./format.ts";
import type { Result } from "./result.ts";

/** Stable, raw columns to pipe: no header, no separators, integers. */
export const plain: Format = {
  name: "plain",
  render: (result) => gatherLines(plainLines(result)),
};

/** The whole line goes through `printable`, so that no command can forget it. */
function* plainLines<Name extends SchemaName, Entry>(result: Result<Name, Entry>): Generator<string> {
  for (const entry of result.entries) yield printable(result.plain(entry));
}
