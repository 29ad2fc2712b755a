import type { Image, Target } from "../image/index.ts";
import type { Crew } from "../kernel/index.ts";
import type { RuntimeObjects } from "../runtimes/index.ts";
import { CoregramError, formatAddress, type Listener, printable } from "../terms/index.ts";
import { DEFAULT_LIMIT, type ModuleOptions, type ThreadOptions } from "./options.ts";
import type { Frame, StringsTotals } from "./results/index.ts";
import { withRuntime } from "./runtime.ts";
import { inputOf, memoryTotals } from "./subject.ts";

export interface StringsOptions extends ModuleOptions, ThreadOptions {
  /** The order of the rows: by the bytes that are wasted (the default), or by how many there are. */
  readonly sort?: "bytes" | "count" | undefined;
  /** Rows at the most, 10 by default; Infinity for all. */
  readonly limit?: number | undefined;
}

/**
 * Which str and bytes objects of one content there are more than once. The rows show what was in the process's memory.
 * @throws CoregramError as `answerTypes` does
 */
export async function answerStrings(
  target: Target,
  options: StringsOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/strings@1">> {
  return withRuntime(target, options, listener, (crew, found, { image }) => {
    const frame = stringsFrame(target, crew, found, image, options);
    if (frame !== null) return frame;
    throw new CoregramError(
      "format",
      `${printable(target.name)}: the texts of ${found.runtime} are not compared`,
    );
  });
}

/** The same of objects that the crew found and still has; null where their runtime does not tell. */
export function stringsFrame(
  target: Target,
  crew: Crew,
  found: RuntimeObjects,
  image: Image | null,
  options: Pick<StringsOptions, "sort" | "limit">,
): Frame<"coregram/strings@1"> | null {
  if (found.strings === null) return null;
  const groups = found.strings(crew);
  const shown = groups.duplicates(options.sort ?? "bytes", options.limit ?? DEFAULT_LIMIT);
  const { count, bytes, distinct, groups: duplicates, wastedBytes, notCompared } = groups.totals;
  const totals: StringsTotals = {
    ...memoryTotals(image),
    runtime: found.runtime,
    count,
    bytes,
    distinct,
    duplicates,
    wastedBytes,
    restWastedBytes: wastedBytes - shown.reduce((sum, group) => sum + group.wastedBytes, 0),
    notCompared,
  };
  const rows = shown.map((group) => ({
    type: group.typeName,
    text: group.text,
    length: group.length,
    count: group.count,
    bytes: group.bytes,
    wastedBytes: group.wastedBytes,
    address: formatAddress(BigInt(group.address)),
  }));
  return { schema: "coregram/strings@1", input: inputOf(target), totals, rows };
}
