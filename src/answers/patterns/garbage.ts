import { GARBAGE, garbageCycles, garbagePosition, type TypeShare } from "../../heap/index.ts";
import type { Collector } from "../../runtimes/index.ts";
import { formatBytes, formatCount, formatNames, Role } from "../../terms/index.ts";
import type { Heap } from "../read-heap.ts";
import type { CollectorTotals, Finding } from "../results/index.ts";
import { coreWord } from "../subject.ts";
import { NOT_TOLD, type PatternInput } from "./pattern.ts";

/** Garbage of a smaller share of the memory is what every process has until the collector comes by. */
const LEAST_SHARE = 0.1;
const MOST_TYPES = 3;
/** The collector looks at all objects once those that wait are more than this part of those that it left the last time. */
const FULL_PART = 4;

/** Objects in cycles that nothing holds: of what types, and why the collector left them. */
export function* garbagePattern({ heap, owners, parts, core }: PatternInput): Generator<Finding> {
  const bytes = owners.garbage.bytes + owners.garbageBlockBytes;
  if (bytes < LEAST_SHARE * parts.memory) return;
  const { count } = owners.garbage;
  const cycles = cyclesOf(heap);
  yield {
    ...NOT_TOLD,
    kind: "garbage",
    verdict: "leak",
    path: GARBAGE,
    type: garbageType(heap, cycles),
    length: count,
    bytes,
    why: `${formatCount(count)} objects in cycles that nothing holds, ${describeCycles(heap, cycles, owners.garbage)}`,
    next: `coregram owners ${coreWord(core)} --holds 5`,
  };
}

/** `20,000 of app.Node: the collector is off (gc.disable())`. */
export function describeGarbage(heap: Heap, garbage: { readonly count: number }): string {
  return describeCycles(heap, cyclesOf(heap), garbage);
}

function describeCycles(
  heap: Heap,
  cycles: readonly TypeShare[],
  garbage: { readonly count: number },
): string {
  const named = cycles
    .slice(0, MOST_TYPES)
    .map(({ type, count }) => `${formatCount(count)} of ${heap.found.types[type]?.name ?? "?"}`);
  const others = cycles.length - named.length;
  const types = formatNames([...named, ...(others > 0 ? [`${formatCount(others)} more types`] : [])]);
  return `${types}: ${whyLeft(heap, garbage)}`;
}

/** The collector's state as a result has it. */
export function collectorTotals(heap: Heap): CollectorTotals | null {
  const { collector } = heap.references;
  if (collector === null) return null;
  const { frozen: _, longLived, ...state } = collector;
  const { count, bytes, garbageCount } = frozenObjects(heap, collector);
  return {
    ...state,
    longLivedCount: longLived?.total ?? null,
    pendingCount: longLived?.pending ?? null,
    frozenCount: count,
    frozenBytes: bytes,
    frozenGarbageCount: garbageCount,
  };
}

// Of all its cycles; null where these are of several.
function garbageType({ found }: Heap, [first, second]: readonly TypeShare[]): string | null {
  return first === undefined || second !== undefined ? null : (found.types[first.type]?.name ?? null);
}

function cyclesOf({ graph, tree, labels }: Heap): TypeShare[] {
  // What a program calls its own tells more than what it is made of.
  const rankOf = (node: number) =>
    !labels.typeName(node).startsWith("builtins.") ? 2 : graph.roles[node] === Role.scope ? 1 : 0;
  return garbageCycles(graph, tree, rankOf);
}

function whyLeft(heap: Heap, garbage: { readonly count: number }): string {
  const { collector } = heap.references;
  if (collector === null) return "the collector is off or behind, or an object in them cannot be collected";
  if (!collector.isEnabled) return "the collector is off (gc.disable())";
  if (collector.threshold === 0) return "the collector is off (gc.set_threshold(0))";
  const frozen = frozenObjects(heap, collector);
  if (2 * frozen.garbageCount >= garbage.count)
    return `gc.freeze() keeps ${formatCount(frozen.garbageCount)} of them from the collector, of ${formatCount(frozen.count)} objects in all (${formatBytes(frozen.bytes)})`;
  if (collector.isRunning) return "the collector runs just now";
  if (collector.isIncremental)
    return "the collector is behind, as that of CPython 3.14.0 to 3.14.4 is known for; later ones have the older one again";
  const { longLived } = collector;
  if (longLived !== null && FULL_PART * longLived.pending < longLived.total)
    return `the collector is behind: it looks at old objects once ${formatCount(Math.ceil(longLived.total / FULL_PART))} wait, and ${formatCount(longLived.pending)} do`;
  return "the collector is on, and behind, or an object in them cannot be collected";
}

function frozenObjects({ graph, tree }: Heap, { frozen }: Collector) {
  const start = garbagePosition(tree);
  let [count, bytes, garbageCount] = [0, 0, 0];
  for (const node of frozen()) {
    count += 1;
    bytes += graph.sizes[node] ?? 0;
    // Garbage is the last in the tree.
    if ((tree.positions[node] ?? 0) > start) garbageCount += 1;
  }
  return { count, bytes, garbageCount };
}
