import { partitionPoint } from "../terms/index.ts";
import type { Dominators } from "./dominators.ts";
import type { Graph } from "./graph.ts";

/**
 * The dominator tree in preorder: what a node at `position` holds, itself included, is at the positions from there
 * up to, not including, position + spans[position]. 24 bytes a node.
 * Its nodes are the graph's n and the made ones: n, the top; n + 1 + k, what root kind k holds; the last, garbage.
 */
export interface RetainedTree {
  /** Nodes of the graph. */
  readonly nodes: number;
  /** Root kinds; kind number `kinds` is garbage. */
  readonly kinds: number;
  /** Node at each position. */
  readonly order: Uint32Array;
  /** Position of each node, the made ones included. */
  readonly positions: Uint32Array;
  /** Position of the immediate dominator, by position. */
  readonly parents: Uint32Array;
  /** Positions of the subtree, by position. */
  readonly spans: Uint32Array;
  /** Bytes that the subtree's nodes take, blocks among them, by position. */
  readonly bytes: Float64Array;
  /** How many of the nodes are objects. */
  readonly objects: number;
  /** Positions of the others, ascending, and the bytes of those before each; one more entry holds all. */
  readonly blockPositions: Uint32Array;
  readonly blockBytes: Float64Array;
  /** Least node of each group of nodes that nothing outside it points to, ascending. */
  readonly garbageRoots: Uint32Array;
}

/** Bytes and objects. */
export interface Retained {
  readonly bytes: number;
  readonly count: number;
}

/** Sums sizes up the dominator tree. O(nodes). It takes what `found` has to spare: 4 more bytes a node. */
export function retain(graph: Graph, found: Dominators): RetainedTree {
  const { dominators, nodes: nodeOf, spare } = found;
  const total = nodeOf.length;
  const sizes = graph.sizes;
  // A dominator has the lesser number, so one sweep down and one up reach each after what it depends on.
  const [positions, counts, free] = spare.single;
  counts.fill(1);
  for (let w = total - 1; w > 0; --w) {
    const dominator = dominators[w] ?? 0;
    counts[dominator] = (counts[dominator] ?? 0) + (counts[w] ?? 0);
  }
  const order = spare.forest.subarray(0, total);
  const parents = spare.forest.subarray(total, 2 * total);
  const bytes = new Float64Array(spare.forest.buffer, 2 * total * Uint32Array.BYTES_PER_ELEMENT, total);
  const spans = new Uint32Array(total);
  // By number, `free` is where the next child goes.
  free[0] = 1;
  order[0] = nodeOf[0] ?? 0;
  parents[0] = 0;
  positions[graph.nodes] = 0;
  spans[0] = total;
  for (let w = 1; w < total; ++w) {
    const dominator = dominators[w] ?? 0;
    const position = free[dominator] ?? 0;
    const span = counts[w] ?? 0;
    const node = nodeOf[w] ?? 0;
    free[dominator] = position + span;
    free[w] = position + 1;
    order[position] = node;
    positions[node] = position;
    spans[position] = span;
    parents[position] = positions[nodeOf[dominator] ?? 0] ?? 0;
  }
  for (let position = 0; position < total; ++position) {
    const node = order[position] ?? 0;
    bytes[position] = node < graph.nodes ? (sizes[node] ?? 0) : 0;
  }
  for (let position = total - 1; position > 0; --position) {
    const parent = parents[position] ?? 0;
    bytes[parent] = (bytes[parent] ?? 0) + (bytes[position] ?? 0);
  }
  const blockPositions = positions.slice(graph.objects, graph.nodes).sort();
  const blockBytes = new Float64Array(blockPositions.length + 1);
  blockPositions.forEach((position, i) => {
    blockBytes[i + 1] = (blockBytes[i] ?? 0) + (sizes[order[position] ?? 0] ?? 0);
  });
  return {
    nodes: graph.nodes,
    objects: graph.objects,
    blockPositions,
    blockBytes,
    kinds: found.layerCount - 1,
    order,
    positions,
    parents,
    spans,
    bytes,
    garbageRoots: found.garbageRoots,
  };
}

/** What a node holds, itself included: what would go with it. */
export function retainedBy(tree: RetainedTree, node: number): Retained {
  const position = tree.positions[node] ?? 0;
  const span = tree.spans[position] ?? 0;
  // Only the top and the layers are made nodes, and the layers are the top's children.
  const made = node === tree.nodes ? tree.kinds + 2 : node > tree.nodes ? 1 : 0;
  const blocks = blocksIn(tree, position);
  return { bytes: (tree.bytes[position] ?? 0) - blocks.bytes, count: span - made - blocks.count };
}

/** The blocks that a node holds, which are no objects, itself included. */
export function blocksHeldBy(tree: RetainedTree, node: number): Retained {
  return blocksIn(tree, tree.positions[node] ?? 0);
}

/** The blocks in the subtree at a position. */
export function blocksIn(tree: RetainedTree, position: number): Retained {
  const { blockPositions: positions, blockBytes: bytes } = tree;
  const firstFrom = (at: number) =>
    partitionPoint(0, positions.length, (index) => (positions[index] ?? 0) < at);
  const first = firstFrom(position);
  const end = firstFrom(position + (tree.spans[position] ?? 0));
  return { bytes: (bytes[end] ?? 0) - (bytes[first] ?? 0), count: end - first };
}

/** Where garbage begins in the tree, and nothing else comes behind it. */
export function garbagePosition({ positions, nodes, kinds }: RetainedTree): number {
  return positions[nodes + 1 + kinds] ?? 0;
}

/** What each root kind holds, in order, and garbage last: sums to all bytes and objects. */
export function retainedByKind(tree: RetainedTree): Retained[] {
  return Array.from({ length: tree.kinds + 1 }, (_, kind) => retainedBy(tree, tree.nodes + 1 + kind));
}

/** The node without which this one would be held by nothing; null where no single one is. */
export function dominatorOf(tree: RetainedTree, node: number): number | null {
  const above = tree.order[tree.parents[tree.positions[node] ?? 0] ?? 0] ?? tree.nodes;
  return above < tree.nodes ? above : null;
}

/**
 * Nodes that the node immediately dominates, those that hold most first, then by node.
 * @param most of them
 */
export function heldBy(tree: RetainedTree, node: number, most: number): number[] {
  const { order, spans, bytes, positions } = tree;
  const start = positions[node] ?? 0;
  const end = start + (spans[start] ?? 0);
  const before = (a: number, b: number) =>
    (bytes[b] ?? 0) - (bytes[a] ?? 0) || (order[a] ?? 0) - (order[b] ?? 0);
  let found: number[] = [];
  // A star has as many children as the heap has objects: cut back to the best whenever twice as many are there.
  for (let child = start + 1; child < end; child += spans[child] ?? 1) {
    found.push(child);
    if (found.length >= 2 * most + 1024) found = found.sort(before).slice(0, most);
  }
  return found
    .sort(before)
    .slice(0, most)
    .map((position) => order[position] ?? 0);
}
