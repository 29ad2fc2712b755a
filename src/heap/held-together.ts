import { Role } from "../terms/index.ts";
import type { Graph } from "./graph.ts";
import { findHeadSets, HEAD, type HeadSets, type Holdings } from "./head-sets.ts";
import { MANY } from "./holder-sets.ts";
import { layerRanges, MOST_NAMES, measureNames } from "./named.ts";
import { garbagePosition, type Retained, type RetainedTree } from "./retained.ts";

/** An edge by which a holder leads to a shared object: `from` is the holder, or in what it holds. */
export interface Way {
  readonly from: number;
  readonly to: number;
}

/** How many objects, and the type that all of them have; null where they are of several. */
export interface Items {
  readonly count: number;
  readonly type: number | null;
}

/** Heads, and edges to each, that are looked at for an example. */
const MOST_EXAMPLES = 1000;

/**
 * What several containers hold together, by the set of those. Dominators give it to none of them, but to what all of
 * them are in: a module, or nothing.
 *
 * A head is an object that has no name in the source (see `measureNames`), is no task, and is in no container that has a
 * name. Its
 * holders are the containers with a name from which something points to it; where another head does, that one's.
 * What would go with all heads of a set is what each has in the tree, and no more: what only they hold together is a
 * head of the same set, and what others hold as well has another way in. 5 bytes a node, 12 a head when it is made.
 */
export class HeldTogether {
  readonly #graph: Graph;
  readonly #tree: RetainedTree;
  readonly #holdings: Holdings;
  readonly #found: HeadSets;
  /** Positions of heads by set, and where each set starts. */
  readonly #firsts: Uint32Array;
  readonly #grouped: Uint32Array;

  constructor(graph: Graph, tree: RetainedTree) {
    this.#graph = graph;
    this.#tree = tree;
    const layers = layerRanges(tree);
    this.#holdings = findHolders(graph, tree, measureNames(graph, tree, layers));
    this.#found = findHeadSets(graph, tree, this.#holdings, layers);
    const { sets, ofHeads } = this.#found;
    const firsts = new Uint32Array(sets.count + 1);
    for (const set of ofHeads) firsts[set + 1] = (firsts[set + 1] ?? 0) + 1;
    for (let set = 0; set < sets.count; ++set) firsts[set + 1] = (firsts[set + 1] ?? 0) + (firsts[set] ?? 0);
    const free = firsts.slice();
    const grouped = new Uint32Array(ofHeads.length);
    for (let head = 0; head < ofHeads.length; ++head) {
      const set = ofHeads[head] ?? 0;
      const place = free[set] ?? 0;
      free[set] = place + 1;
      grouped[place] = this.#holdings.heads[head] ?? 0;
    }
    this.#firsts = firsts;
    this.#grouped = grouped;
  }

