import type { Graph } from "./graph.ts";

/**
 * How many edges a node is away from its nearest root, plus its layer's offset. Layers as in `Numbering`: a root kind
 * claims what no earlier kind reaches; the offsets are such that an edge leads one further only within a layer.
 * 4 bytes a node.
 */
export interface Distances {
  readonly distances: Uint32Array;
  /** Offset of each root kind, then of garbage. */
  readonly offsets: readonly number[];
}

/** Breadth-first from all roots of a kind at once, kind by kind. O(nodes + edges), 4 more bytes a node meanwhile. */
export function measureDistances(graph: Graph, garbageRoots: Uint32Array): Distances {
  const kinds = graph.roots.kindCount;
  const distances = new Uint32Array(graph.nodes);
  const queue = new Uint32Array(graph.nodes);
  const offsets: number[] = [];
  let offset = 1;
  let done = 0;
  for (let kind = 0; kind <= kinds; ++kind) {
    offsets.push(offset);
    let end = done;
    const start = (node: number) => {
      if (distances[node] !== 0) return;
      distances[node] = offset;
      queue[end++] = node;
    };
    if (kind === kinds) garbageRoots.forEach(start);
    else
      graph.roots.nodes.forEach((node, i) => {
        if (graph.roots.kinds[i] === kind) start(node);
      });
    done = spread(graph, distances, queue, done, end);
    // Never one more than a distance in an earlier layer.
    offset = done === 0 ? offset : Math.max(offset, (distances[queue[done - 1] ?? 0] ?? 0) + 2);
  }
  return { distances, offsets };
}

// What can be reached from the part of the queue from start to end; returns where the queue ends then.
function spread(
  graph: Graph,
  distances: Uint32Array,
  queue: Uint32Array,
  start: number,
  end: number,
): number {
  const { firsts, ends } = graph.edges;
  let last = end;
  for (let i = start; i < last; ++i) {
    const node = queue[i] ?? 0;
    const distance = (distances[node] ?? 0) + 1;
    const rowEnd = firsts[node + 1] ?? 0;
    for (let edge = firsts[node] ?? 0; edge < rowEnd; ++edge) {
      const target = ends[edge] ?? 0;
      if (distances[target] !== 0) continue;
      distances[target] = distance;
      queue[last++] = target;
    }
  }
  return last;
}
