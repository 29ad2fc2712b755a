import { Role } from "../terms/index.ts";
import type { Graph } from "./graph.ts";
import type { RetainedTree } from "./retained.ts";

/** Names further from the root than this say little, and a linked list has one for each of its nodes. */
export const MOST_NAMES = 12;

/** Where a layer of the tree starts and ends, by position. */
export interface LayerRange {
  readonly start: number;
  readonly end: number;
}

/** The layers of all root kinds, in their order; garbage is none. */
export function layerRanges({ nodes, kinds, positions, spans }: RetainedTree): LayerRange[] {
  return Array.from({ length: kinds }, (_, kind) => {
    const start = positions[nodes + 1 + kind] ?? 0;
    return { start, end: start + (spans[start] ?? 0) };
  });
}

/**
 * Which nodes have a name in the source: those that a root reaches by variables and attributes alone, through no
 * container. Of each, how many names that takes, 1 for a root; 0 where there is no such way. A byte a node.
 */
export function measureNames(graph: Graph, tree: RetainedTree, layers: readonly LayerRange[]): Uint8Array {
  const { roles, edges, roots } = graph;
  const { positions } = tree;
  const levels = new Uint8Array(graph.nodes);
  layers.forEach(({ start, end }, kind) => {
    // A word on a stack gives no name to what a module holds: edges and roots count within their layer.
    const isHere = (node: number) => {
      const position = positions[node] ?? 0;
      return levels[node] === 0 && position > start && position < end;
    };
    let level: number[] = [];
    roots.nodes.forEach((node, i) => {
      if (roots.kinds[i] !== kind || !isHere(node)) return;
      levels[node] = 1;
      level.push(node);
    });
    for (let names = 1; names < MOST_NAMES && level.length > 0; ++names) {
      const next: number[] = [];
      for (let node = level.pop(); node !== undefined; node = level.pop()) {
        if (roles[node] === Role.items) continue;
        const last = edges.firsts[node + 1] ?? 0;
        for (let i = edges.firsts[node] ?? 0; i < last; ++i) {
          const part = edges.ends[i] ?? 0;
          if (!isHere(part)) continue;
          // What has no name of its own is at its holder's level.
          const isPart = roles[part] === Role.part;
          levels[part] = isPart ? names : names + 1;
          (isPart ? level : next).push(part);
        }
      }
      level = next;
    }
  });
  return levels;
}
