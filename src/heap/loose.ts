import { type Edges, groupEdges } from "./edges.ts";
import type { Roots } from "./graph.ts";

/**
 * Blocks of memory that are no objects, and words that may be addresses: what they say counts only for blocks, and for
 * objects that are reached by nothing better.
 */
export interface Loose {
  /** Bytes of each block. Their nodes come behind the objects'. */
  readonly bytes: Float64Array;
  /** Pairs (from, to) of nodes: to the start of a block, or to an object. */
  readonly exact: Uint32Array;
  /** The same that lead inside a block: they count where nothing exact leads to it. */
  readonly inner: Uint32Array;
  readonly roots: LooseRoots;
  /** Roots of this kind and later ones are for objects that nothing was found to hold. */
  readonly lastKind: number;
}

/** What may hold blocks from outside. */
export interface LooseRoots {
  /** A block each: not a node. */
  readonly blocks: Uint32Array;
  readonly kinds: Uint8Array;
  readonly inner: Uint8Array;
  /** 1 where it counts only for blocks that no other root and no object leads to. */
  readonly weak: Uint8Array;
}

/** What of it holds. */
export interface Woven {
  /** The blocks that something leads to, ascending: the nodes behind the objects. */
  readonly blocks: Uint32Array;
  /** Indices of the roots that count. */
  readonly roots: Uint32Array;
  readonly edges: Edges;
}

/** How a block was reached first. */
const UNREACHED = 0;
const EXACT = 1;
const INNER = 2;

/**
 * Adds blocks, and edges that may be wrong, to a graph of objects. What roots of the kinds before the last reach without
 * them keeps exactly the edges that it has: nothing loose leads to it, not even by way of what is reached by loose edges alone.
 * @param strong the edges between the objects
 */
export function weave(strong: Edges, roots: Roots, loose: Loose): Woven {
  const objects = strong.firsts.length - 1;
  const reach = reachBlocks(objects, loose);
  const blocks = new Uint32Array(loose.bytes.length);
  const numbers = new Uint32Array(loose.bytes.length);
  let kept = 0;
  reach.how.forEach((how, block) => {
    if (how === UNREACHED) return;
    numbers[block] = objects + kept;
    blocks[kept++] = block;
  });
  const nodeOf = (node: number) => (node < objects ? node : (numbers[node - objects] ?? 0));
  const isSource = (node: number) => node < objects || reach.how[node - objects] !== UNREACHED;
  const pairs = new Uint32Array(loose.exact.length + loose.inner.length);
  let length = 0;
  const put = (from: number, to: number) => {
    pairs[length++] = nodeOf(from);
    pairs[length++] = nodeOf(to);
  };
  let leadsToObjects = false;
  eachPair(loose.exact, (from, to) => {
    if (!isSource(from)) return;
    if (to >= objects) put(from, to);
    else leadsToObjects = true;
  });
  eachPair(loose.inner, (from, to) => {
    if (isSource(from) && reach.how[to - objects] === INNER) put(from, to);
  });
  const settled = leadsToObjects ? reached(strong, roots, loose.lastKind) : new Uint8Array(0);
  const found: number[] = [];
  if (leadsToObjects)
    eachPair(loose.exact, (from, to) => {
      if (to >= objects || settled[to] === 1 || !isSource(from)) return;
      put(from, to);
      found.push(to);
    });
  const extra = groupEdges(objects + kept, [pairs.subarray(0, length)]);
  const below = found.length > 0 ? reachedBelow(strong, settled, found) : new Uint8Array(0);
  return {
    blocks: blocks.slice(0, kept),
    roots: reach.roots,
    edges: splice(
      strong,
      extra,
      (node) => below[node] === 1,
      (node) => settled[node] === 1,
    ),
  };
}

function eachPair(pairs: Uint32Array, take: (from: number, to: number) => void): void {
  for (let i = 0; i < pairs.length; i += 2) take(pairs[i] ?? 0, pairs[i + 1] ?? 0);
}

/**
 * Which blocks something leads to, and how each was reached first: by exact words from objects and roots, then by inner
 * ones, then from weak roots in the same order. An inner word counts where the block was reached by one first.
 */
