import { chooseOwners, GARBAGE } from "../heap/index.ts";
import { readProcess, type Target, type TargetContents } from "../image/index.ts";
import { CoregramError, type Listener } from "../terms/index.ts";
import { type AllocationLines, linesIfTraced } from "./allocation-lines.ts";
import { findFindings } from "./findings.ts";
import { withHeap } from "./heap.ts";
import { type MemoryParts, memoryParts, STACKS, stackBytes } from "./memory-parts.ts";
import { NextCommands } from "./next-command.ts";
import { occupancyOf } from "./occupancy.ts";
import { type ModuleOptions, rootOf, type ThreadOptions } from "./options.ts";
import { groupOwners, leastOwner, ownerAmounts } from "./owner-groups.ts";
import { collectorTotals } from "./patterns/garbage.ts";
import { type Heap, UNHELD } from "./read-heap.ts";
import { DEFAULT_FINDINGS, type Frame, type OwnersTotals, type SubjectInput } from "./results/index.ts";
import { inputOf, requireElfCore } from "./subject.ts";
import { type Compared, Summary } from "./summarized.ts";
import { beforeOfSummary, diagnoseSummary } from "./summary-findings.ts";
import { type HeapBefore, ownersBefore } from "./suspects.ts";
import { type Occurrences, occurrencesIn, unnamedKey, unnamedOwners } from "./unnamed.ts";

export interface DiagnoseOptions extends ModuleOptions, ThreadOptions {
  /** Findings at the most, 5 by default; Infinity for all. */
  readonly limit?: number | undefined;
}

/**
 * Where a process's memory is, and whether it leaks: live objects, garbage, native memory, free memory, and the large parts of
 * it with the evidence. Of two targets, the older first, growth is evidence too.
 * @throws CoregramError `usage` where they are none or more than two; `format` where one is no ELF core or has no CPython
 * that can be read; `limit` where memory runs out
 */
export async function answerDiagnose(
  targets: readonly Compared[],
  options: DiagnoseOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/diagnose@1">> {
  const [older, newer] = targets.length === 1 ? [null, targets[0]] : targets;
  if (newer === undefined || older === undefined || targets.length > 2)
    throw new CoregramError(
      "usage",
      "diagnose takes a core, or two, the older first: coregram diagnose [OLD] CORE",
    );
  const before = older === null ? null : await readBefore(older, options, listener);
  const input = older === null ? null : inputOf(older);
  if (newer instanceof Summary) {
    const frame = diagnoseSummary(newer, input && before && { input, before });
    return { ...frame, rows: frame.rows.slice(0, options.limit ?? DEFAULT_FINDINGS) };
  }
  return withHeap(newer, { ...options, arenas: true }, listener, async (heap, totals, contents) => {
    const core = requireElfCore(contents);
    const lines = await linesIfTraced(heap, core, rootOf(options), newer.name, listener);
    const occurrences = occurrencesIn(contents, options, listener);
    return diagnoseFrame(
      { newer, older: input, before, lines },
      heap,
      totals,
      contents,
      occurrences,
      options,
    );
  });
}

/** The targets that are told of, and what was read of the older one; null where there is none. */
export interface Diagnosed {
  readonly newer: Target;
  readonly older: SubjectInput | null;
  readonly before: HeapBefore | null;
  /** Which lines allocated what is held in the newer one; null where that is not known. */
  readonly lines: AllocationLines | null;
}

/** The same of a heap that was read, with its arenas. */
export async function diagnoseFrame(
  { newer, older, before, lines }: Diagnosed,
  heap: Heap,
  { runtime, balance, savedBytes, notSavedBytes }: OwnersTotals,
  contents: TargetContents,
  occurrences: Occurrences,
  options: Pick<DiagnoseOptions, "limit">,
): Promise<Frame<"coregram/diagnose@1">> {
  const owners = chooseOwners(heap.graph, heap.tree, leastOwner(heap.tree));
  const parts = memoryParts(heap, owners);
  const grew = before === null ? null : parts.memory - before.memory;
  const found = await findFindings({
    ...{ heap, owners, parts, grew, before: before?.owners ?? null, core: newer.name },
    groups: groupOwners(heap, owners),
    next: new NextCommands(heap, newer.name),
    occurrences,
    lines,
  });
  const { pid, commandLine } = readProcess(requireElfCore(contents));
  const totals = {
    ...{ savedBytes, notSavedBytes, runtime },
    ...{ command: commandLine, pid, ...bytesOf(parts) },
    unheldBytes: heap.native.unheldBytes,
    ...{ unknownBytes: balance.unknown, grewBytes: grew },
    ...{ collector: collectorTotals(heap), ...occupancyOf(heap), balance },
  };
  return {
    schema: "coregram/diagnose@1",
    input: { new: inputOf(newer), old: older },
    totals,
    rows: found.slice(0, options.limit ?? DEFAULT_FINDINGS),
  };
}

async function readBefore(
  target: Compared,
  options: DiagnoseOptions,
  listener: Listener,
): Promise<HeapBefore> {
  if (target instanceof Summary) return beforeOfSummary(target);
  return withHeap(target, options, listener, (heap) => heapBefore(heap));
}

/**
 * What owners have in a core, for later ones to be compared with.
 * @param owners all of them unless told: what is large now may have been small then
 */
export function heapBefore(heap: Heap, owners = chooseOwners(heap.graph, heap.tree, 0)): HeapBefore {
  const amounts = new Map(ownersBefore(ownerAmounts(heap, owners)));
  for (const group of unnamedOwners(heap, Number.POSITIVE_INFINITY))
    amounts.set(unnamedKey(heap, group), { bytes: group.bytes + group.blockBytes, items: group.heads });
  const { garbage, garbageBlockBytes } = owners;
  amounts.set(GARBAGE, { bytes: garbage.bytes + garbageBlockBytes, items: garbage.count });
  amounts.set(UNHELD, { bytes: heap.native.unheldBytes, items: null });
  amounts.set(STACKS, { bytes: stackBytes(heap.found), items: null });
  return { memory: memoryParts(heap, owners).memory, owners: amounts };
}

function bytesOf({ memory, live, native, garbage, free, other, returnable }: MemoryParts) {
  return {
    memoryBytes: memory,
    liveBytes: live,
    nativeBytes: native,
    garbageBytes: garbage,
    freeBytes: free,
    otherBytes: other,
    returnableBytes: returnable,
  };
}
