import { CoregramError, printable } from "../terms/index.ts";
import { gatherLines } from "./chunks.ts";
import type { TextFormat } from "./format.ts";
import type { FoldedStack } from "./view.ts";

/**
 * Folded stacks: a line each, its frames from the root on with `;` between them, a space, its weight. What flamegraph.pl,
 * inferno and speedscope read.
 */
export const flamegraph: TextFormat = {
  name: "flamegraph",
  render: ({ stacks }) => {
    if (stacks === undefined)
      throw new CoregramError("usage", "--format flamegraph is for owners and stacks");
    return gatherLines(linesOf(stacks));
  },
};

function* linesOf(stacks: Iterable<FoldedStack>): Generator<string> {
  for (const { frames, weight } of stacks)
    if (weight > 0) yield `${frames.map(frameText).join(";")} ${weight}`;
}

/** A frame of its own, whatever its name: `;` ends one. */
function frameText(frame: string): string {
  return printable(frame).replaceAll(";", "\\x3b");
}
