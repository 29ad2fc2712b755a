import { Role } from "../terms/index.ts";
import type { Graph } from "./graph.ts";
import { ANY_ITEM, type HeldLabels, uncountAlike } from "./labels.ts";
import { GARBAGE, type Paths } from "./paths.ts";
import type { RetainedTree } from "./retained.ts";

/** What a path leads to, or how far it leads. */
export interface Resolved {
  /** Those that have the path, ascending; several where nothing tells them apart, as the items of a set. */
  readonly nodes: readonly number[];
  /** What has the same path and is not meant: a cell around its content, what lies in a block of memory. */
  readonly others: readonly number[];
  /** How much of the path was followed; empty where it starts with no name that there is. */
  readonly reached: string;
  /** What is left of it. */
  readonly rest: string;
  /** What comes next there, or all names to start with: each once, of many the first. Empty where the path leads somewhere. */
  readonly names: readonly string[];
}

/** Longer paths lead nowhere. */
const MOST_TEXT = 65_536;
/** Held things that are looked at for one path. */
const MOST_LOOKED = 2 ** 24;
/** Places that a path may be at after some of its pieces: an item of a set can be any. */
const MOST_PLACES = 2 ** 20;
/** Of so many nodes at the most each is asked for the path that it is printed with. */
const MOST_ASKED = 1000;
const MOST_NAMES = 100_000;
const WORD = /[\p{L}\p{N}_]/u;

/** Longer names are none that a path starts with. */
const MOST_START = 4096;

/**
 * Follows paths as `Paths` prints them, or any other way that the names allow: from what has a qualified name, or a root.
 * Names are compared as text, so that no grammar is needed: what a key has in it, dots and brackets, stays a part of its
 * name. The starts are looked for once, O(nodes); then what is held by each place on the way, bounded.
 */
export class PathFinder {
  readonly #graph: Graph;
  readonly #labels: HeldLabels;
  readonly #paths: Paths;
  readonly #starts = new Starts();
  /** By the names of what is alike; null where none was asked for. */
  #alikes: Starts | null = null;

  constructor(graph: Graph, tree: RetainedTree, labels: HeldLabels, paths: Paths) {
    this.#graph = graph;
    this.#labels = labels;
    this.#paths = paths;
    for (let node = 0; node < graph.objects; ++node) this.#starts.add(labels.qualifiedName(node), node);
    for (const [root, node] of graph.roots.nodes.entries()) this.#starts.add(labels.rootName(root), node);
    for (const node of tree.garbageRoots) this.#starts.add(GARBAGE, node);
  }

  /** A folded path leads to all that have it: `app.workers[*].rows`, `<60 threads in f app.py:42>.rows`. */
  find(path: string): Resolved {
    const alike = uncountAlike(path);
    return alike === null ? this.#find(path, this.#starts) : this.#find(alike, this.#alikeStarts());
  }

  #find(path: string, starts: Starts): Resolved {
    const search = new Search(this.#graph, this.#labels, path.slice(0, MOST_TEXT));
    for (const [node, length] of starts.of(path)) search.reach(node, length);
    search.run();
    if (search.ends.size === 0) {
      const names = search.reached === 0 ? starts.names() : search.namesThere();
      return {
        ...{ nodes: [], others: [], names },
        ...{ reached: path.slice(0, search.reached), rest: path.slice(search.reached) },
      };
    }
    const meant = this.#meant(search.ends, path);
    const nodes = meant.filter((node) => !search.others.has(node));
    const others = meant.filter((node) => search.others.has(node));
    // In a circle of cells each is around another.
    return nodes.length > 0
      ? { nodes, others, reached: path, rest: "", names: [] }
      : { nodes: others, others: [], reached: path, rest: "", names: [] };
  }

  // Of those at the end of the path, no `__dict__` beside its instance, and only those that are printed with it, if any are.
  #meant(ends: ReadonlySet<number>, path: string): number[] {
    const { roles, objects } = this.#graph;
    const all = [...ends].sort((a, b) => a - b);
    const whole = all.filter((node) => roles[node] !== Role.part || node >= objects);
    const found = whole.length > 0 ? whole : all;
    if (found.length === 1 || found.length > MOST_ASKED) return found;
    const printed = found.filter((node) => this.#paths.pathOf(node) === path);
    return printed.length > 0 ? printed : found;
  }