  /** The set of holders of what is at a position; null where that is no head, or too many hold it. */
  setAt(position: number): number | null {
    const holder = this.#holdings.holders[position] ?? 0;
    if (holder < HEAD || this.#holdings.heads[holder - HEAD] !== position) return null;
    const set = this.#found.ofHeads[holder - HEAD] ?? MANY;
    return set === MANY ? null : set;
  }

  /** Positions of the heads of a set, ascending. */
  headsOf(set: number): Uint32Array {
    return this.#grouped.subarray(this.#firsts[set] ?? 0, this.#firsts[set + 1] ?? 0);
  }

  /**
   * The objects that a set is about: those heads that two of its holders point to, as items. Others are what these hold
   * together, or with a holder. Where there are none, those that a holder points to.
   * @param isItem whether a holder has that object as an item: dicts with the same keys are about their values
   */
  itemsOf(set: number, isItem: (way: Way) => boolean): Items {
    const { own } = this.#found;
    const { holders } = this.#holdings;
    const { order } = this.#tree;
    const heads = this.headsOf(set);
    const ownOf = (position: number) => own[(holders[position] ?? 0) - HEAD] ?? 0;
    const wanted = heads.reduce((most, position) => Math.max(most, ownOf(position)), 0);
    const counts = new Map<number, { count: number; readonly example: number }>();
    for (const position of heads) {
      if (ownOf(position) < wanted) continue;
      const node = order[position] ?? 0;
      const type = this.#graph.types[node] ?? 0;
      const known = counts.get(type);
      if (known === undefined) counts.set(type, { count: 1, example: node });
      else ++known.count;
    }
    const all = [...counts];
    const items = all.filter(([, { example }]) => {
      const way = this.#wayTo(example);
      return way === null || isItem(way);
    });
    const told = items.length > 0 ? items : all;
    return {
      count: told.reduce((sum, [, { count }]) => sum + count, 0),
      type: told.length === 1 ? (told[0]?.[0] ?? null) : null,
    };
  }

  /** An edge from a holder to a head. */
  #wayTo(to: number): Way | null {
    const { firsts, ends } = this.#graph.reverse;
    const first = firsts[to] ?? 0;
    for (const from of ends.subarray(first, Math.min(firsts[to + 1] ?? 0, first + MOST_EXAMPLES))) {
      const holder = this.#holdings.holders[this.#tree.positions[from] ?? 0] ?? 0;
      if (holder !== 0 && holder < HEAD) return { from, to };
    }
    return null;
  }

  /** What would go with all heads of a set. */
  retainedBy(set: number): Retained {
    let bytes = 0;
    let count = 0;
    for (const position of this.headsOf(set)) {
      bytes += this.#tree.bytes[position] ?? 0;
      count += this.#tree.spans[position] ?? 0;
    }
    return { bytes, count };
  }

  /** The holders of a set, as nodes. */
  holdersOf(set: number): number[] {
    const { order } = this.#tree;
    return Array.from(this.#found.sets.membersOf(set), (position) => order[position] ?? 0);
  }

  /** An edge for each holder, by the holder's node; none for one that points to heads of other sets only. */
  waysInto(set: number): Map<number, Way> {
    const { order, positions } = this.#tree;
    const { firsts, ends } = this.#graph.reverse;
    const ways = new Map<number, Way>();
    const wanted = this.#found.sets.membersOf(set).length;
    for (const position of this.headsOf(set).subarray(0, MOST_EXAMPLES)) {
      const to = order[position] ?? 0;
      const first = firsts[to] ?? 0;
      const last = Math.min(firsts[to + 1] ?? 0, first + MOST_EXAMPLES);
      for (let i = first; i < last; ++i) {
        const from = ends[i] ?? 0;
        const holder = this.#holdings.holders[positions[from] ?? 0] ?? 0;
        if (holder === 0 || holder >= HEAD) continue;
        const node = order[holder] ?? 0;
        if (!ways.has(node)) ways.set(node, { from, to });
      }
      if (ways.size >= wanted) break;
    }
    return ways;
  }
}

function findHolders(graph: Graph, tree: RetainedTree, levels: Uint8Array): Holdings {
  const { nodes, order, spans } = tree;
  const { roles } = graph;
  const end = garbagePosition(tree);
  const holders = new Uint32Array(end);
  const heads: number[] = [];
  for (let position = 1; position < end; ) {
    const node = order[position] ?? 0;
    const level = levels[node] ?? 0;
    const isNamed = node >= nodes || (level > 0 && level < MOST_NAMES && roles[node] !== Role.items);
    if (isNamed) {
      ++position;
      continue;
    }
    // All that it alone holds is in it.
    const after = position + (spans[position] ?? 1);
    const isHead = level === 0 && roles[node] !== Role.task;
    holders.fill(isHead ? HEAD + heads.length : position, position, after);
    if (isHead) heads.push(position);
    position = after;
  }
  return { holders, heads: Uint32Array.from(heads) };
}
