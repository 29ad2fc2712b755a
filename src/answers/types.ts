import type { Image, Target } from "../image/index.ts";
import type { RuntimeObjects, TypeTotals } from "../runtimes/index.ts";
import { formatAddress, type Listener } from "../terms/index.ts";
import { AllocationLines } from "./allocation-lines.ts";
import { withHeap } from "./heap.ts";
import { DEFAULT_LIMIT, type ModuleOptions, type ThreadOptions } from "./options.ts";
import type { Frame, TypeRow, TypesTotals } from "./results/index.ts";
import { withRuntime } from "./runtime.ts";
import { inputOf, memoryTotals, requireElfCore } from "./subject.ts";
import { readTraces } from "./traces.ts";

export interface TypesOptions extends ModuleOptions, ThreadOptions {
  /** The order of the rows: by live bytes (the default), live objects, freed objects, or name. */
  readonly sort?: "bytes" | "count" | "freed" | "name" | undefined;
  /** Rows at the most, 10 by default; Infinity for all. */
  readonly limit?: number | undefined;
  /** Whether rows have the lines that allocated: tracemalloc must have been tracing, and the heap is read. */
  readonly lines?: boolean | undefined;
}

/** Of each type. */
const MOST_LINES = 5;

/**
 * Which types a process's CPython objects are of: how many and how many bytes, live and freed; and in the totals where
 * all saved bytes are.
 * @throws CoregramError `format` where the target is no ELF core or there is no CPython that can be read in it, `io` or
 * `changed` where it cannot be read
 */
export async function answerTypes(
  target: Target,
  options: TypesOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/types@1">> {
  if (options.lines)
    return withHeap(target, options, listener, async (heap, _totals, contents) => {
      const core = requireElfCore(contents);
      const memory = await readTraces(core, target.name, options, true, listener);
      const linesOf = AllocationLines.from(heap, memory)?.ofTypes(MOST_LINES);
      const numbers = new Map(heap.found.types.map(({ address }, type) => [BigInt(address), type]));
      return typesFrame(
        target,
        heap.found,
        contents.image,
        options,
        ({ address }) => linesOf?.(numbers.get(address) ?? -1) ?? null,
      );
    });
  return withRuntime(target, options, listener, (_crew, found, { image }) =>
    typesFrame(target, found, image, options),
  );
}

/** The same of objects that were found. */
export function typesFrame(
  target: Target,
  found: RuntimeObjects,
  image: Image | null,
  options: Pick<TypesOptions, "sort" | "limit">,
  linesOf: (type: TypeTotals) => TypeRow["lines"] = () => null,
): Frame<"coregram/types@1"> {
  const all = sortTypes(found.totals(), options.sort ?? "bytes");
  const shown = all.slice(0, options.limit ?? DEFAULT_LIMIT);
  const totals: TypesTotals = {
    ...memoryTotals(image),
    ...addUp(all, shown),
    runtime: found.runtime,
    balance: found.balance.parts,
    bridge: found.balance.bridge,
  };
  return {
    schema: "coregram/types@1",
    input: inputOf(target),
    totals,
    rows: shown.map((type) => typeRow(type, linesOf(type))),
  };
}

function sortTypes(types: TypeTotals[], order: string): TypeTotals[] {
  // They come by bytes, then count, then name: a stable sort keeps that among equals.
  if (order === "count") return types.sort((a, b) => b.count - a.count);
  if (order === "freed") return types.sort((a, b) => (b.freedCount ?? 0) - (a.freedCount ?? 0));
  if (order === "name") return types.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return types;
}

function addUp(all: readonly TypeTotals[], shown: readonly TypeTotals[]) {
  const sum = (types: readonly TypeTotals[], key: "count" | "bytes" | "freedCount" | "freedBytes") =>
    types.reduce((total, type) => total + (type[key] ?? 0), 0);
  const isFreedKnown = all.some(({ freedCount }) => freedCount !== null);
  return {
    types: all.length,
    count: sum(all, "count"),
    bytes: sum(all, "bytes"),
    freedCount: isFreedKnown ? sum(all, "freedCount") : null,
    freedBytes: isFreedKnown ? sum(all, "freedBytes") : null,
    restCount: sum(all, "count") - sum(shown, "count"),
    restBytes: sum(all, "bytes") - sum(shown, "bytes"),
  };
}

function typeRow(type: TypeTotals, lines: TypeRow["lines"]): TypeRow {
  return {
    type: type.name,
    address: formatAddress(type.address),
    count: type.count,
    bytes: type.bytes,
    freedCount: type.freedCount,
    freedBytes: type.freedBytes,
    inferred: type.isInferred,
    lines,
  };
}
