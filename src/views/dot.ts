import { CoregramError, printable } from "../terms/index.ts";
import { gatherLines } from "./chunks.ts";
import type { TextFormat } from "./format.ts";
import type { PathGraph } from "./view.ts";

/** A graph in the language of Graphviz: `dot -Tsvg` draws it. */
export const dot: TextFormat = {
  name: "dot",
  render: ({ graph }) => {
    if (graph === undefined) throw new CoregramError("usage", "--format dot is for owners --of");
    return gatherLines(linesOf(graph));
  },
};

function* linesOf({ nodes, edges }: PathGraph): Generator<string> {
  yield "digraph owners {";
  yield '  node [shape=box, fontname="monospace"];';
  for (const [number, lines] of nodes.entries())
    yield `  n${number} [label="${lines.map(labelText).join("\\n")}"];`;
  for (const { from, to, label, isGuess } of edges)
    yield `  n${from} -> n${to} [label="${labelText(label)}"${isGuess ? ", style=dashed" : ""}];`;
  yield "}";
}

/** As a quoted string takes it (https://graphviz.org/doc/info/lang.html): a backslash begins an escape, of labels too. */
function labelText(text: string): string {
  return printable(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
