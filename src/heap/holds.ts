import type { Graph } from "./graph.ts";
import type { Owner, Owners } from "./owners.ts";
import { garbagePosition, type RetainedTree } from "./retained.ts";

/** Objects of one type. */
export interface TypeShare {
  readonly type: number;
  readonly count: number;
  readonly bytes: number;
}

/**
 * What owners keep for themselves, by type: sums to their `bytes` and `count`. Most bytes first, then most objects, then
 * by type. What owners in it have is left out, so that all owners together are one pass over the heap.
 * @param kept some of them
 * @param owners the answer they stand in
 */
export function holdsOf(
  graph: Graph,
  tree: RetainedTree,
  kept: readonly Owner[],
  owners: Owners,
): TypeShare[] {
  const counts: Counts = new Map();
  for (const { set, isSet, node } of kept)
    if (isSet && set !== null)
      for (const start of owners.shared.headsOf(set)) addShares(graph, tree, start, NONE, counts);
    else addShares(graph, tree, tree.positions[node] ?? 0, owners.starts, counts);
  return ranked(counts);
}

/** What no root reaches, by type. */
export function garbageHolds(graph: Graph, tree: RetainedTree): TypeShare[] {
  const counts: Counts = new Map();
  addShares(graph, tree, garbagePosition(tree), NONE, counts);
  return ranked(counts);
}

/** Amounts by type. */
export type Counts = Map<number, { count: number; bytes: number }>;

const NONE = new Uint32Array(0);

// Of what is below a position, itself included, less the subtrees at `others`, ascending, that lie between.
function addShares(
  graph: Graph,
  tree: RetainedTree,
  start: number,
  others: Uint32Array,
  counts: Counts,
): void {
  const end = start + (tree.spans[start] ?? 0);
  let next = firstAfter(others, start);
  // Neighbours are often of one type.
  let last = -1;
  let share = { count: 0, bytes: 0 };
  // A layer is no object.
  for (let position = (tree.order[start] ?? 0) < tree.nodes ? start : start + 1; position < end; ) {
    while ((others[next] ?? end) < position) ++next;
    if (others[next] === position) {
      position += tree.spans[position] ?? 1;
      continue;
    }
    const node = tree.order[position] ?? 0;
    const type = graph.types[node] ?? 0;
    if (type !== last) {
      last = type;
      share = counts.get(type) ?? { count: 0, bytes: 0 };
      counts.set(type, share);
    }
    ++share.count;
    share.bytes += graph.sizes[node] ?? 0;
    ++position;
  }
}

/** Most bytes first, then most objects, then by type. */
export function ranked(counts: Counts): TypeShare[] {
  return [...counts]
    .map(([type, share]) => ({ type, ...share }))
    .sort((a, b) => b.bytes - a.bytes || b.count - a.count || a.type - b.type);
}

function firstAfter(sorted: Uint32Array, position: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
