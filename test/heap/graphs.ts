import fc from "fast-check";
import { buildGraph, findDominators, type Graph, type RetainedTree, retain } from "../../src/heap/index.ts";
import { Role } from "../../src/terms/index.ts";

export interface Drawing {
  readonly nodes: number;
  readonly edges: readonly (readonly [number, number])[];
  readonly roots: readonly (readonly [node: number, kind: number])[];
  /** 16 bytes each where not given. */
  readonly sizes?: readonly number[];
  /** All 0 where not given. */
  readonly types?: readonly number[];
  /** All `items` where not given. */
  readonly roles?: readonly number[];
}

export function graphOf(drawing: Drawing): Graph {
  const { nodes, edges, roots } = drawing;
  const types = Uint32Array.from(drawing.types ?? new Array(nodes).fill(0));
  return buildGraph(
    {
      sizes: Uint32Array.from(drawing.sizes ?? new Array(nodes).fill(16)),
      types,
      typeCount: types.reduce((most, type) => Math.max(most, type + 1), 0),
      roles: Uint8Array.from(drawing.roles ?? new Array(nodes).fill(Role.items)),
    },
    {
      nodes: Uint32Array.from(roots, ([node]) => node),
      kinds: Uint8Array.from(roots, ([, kind]) => kind),
      kindCount: 3,
    },
    [Uint32Array.from(edges.flat())],
  );
}

export function treeOf(graph: Graph): RetainedTree {
  return retain(graph, findDominators(graph));
}

/** Multigraphs with self loops, several roots of up to three kinds, and parts that no root reaches. */
export const drawings: fc.Arbitrary<Drawing> = fc.integer({ min: 1, max: 24 }).chain((nodes) => {
  const node = fc.nat({ max: nodes - 1 });
  return fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(fc.tuple(node, node), { maxLength: 3 * nodes }),
    roots: fc.array(fc.tuple(node, fc.nat({ max: 2 })), { maxLength: 4 }),
    sizes: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: nodes, maxLength: nodes }),
  });
});

/** The layer of each node: the first root kind that reaches it; null for garbage. */
export function naiveLayers(drawing: Drawing): (number | null)[] {
  const layers: (number | null)[] = new Array(drawing.nodes).fill(null);
  for (const kind of [0, 1, 2]) {
    const todo = drawing.roots.filter((root) => root[1] === kind).map(([node]) => node);
    for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
      if (layers[node] !== null) continue;
      layers[node] = kind;
      for (const [from, to] of drawing.edges) if (from === node) todo.push(to);
    }
  }
  return layers;
}

/** Nodes that the starts reach without the one left out, over edges between nodes of one layer. */
export function naiveReach(
  drawing: Drawing,
  layers: readonly (number | null)[],
  starts: readonly number[],
  without: number | null,
): Set<number> {
  const reached = new Set<number>();
  const todo = [...starts];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node === without || reached.has(node)) continue;
    reached.add(node);
    for (const [from, to] of drawing.edges) if (from === node && layers[from] === layers[to]) todo.push(to);
  }
  return reached;
}
