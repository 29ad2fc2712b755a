import { holdersOfType } from "../heap/index.ts";
import type { Target } from "../image/index.ts";
import { formatAddress, type Listener } from "../terms/index.ts";
import { withHeap } from "./heap.ts";
import { DEFAULT_LIMIT, type ModuleOptions, type ThreadOptions } from "./options.ts";
import type { Frame } from "./results/index.ts";
import { inputOf, memoryTotals } from "./subject.ts";
import { findWantedType } from "./wanted-type.ts";

export interface HoldersOptions extends ModuleOptions, ThreadOptions {
  /** Rows at the most, 10 by default; Infinity for all. */
  readonly limit?: number | undefined;
}

/**
 * How the live objects of a type are held: by paths, items folded.
 * @param wanted the type's name as `answerTypes` has it, or its last parts where no other type has these; or its
 * address, `0x…`
 * @throws CoregramError `absent` where there is no such type, or several, else as `answerOwners` does
 */
export async function answerHolders(
  target: Target,
  wanted: string,
  options: HoldersOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/holds@1">> {
  return withHeap(
    target,
    options,
    listener,
    ({ found, references, graph, paths, labels }, _totals, { image }) => {
      const type = findWantedType(found.types, wanted);
      const held = holdersOfType(graph, paths, labels, type);
      const rows = held.rows.slice(0, options.limit ?? DEFAULT_LIMIT);
      const totals = {
        ...memoryTotals(image),
        type: found.types[type]?.name ?? wanted,
        count: held.count,
        bytes: held.bytes,
        restCount: held.count - rows.reduce((sum, { count }) => sum + count, 0),
        restBytes: held.bytes - rows.reduce((sum, { bytes }) => sum + bytes, 0),
      };
      return {
        schema: "coregram/holds@1",
        input: inputOf(target),
        totals,
        rows: rows.map(({ path, count, bytes, example }) => ({
          path,
          count,
          bytes,
          example: formatAddress(BigInt(references.objects.address(example))),
        })),
      };
    },
  );
}
