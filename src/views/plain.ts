import { printable } from "../terms/index.ts";
import { gatherLines } from "./chunks.ts";
import type { TextFormat } from "./format.ts";
import type { View } from "./view.ts";

/** Stable, raw columns to pipe: no header, no separators, integers. */
export const plain: TextFormat = {
  name: "plain",
  render: (view) => view.plainChunks?.() ?? gatherLines(plainLines(view)),
};

/** The whole line goes through `printable`, so that no result can forget it. */
function* plainLines(view: View): Generator<string> {
  for (const line of view.lines) yield printable(view.plain(line));
}
