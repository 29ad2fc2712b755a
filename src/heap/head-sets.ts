import type { Graph } from "./graph.ts";
import { HolderSets, MANY, SmallSet } from "./holder-sets.ts";
import type { LayerRange } from "./named.ts";
import type { RetainedTree } from "./retained.ts";

/** Marks the number of a head among positions, which are below 2^30. */
export const HEAD = 2 ** 31;

/** Who holds what, by position: 0 outside of all containers, the position of the container it is in, or HEAD and a head. */
export interface Holdings {
  readonly holders: Uint32Array;
  /** Position of each head, ascending. */
  readonly heads: Uint32Array;
}

/** Sets of holders of the heads, as positions. */
export interface HeadSets {
  readonly sets: HolderSets;
  /** Set of each head. */
  readonly ofHeads: Uint32Array;
  /** How many holders point to each head, 2 for all that are more; 0 where only heads do. */
  readonly own: Uint8Array;
}

/**
 * The holders of each head: those that point to it, and those of the heads that do. Heads that hold each other in
 * turn have the same: Tarjan, "Depth-first search and linear graph algorithms" (SIAM J. Comput. 1, 1972), which leaves
 * such a component when all that it depends on is known. O(edges to heads), 24 bytes a head.
 */
export function findHeadSets(
  graph: Graph,
  tree: RetainedTree,
  holdings: Holdings,
  layers: readonly LayerRange[],
): HeadSets {
  const search = new Search(graph, tree, holdings, layers);
  const count = holdings.heads.length;
  for (let head = 0; head < count; ++head) search.from(head);
  return { sets: search.sets, ofHeads: search.ofHeads, own: search.own };
}

class Search {
  readonly sets = new HolderSets();
  readonly ofHeads: Uint32Array;
  readonly own: Uint8Array;
  readonly #graph: Graph;
  readonly #tree: RetainedTree;
  readonly #holdings: Holdings;
  readonly #layers: readonly LayerRange[];
  /** When each was found, from 1; 0 before that, and DONE when its set is known. */
  readonly #found: Uint32Array;
  readonly #least: Uint32Array;
  readonly #cursors: Uint32Array;
  readonly #way: Uint32Array;
  readonly #open: Uint32Array;
  readonly #union = new SmallSet();
  #opened = 0;
  #clock = 0;

  constructor(graph: Graph, tree: RetainedTree, holdings: Holdings, layers: readonly LayerRange[]) {
    const count = holdings.heads.length;
    this.#graph = graph;
    this.#tree = tree;
    this.#holdings = holdings;
    this.#layers = layers;
    this.ofHeads = new Uint32Array(count);
    this.own = new Uint8Array(count);
    this.#found = new Uint32Array(count);
    this.#least = new Uint32Array(count);
    this.#cursors = new Uint32Array(count);
    this.#way = new Uint32Array(count);
    this.#open = new Uint32Array(count);
  }

  from(start: number): void {
    if (this.#found[start] !== 0) return;
    const way = this.#way;
    let depth = 0;
    way[depth++] = start;
    this.#enter(start);
    while (depth > 0) {
      const head = way[depth - 1] ?? 0;
      const next = this.#nextUnseen(head);
      if (next !== NONE) {
        way[depth++] = next;
        this.#enter(next);
        continue;
      }
      --depth;
      const least = this.#least[head] ?? 0;
      if (least === this.#found[head]) this.#leave(head);
      else {
        const above = way[depth - 1] ?? 0;
        if (least < (this.#least[above] ?? 0)) this.#least[above] = least;
      }
    }
  }

  #enter(head: number): void {
    const { firsts } = this.#graph.reverse;
    this.#found[head] = this.#least[head] = ++this.#clock;
    this.#cursors[head] = firsts[this.#nodeOf(head)] ?? 0;
    this.#open[this.#opened++] = head;
  }

  // Goes on along the head's edges to one that was not seen.
  #nextUnseen(head: number): number {
    const { firsts, ends } = this.#graph.reverse;
    const { positions } = this.#tree;
    const { holders } = this.#holdings;
    const last = firsts[this.#nodeOf(head) + 1] ?? 0;
    const end = this.#layerEnd(head);
    for (let i = this.#cursors[head] ?? 0; i < last; ++i) {
      const from = positions[ends[i] ?? 0] ?? 0;
      // Later layers take nothing away from this one: holders there do not count.
      const holder = from < end ? (holders[from] ?? 0) : 0;
      if (holder < HEAD) continue;
      const other = holder - HEAD;
      const found = this.#found[other] ?? 0;
      if (found === 0) {
        this.#cursors[head] = i;
        return other;
      }
      if (found < (this.#least[head] ?? 0)) this.#least[head] = found;
    }
    this.#cursors[head] = last;
    return NONE;
  }

  // All since the head are one component, and what they depend on is known.
  #leave(head: number): void {
    const open = this.#open;
    let first = this.#opened;
    do --first;
    while (open[first] !== head);
    const union = this.#union;
    union.clear();
    for (let i = first; i < this.#opened; ++i) this.#gather(open[i] ?? 0, union);
    const set = this.sets.numberOf(union);
    for (let i = first; i < this.#opened; ++i) {
      const done = open[i] ?? 0;
      this.ofHeads[done] = set;
      this.#found[done] = DONE;
    }
    this.#opened = first;
  }

  #gather(head: number, union: SmallSet): void {
    const { firsts, ends } = this.#graph.reverse;
    const { positions } = this.#tree;
    const { holders } = this.#holdings;
    const node = this.#nodeOf(head);
    const last = firsts[node + 1] ?? 0;
    const end = this.#layerEnd(head);
    let first = 0;
    for (let i = firsts[node] ?? 0; i < last && !union.isMany; ++i) {
      const from = positions[ends[i] ?? 0] ?? 0;
      const holder = from < end ? (holders[from] ?? 0) : 0;
      if (holder === 0) continue;
      if (holder < HEAD) {
        if (first === 0) {
          first = holder;
          this.own[head] = 1;
        } else if (holder !== first) this.own[head] = 2;
        union.add(holder);
      } else if (this.#found[holder - HEAD] === DONE) this.#add(this.ofHeads[holder - HEAD] ?? 0, union);
    }
  }

  #add(set: number, union: SmallSet): void {
    if (set === MANY) union.isMany = true;
    else for (const member of this.sets.membersOf(set)) union.add(member);
  }

  #nodeOf(head: number): number {
    return this.#tree.order[this.#holdings.heads[head] ?? 0] ?? 0;
  }

  #layerEnd(head: number): number {
    const position = this.#holdings.heads[head] ?? 0;
    for (const { end } of this.#layers) if (position < end) return end;
    return 0;
  }
}

const NONE = 2 ** 32 - 1;
/** Later than any that is open. */
const DONE = 2 ** 32 - 1;
