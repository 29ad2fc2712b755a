import type { OwnerRow, OwnersTotals } from "../answers/results/index.ts";
import { formatBytes, formatCount, formatNames } from "../terms/index.ts";
import { splitPath } from "./split-path.ts";
import type { FoldedStack, PathGraph } from "./view.ts";

/** What each owner keeps for itself, in bytes: the steps of its path, then the types. With the rest, all there is. */
export function* ownerStacks(rows: Iterable<OwnerRow>, totals: OwnersTotals): Generator<FoldedStack> {
  for (const { path, holders, holds, bytes, nativeBytes } of rows) {
    const frames =
      path === null ? [`held by ${formatNames(holders ?? [])}`] : splitPath(path).map(withoutDot);
    const named = holds.reduce((sum, held) => sum + held.bytes, 0);
    for (const held of holds) yield { frames: [...frames, held.type], weight: held.bytes };
    yield { frames: [...frames, OTHER_TYPES], weight: bytes + nativeBytes - named };
  }
  yield { frames: [NO_ROW], weight: totals.restBytes + totals.restNativeBytes };
}

function withoutDot(step: string): string {
  return step.startsWith(".") && step.length > 1 ? step.slice(1) : step;
}

const OTHER_TYPES = "(other types)";
const NO_ROW = "(in no row)";

/** An object, what it cannot be reached without, the nearest first, and what refers to it. */
export function referrerGraph(rows: readonly OwnerRow[]): PathGraph {
  const nodes: string[][] = [];
  const edges: { from: number; to: number; label: string; isGuess: boolean }[] = [];
  const byAddress = new Map<string, number>();
  for (const { path, type, address, retainedBytes } of rows) {
    const number = nodes.push([path ?? "?", type ?? "?", `retains ${formatBytes(retainedBytes)}`]) - 1;
    if (number > 0) edges.push({ from: number, to: number - 1, label: "keeps alive", isGuess: false });
    if (address !== null) byAddress.set(address, number);
  }
  for (const { path, type, address, count, conservative } of rows[0]?.referrers ?? []) {
    const known = address === null ? undefined : byAddress.get(address);
    const from = known ?? nodes.push([path, type ?? "a word"]) - 1;
    const label = count === 1 ? "refers to" : `${formatCount(count)} references`;
    // What keeps it alive by the only reference to it has an arrow already.
    const only = edges.find((edge) => edge.from === from && edge.to === 0);
    if (only === undefined) edges.push({ from, to: 0, label, isGuess: conservative });
    else only.label = `${only.label}, ${label}`;
  }
  return { nodes, edges };
}
