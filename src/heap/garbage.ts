import type { Graph } from "./graph.ts";
import { type Counts, ranked, type TypeShare } from "./holds.ts";
import type { RetainedTree } from "./retained.ts";

/** Of what a cycle holds, so many objects are looked at for one that tells what it is, and so many of what points to each. */
const MOST_LOOKED_AT = 32;

/**
 * Garbage by what it is of: groups of objects that nothing outside points to, each as one of the objects in its cycle, with the
 * bytes of all that goes with it. Most bytes first, then most, then by type.
 * @param rankOf how much an object tells of what it is in; of equals the first that was found does
 */
export function garbageCycles(
  graph: Graph,
  tree: RetainedTree,
  rankOf: (node: number) => number,
): TypeShare[] {
  const { positions, bytes, garbageRoots } = tree;
  const shares: Counts = new Map();
  for (const root of garbageRoots) {
    let [told, best] = [root, rankOf(root)];
    for (const node of cycleOf(graph, tree, root)) {
      const rank = rankOf(node);
      if (rank > best) [told, best] = [node, rank];
    }
    const type = graph.types[told] ?? 0;
    const share = shares.get(type) ?? { count: 0, bytes: 0 };
    share.count += 1;
    share.bytes += bytes[positions[root] ?? 0] ?? 0;
    shares.set(type, share);
  }
  return ranked(shares);
}

/** Objects that lead to one which leads to them, itself included: the first few. */
function cycleOf({ reverse }: Graph, { positions, spans, objects }: RetainedTree, root: number): number[] {
  const start = positions[root] ?? 0;
  const end = start + (spans[start] ?? 0);
  const found = [root];
  const seen = new Set(found);
  for (let next = 0; next < found.length; next += 1) {
    const node = found[next] ?? 0;
    const first = reverse.firsts[node] ?? 0;
    for (const holder of reverse.ends.subarray(
      first,
      Math.min(reverse.firsts[node + 1] ?? 0, first + MOST_LOOKED_AT),
    )) {
      const position = positions[holder] ?? 0;
      if (holder >= objects || position < start || position >= end || seen.has(holder)) continue;
      if (found.length >= MOST_LOOKED_AT) return found;
      seen.add(holder);
      found.push(holder);
    }
  }
  return found;
}
