import type { Graph } from "./graph.ts";

/**
 * Nodes in the order in which a depth-first search first met them, layer by layer.
 * Above the graph's n nodes stand made ones: node n, the top; n + 1 + k, the layer of root kind k; the last, garbage.
 * A layer holds what its roots reach and earlier layers do not; the garbage layer all that no root reaches.
 */
export interface Numbering {
  /** Node of each number: the top has 0, and a layer's node comes right before what the layer holds. */
  readonly nodes: Uint32Array;
  /** Number of each node. */
  readonly numbers: Uint32Array;
  /** By number, FIELDS numbers of each; the search has set ANCESTOR to its parent in the tree. */
  readonly forest: Uint32Array;
  /** Numbers of the layers' nodes, ascending; the last is garbage. */
  readonly layers: Uint32Array;
  /** Nodes that stand for roots of garbage: one a group that nothing outside it points to, the least of its cycle. */
  readonly garbageRoots: Uint32Array;
}

// What is looked up together stands together: the time goes into cache misses. Of each number:
export const FIELDS = 4;
/** The parent, until the way up was compressed. */
export const ANCESTOR = 0;
/** The number with the least semidominator on the compressed way up. */
export const LABEL = 1;
/** That least semidominator; before that is sought, the edge that the search follows next. */
export const LEAST = 2;
/** The number's own semidominator; the number itself until that was found. */
export const SEMI = 3;

/** O(nodes + edges), no recursion: the way back is the tree itself. 24 bytes a node, most of them for what comes next. */
export function numberNodes(graph: Graph): Numbering {
  const kinds = graph.roots.kindCount;
  // One more for garbage and one for the top.
  const count = graph.nodes + kinds + 2;
  const found: Search = {
    nodes: new Uint32Array(count),
    numbers: new Uint32Array(count),
    forest: new Uint32Array(count * FIELDS),
  };
  const layers = new Uint32Array(kinds + 1);
  found.nodes[0] = graph.nodes;
  let next = 1;
  for (let kind = 0; kind < kinds; ++kind) {
    const layer = next;
    layers[kind] = layer;
    next = made(found, graph.nodes + 1 + kind, next);
    for (let i = 0; i < graph.roots.nodes.length; ++i)
      if (graph.roots.kinds[i] === kind) next = search(graph, found, graph.roots.nodes[i] ?? 0, layer, next);
  }
  const layer = next;
  layers[kinds] = layer;
  next = made(found, graph.nodes + 1 + kinds, next);
  const starts = coverRest(graph, found, count - next);
  // A start that none of the later starts reaches is reached by nothing outside its own cycle: had something else
  // reached it, that would have been found from an earlier start, and this one with it, or from a later one.
  let kept = starts.length;
  for (let i = starts.length - 1; i >= 0; --i) {
    const start = starts[i] ?? 0;
    if (found.numbers[start] === 0) starts[--kept] = start;
    next = search(graph, found, start, layer, next);
  }
  return {
    nodes: found.nodes,
    numbers: found.numbers,
    forest: found.forest,
    layers,
    garbageRoots: starts.slice(kept),
  };
}

interface Search {
  readonly nodes: Uint32Array;
  /** 0 for a node that was not met: that number is the top's. */
  readonly numbers: Uint32Array;
  readonly forest: Uint32Array;
}

function made(found: Search, node: number, next: number): number {
  found.nodes[next] = node;
  found.numbers[node] = next;
  plant(found.forest, next, 0, 0);
  return next + 1;
}

function plant(forest: Uint32Array, number: number, parent: number, cursor: number): void {
  const field = number * FIELDS;
  forest[field + ANCESTOR] = parent;
  forest[field + LABEL] = number;
  forest[field + LEAST] = cursor;
  forest[field + SEMI] = number;
}

// Numbers what can be reached from a root and has no number yet; returns the next free number.
function search(graph: Graph, found: Search, root: number, layer: number, first: number): number {
  const { firsts, ends } = graph.edges;
  const { nodes, numbers, forest } = found;
  if (numbers[root] !== 0) return first;
  let next = first;
  let at = next++;
  numbers[root] = at;
  nodes[at] = root;
  plant(forest, at, layer, firsts[root] ?? 0);
  while (at !== layer) {
    const end = firsts[(nodes[at] ?? 0) + 1] ?? 0;
    let cursor = forest[at * FIELDS + LEAST] ?? 0;
    let met = 0;
    while (cursor < end) {
      const target = ends[cursor++] ?? 0;
      if (numbers[target] !== 0) continue;
      met = next++;
      numbers[target] = met;
      nodes[met] = target;
      const start = firsts[target] ?? 0;
      plant(forest, met, at, start);
      // Most objects point to nothing: no need to go there and back.
      if (start !== firsts[target + 1]) break;
      met = 0;
    }
    forest[at * FIELDS + LEAST] = cursor;
    at = met === 0 ? (forest[at * FIELDS + ANCESTOR] ?? 0) : met;
  }
  return next;
}

const SEEN = 0xffff_ffff;

// Nodes, ascending, from each of which everything is searched that has no number and was not seen before;
// together they reach all that has no number. Numbers are as they were afterwards.
function coverRest(graph: Graph, found: Search, rest: number): Uint32Array {
  if (rest === 0) return new Uint32Array(0);
  const { firsts, ends } = graph.edges;
  const { numbers } = found;
  // A node is on the stack at most once, and not after it was taken for a start.
  const stack = new Uint32Array(rest);
  const starts = new Uint32Array(rest);
  let startCount = 0;
  for (let start = 0; start < graph.nodes; ++start) {
    if (numbers[start] !== 0) continue;
    starts[startCount++] = start;
    numbers[start] = SEEN;
    let height = 0;
    stack[height++] = start;
    while (height > 0) {
      const node = stack[--height] ?? 0;
      const end = firsts[node + 1] ?? 0;
      for (let i = firsts[node] ?? 0; i < end; ++i) {
        const target = ends[i] ?? 0;
        if (numbers[target] !== 0) continue;
        numbers[target] = SEEN;
        stack[height++] = target;
      }
    }
  }
  for (let node = 0; node < graph.nodes; ++node) if (numbers[node] === SEEN) numbers[node] = 0;
  return starts.subarray(0, startCount);
}