function reachBlocks(objects: number, loose: Loose): { how: Uint8Array; roots: Uint32Array } {
  const count = loose.bytes.length;
  const how = new Uint8Array(count);
  const isWeak = new Uint8Array(count);
  const between = (pairs: Uint32Array) => {
    const own = new Uint32Array(pairs.length);
    let length = 0;
    eachPair(pairs, (from, to) => {
      if (from < objects || to < objects) return;
      own[length++] = from - objects;
      own[length++] = to - objects;
    });
    return groupEdges(count, [own.subarray(0, length)]);
  };
  const exact = between(loose.exact);
  const inner = between(loose.inner);
  const open: number[] = [];
  let weak = 0;
  const take = (block: number, by: number) => {
    if (how[block] !== UNREACHED) return;
    how[block] = by;
    isWeak[block] = weak;
    open.push(block);
  };
  const spread = (usesInner: boolean) => {
    for (let block = open.pop(); block !== undefined; block = open.pop()) {
      for (let i = exact.firsts[block] ?? 0; i < (exact.firsts[block + 1] ?? 0); ++i)
        take(exact.ends[i] ?? 0, EXACT);
      if (!usesInner) continue;
      for (let i = inner.firsts[block] ?? 0; i < (inner.firsts[block + 1] ?? 0); ++i)
        take(inner.ends[i] ?? 0, INNER);
    }
  };
  const { roots } = loose;
  const seed = (isInner: number) => {
    roots.blocks.forEach((block, root) => {
      if (roots.weak[root] === weak && roots.inner[root] === isInner)
        take(block, isInner === 1 ? INNER : EXACT);
    });
  };
  for (; weak < 2; ++weak) {
    if (weak === 0)
      eachPair(loose.exact, (from, to) => {
        if (from < objects && to >= objects) take(to - objects, EXACT);
      });
    seed(0);
    spread(false);
    eachPair(loose.inner, (from, to) => {
      if (from < objects || how[from - objects] !== UNREACHED) take(to - objects, INNER);
    });
    seed(1);
    spread(true);
  }
  const counts = (root: number) => {
    const block = roots.blocks[root] ?? 0;
    if (roots.weak[root] === 1 && isWeak[block] !== 1) return false;
    return roots.inner[root] === 0 || how[block] === INNER;
  };
  return { how, roots: Uint32Array.from(roots.blocks.keys()).filter(counts) };
}

/** 1 for the nodes that roots of the kinds before `lastKind` reach. */
function reached({ firsts, ends }: Edges, { nodes, kinds }: Roots, lastKind: number): Uint8Array {
  const seen = new Uint8Array(firsts.length - 1);
  const stack = new Uint32Array(firsts.length - 1);
  let height = 0;
  for (let i = 0; i < nodes.length; ++i) {
    const node = nodes[i] ?? 0;
    if ((kinds[i] ?? 0) >= lastKind || seen[node] === 1) continue;
    seen[node] = 1;
    stack[height++] = node;
  }
  while (height > 0) {
    const node = stack[--height] ?? 0;
    const end = firsts[node + 1] ?? 0;
    for (let i = firsts[node] ?? 0; i < end; ++i) {
      const target = ends[i] ?? 0;
      if (seen[target] === 1) continue;
      seen[target] = 1;
      // Most objects point to nothing.
      if (firsts[target] !== firsts[target + 1]) stack[height++] = target;
    }
  }
  return seen;
}

/** 1 for what is reached from the nodes and is not settled. */
function reachedBelow({ firsts, ends }: Edges, settled: Uint8Array, nodes: readonly number[]): Uint8Array {
  const below = new Uint8Array(settled.length);
  const open = [...nodes];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (below[node] === 1) continue;
    below[node] = 1;
    for (let i = firsts[node] ?? 0; i < (firsts[node + 1] ?? 0); ++i) {
      const target = ends[i] ?? 0;
      if (settled[target] !== 1 && below[target] !== 1) open.push(target);
    }
  }
  return below;
}

/**
 * All edges of both, less those from nodes that are below something loose to what is settled. Takes the memory of
 * `extra.firsts` for its own.
 */
function splice(
  strong: Edges,
  extra: Edges,
  isBelow: (node: number) => boolean,
  isSettled: (node: number) => boolean,
): Edges {
  const { firsts } = extra;
  const nodes = firsts.length - 1;
  const objects = strong.firsts.length - 1;
  const ends = new Uint32Array(strong.ends.length + extra.ends.length);
  let to = 0;
  // Of the strong ones: where the run begins that is not copied yet.
  let run = 0;
  const copy = (end: number) => {
    ends.set(strong.ends.subarray(run, end), to);
    to += end - run;
    run = end;
  };
  for (let node = 0; node < nodes; ++node) {
    const start = strong.firsts[Math.min(node, objects)] ?? 0;
    const more = firsts[node] ?? 0;
    const moreEnd = firsts[node + 1] ?? 0;
    firsts[node] = to + start - run;
    const drops = isBelow(node);
    if (more === moreEnd && !drops) continue;
    const end = strong.firsts[Math.min(node + 1, objects)] ?? 0;
    copy(drops ? start : end);
    if (drops) {
      for (let i = start; i < end; ++i) if (!isSettled(strong.ends[i] ?? 0)) ends[to++] = strong.ends[i] ?? 0;
      run = end;
    }
    ends.set(extra.ends.subarray(more, moreEnd), to);
    to += moreEnd - more;
  }
  copy(strong.ends.length);
  firsts[nodes] = to;
  return { firsts, ends: ends.subarray(0, to) };
}
