import { Role } from "../terms/index.ts";
import type { Graph } from "./graph.ts";
import type { HeldLabels } from "./labels.ts";
import type { Paths } from "./paths.ts";
import { Ways } from "./ways.ts";

/** References to an object that are alike: from one container, or along one folded path. */
export interface Referrers {
  /** Where the object is held: `app.orders[3]`; of several references items are folded, `app.cache[*].owner`. */
  readonly path: string;
  /** What refers to it, of several the first; null where that is no node: a variable of a frame, a word of a stack. */
  readonly node: number | null;
  /** References, not objects that refer. */
  readonly count: number;
  /** Whether only words of memory tell that nothing describes: they may be something else. */
  readonly isGuess: boolean;
}

export interface ReferrersAnswer {
  /** Most references first, then by path. */
  readonly rows: readonly Referrers[];
  /** References in all. */
  readonly count: number;
}

/** What a root says of its object: that a word at the root's place refers to it, that one may, or only that it is alive. */
export type RootWord = "reference" | "guess" | "none";

/** How sure references are. */
export interface Sureness {
  rootWord(root: number): RootWord;
  /** Whether a name as `edgeName` has it is one of a word that nothing describes. */
  isGuess(name: string): boolean;
}

/** Where there are too many rows, those of one reference, or of less than a hundredth of all, go by the type of what holds. */
const LEAST_SHARE = 0.01;
/** Names asked for one object; after that, an item is an item, and any other part `.*`. */
const MOST_NAMES = 2 ** 21;
/** Objects that hold another in several ways, of which each way is named. */
const MOST_NAMED = 1000;
const MOST_WAYS = 16;

interface Group {
  readonly path: string;
  /** One of those that hold, and how it holds; null for a root. */
  readonly from: { readonly holder: number; readonly name: string } | null;
  readonly isGuess: boolean;
  /** Whether only that one holds. */
  isOne: boolean;
  count: number;
}

/** Finds all references to objects. 4 bytes a node. */
export class ReferrerFinder {
  readonly #graph: Graph;
  readonly #paths: Paths;
  readonly #labels: HeldLabels;
  readonly #ways: Ways;
  readonly #sureness: Sureness;

  constructor(graph: Graph, paths: Paths, labels: HeldLabels, sureness: Sureness) {
    this.#graph = graph;
    this.#paths = paths;
    this.#labels = labels;
    this.#ways = new Ways(graph, paths, labels);
    this.#sureness = sureness;
  }

  /** All that refers to a node; `most` rows. O(references); names asked for are bounded. */
  of(node: number, most: number): ReferrersAnswer {
    let groups = new Map<string, Group>();
    let count = 0;
    const add = (group: Group) => {
      count += group.count;
      addTo(groups, group);
    };
    for (const group of this.#holders(node)) add(group);
    for (const group of this.#roots(node)) add(group);
    if (groups.size > most) groups = this.#byType(groups, count);
    const rows = [...groups.values()]
      .sort((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1))
      .slice(0, most)
      .map(({ path, from, count: references, isGuess, isOne }) => ({
        path: from !== null && isOne ? this.#pathOf(from.holder, from.name, references) : path,
        node: from === null ? null : this.#known(from.holder),
        count: references,
        isGuess,
      }));
    return { rows, count };
  }

  *#holders(node: number): Generator<Group> {
    const { objects, reverse, roles } = this.#graph;
    const { firsts, ends } = reverse;
    const end = firsts[node + 1] ?? 0;
    let named = 0;
    let names = 0;
    for (let i = firsts[node] ?? 0; i < end; ) {
      const holder = ends[i] ?? 0;
      const first = i;
      // Parallel edges stand side by side.
      while (i < end && ends[i] === holder) ++i;
      const isItems = roles[holder] === Role.items;
      const all = i - first > 1 && !isItems && named < MOST_NAMED ? this.#namesIn(holder, node) : [];
      if (all.length > 1) ++named;
      else {
        const isNamed = names++ < MOST_NAMES;
        all[0] = isNamed ? this.#labels.edgeName(holder, node) : isItems ? "[*]" : ".*";
      }
      for (const [at, name] of all.entries()) {
        const path = this.#ways.text(this.#ways.below(holder, name));
        // What has no name of its own goes with the first.
        const count = at === 0 ? i - first - all.length + 1 : 1;
        // A pointer to a block of memory is known by its look alone.
        const isGuess = holder >= objects || node >= objects || this.#sureness.isGuess(name);
        yield { path, from: { holder, name }, isGuess, isOne: true, count };
      }
    }
  }

  #namesIn(holder: number, wanted: number): string[] {
    const names = new Set<string>();
    for (const { node, name } of this.#labels.held(holder)) {
      if (node === wanted) names.add(name);
      if (names.size >= MOST_WAYS) break;
    }
    return [...names];
  }

  *#roots(node: number): Generator<Group> {
    for (const root of this.#paths.rootsOf(node)) {
      const word = this.#sureness.rootWord(root);
      if (word === "none") continue;
      const path = this.#labels.rootName(root);
      yield { path, from: null, isGuess: word === "guess", isOne: true, count: 1 };
    }
  }

  #byType(groups: ReadonlyMap<string, Group>, all: number): Map<string, Group> {
    const folded = new Map<string, Group>();
    const small: Group[] = [];
    for (const group of groups.values()) {
      const { from, count } = group;
      if (from === null || (count > 1 && count >= LEAST_SHARE * all)) addTo(folded, group);
      else small.push(group);
    }
    const ofType = (from: Group["from"]) =>
      from === null ? "" : this.#ways.byTypeOf(from.holder, from.name);
    const alone = new Map<string, number>();
    for (const { from } of small) alone.set(ofType(from), (alone.get(ofType(from)) ?? 0) + 1);
    // What is the only one of its type says more with its own path.
    for (const group of small)
      addTo(folded, alone.get(ofType(group.from)) === 1 ? group : { ...group, path: ofType(group.from) });
    return folded;
  }

  #pathOf(holder: number, name: string, count: number): string {
    const isFolded = count > 1 && this.#graph.roles[holder] === Role.items && name.startsWith("[");
    return this.#paths.pathOf(holder) + (isFolded ? "[*]" : name);
  }

  // Past parts without a name, to the object that a reader knows: from a `__dict__` to its instance.
  #known(holder: number): number {
    let node = holder;
    for (let steps = 0; steps < MOST_WAYS && this.#graph.roles[node] === Role.part; ++steps) {
      const above = this.#paths.holderOf(node);
      if (above === null || this.#labels.edgeName(above, node) !== "") break;
      node = above;
    }
    return node;
  }
}

function addTo(groups: Map<string, Group>, group: Group): void {
  const key = `${group.isGuess} ${group.path}`;
  const known = groups.get(key);
  if (known === undefined) {
    groups.set(key, { ...group });
    return;
  }
  known.count += group.count;
  if (group.from?.holder !== known.from?.holder || group.from?.name !== known.from?.name) known.isOne = false;
}