  #alikeStarts(): Starts {
    if (this.#alikes !== null) return this.#alikes;
    const alikes = new Starts();
    for (let node = 0; node < this.#graph.objects; ++node)
      alikes.add(this.#labels.nodeAlike(node)?.name ?? null, node);
    for (const [root, node] of this.#graph.roots.nodes.entries())
      alikes.add(this.#labels.rootAlike(root)?.name ?? null, node);
    this.#alikes = alikes;
    return alikes;
  }
}

/** What paths may start at, by name. */
class Starts {
  readonly #nodes = new Map<string, number[]>();

  add(name: string | null, node: number): void {
    if (name === null || name === "" || name.length > MOST_START) return;
    const nodes = this.#nodes.get(name);
    if (nodes === undefined) this.#nodes.set(name, [node]);
    else nodes.push(node);
  }

  /** Those whose name the path begins with, and the length of that. */
  *of(path: string): Generator<[node: number, length: number]> {
    for (let length = 1; length <= Math.min(path.length, MOST_START); ++length)
      for (const node of this.#nodes.get(path.slice(0, length)) ?? []) yield [node, length];
  }

  names(): string[] {
    return [...this.#nodes.keys()];
  }
}

// Places are a node and how much of the path was followed to it.
class Search {
  readonly #graph: Graph;
  readonly #labels: HeldLabels;
  readonly #path: string;
  readonly #seen = new Set<number>();
  readonly #open: number[] = [];
  readonly ends = new Set<number>();
  /** What has the whole path as well, and is not meant. */
  readonly others = new Set<number>();
  #furthest: number[] = [];
  reached = 0;
  #left = MOST_LOOKED;

  constructor(graph: Graph, labels: HeldLabels, path: string) {
    this.#graph = graph;
    this.#labels = labels;
    this.#path = path;
  }

  /** Takes a node that has the path up to there, unless a name goes on behind that: `.app` is no part of `.apple`. */
  reach(node: number, at: number): void {
    const { length } = this.#path;
    if (at < length && WORD.test(this.#path[at] ?? "") && WORD.test(this.#path[at - 1] ?? "")) return;
    const place = node * (length + 1) + at;
    if (this.#seen.has(place) || this.#seen.size >= MOST_PLACES) return;
    this.#seen.add(place);
    this.#open.push(place);
    if (at > this.reached) {
      this.reached = at;
      this.#furthest = [];
    }
    if (at === this.reached) this.#furthest.push(node);
    if (at === length) this.ends.add(node);
  }

  run(): void {
    const { length } = this.#path;
    for (let place = this.#open.pop(); place !== undefined && this.#left > 0; place = this.#open.pop()) {
      const at = place % (length + 1);
      const from = (place - at) / (length + 1);
      const isItems = this.#graph.roles[from] === Role.items && from < this.#graph.objects;
      // Only what has no name could follow, and items have names.
      if (at === length && isItems) continue;
      for (const { node, name } of this.#labels.held(from)) {
        if (--this.#left < 0) break;
        if (isItems && name.startsWith("[") && this.#path.startsWith(ANY_ITEM, at))
          this.reach(node, at + ANY_ITEM.length);
        if (!this.#path.startsWith(name, at)) continue;
        if (name === "" && at === length) this.#addOther(from, node);
        this.reach(node, at + name.length);
      }
    }
  }

  /** The names of what is held where the path was followed to. */
  namesThere(): string[] {
    const names = new Set<string>();
    const seen = new Set(this.#furthest);
    let left = MOST_NAMES;
    // A part without a name has its holder's: it is looked into as well.
    for (const from of seen)
      for (const { node, name } of this.#labels.held(from)) {
        if (--left < 0) return [...names];
        if (name === "") seen.add(node);
        else names.add(name);
      }
    return [...names];
  }

  // What is in a block of memory has the block's name, a task's coroutine the task's; a cell has that of its content.
  #addOther(from: number, held: number): void {
    if (from >= this.#graph.objects || this.#graph.roles[from] === Role.task) this.others.add(held);
    else if (this.#graph.roles[held] !== Role.part) this.others.add(from);
  }
}
