import { CoregramError } from "../terms/index.ts";

/** Edges grouped by node, in compressed sparse rows: node v has ends[firsts[v]] up to, not including, ends[firsts[v + 1]]. */
export interface Edges {
  /** n + 1 offsets into `ends`; the last is the number of edges. */
  readonly firsts: Uint32Array;
  /** Nodes at the other end. */
  readonly ends: Uint32Array;
}

/** Offsets are 32 bits wide. */
const MOST_EDGES = 2 ** 32 - 1;

/**
 * Groups edges by source with a counting sort: O(nodes + edges), 4 bytes a node and 4 an edge beside the chunks.
 * Edges of a source keep the order they came in. Parallel edges and self loops stay.
 * @param chunks pairs (from, to), one after the other; the list is emptied, so that a chunk can go once it was read
 * @throws CoregramError `format` where an edge names a node that is not there, `limit` for 2^32 edges or more
 */
export function groupEdges(nodes: number, chunks: Uint32Array[]): Edges {
  const firsts = new Uint32Array(nodes + 1);
  let edges = 0;
  for (const chunk of chunks) {
    if (chunk.length % 2 !== 0)
      throw new CoregramError("format", `edges: ${chunk.length} numbers are not pairs`);
    edges += chunk.length / 2;
    if (edges > MOST_EDGES) throw new CoregramError("limit", `edges: ${edges} are more than ${MOST_EDGES}`);
    countSources(chunk, nodes, firsts);
  }
  const ends = new Uint32Array(edges);
  sumUp(firsts);
  // Backwards from each row's end: the offsets end up as the rows' starts, with no second array of cursors.
  for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) scatter(chunk, firsts, ends);
  return { firsts, ends };
}

/** The same edges by target: row v has the sources of the edges into v, ascending. */
export function reverseEdges(edges: Edges): Edges {
  const nodes = edges.firsts.length - 1;
  const firsts = new Uint32Array(nodes + 1);
  const ends = new Uint32Array(edges.ends.length);
  countEnds(edges.ends, firsts);
  sumUp(firsts);
  scatterSources(edges, firsts, ends);
  return { firsts, ends };
}

// Each loop is a function of its own: V8 compiles the loops best that see few variables.

function countSources(chunk: Uint32Array, nodes: number, firsts: Uint32Array): void {
  for (let i = 0; i < chunk.length; i += 2) {
    const from = chunk[i] ?? 0;
    const to = chunk[i + 1] ?? 0;
    if (from >= nodes || to >= nodes)
      throw new CoregramError("format", `edge ${from} to ${to} leaves the ${nodes} nodes`);
    firsts[from] = (firsts[from] ?? 0) + 1;
  }
}

function countEnds(ends: Uint32Array, firsts: Uint32Array): void {
  for (let i = 0; i < ends.length; ++i) {
    const end = ends[i] ?? 0;
    firsts[end] = (firsts[end] ?? 0) + 1;
  }
}

// From counts to the offsets of the rows' ends.
function sumUp(firsts: Uint32Array): void {
  let sum = 0;
  for (let i = 0; i < firsts.length; ++i) {
    sum += firsts[i] ?? 0;
    firsts[i] = sum;
  }
}

function scatter(chunk: Uint32Array, firsts: Uint32Array, ends: Uint32Array): void {
  for (let i = chunk.length - 2; i >= 0; i -= 2) {
    const from = chunk[i] ?? 0;
    const place = (firsts[from] ?? 0) - 1;
    firsts[from] = place;
    ends[place] = chunk[i + 1] ?? 0;
  }
}

function scatterSources(edges: Edges, firsts: Uint32Array, ends: Uint32Array): void {
  const { firsts: rows, ends: targets } = edges;
  for (let node = rows.length - 2; node >= 0; --node) {
    const start = rows[node] ?? 0;
    for (let i = (rows[node + 1] ?? 0) - 1; i >= start; --i) {
      const target = targets[i] ?? 0;
      const place = (firsts[target] ?? 0) - 1;
      firsts[target] = place;
      ends[place] = node;
    }
  }
}
