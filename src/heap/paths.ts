import { partitionPoint, Role } from "../terms/index.ts";
import { type Distances, measureDistances } from "./distances.ts";
import type { Graph } from "./graph.ts";
import type { Alike, Labels } from "./labels.ts";
import type { RetainedTree } from "./retained.ts";

/** What a path of what no root reaches starts with. */
export const GARBAGE = "<garbage>";

/** Further from its root than this, a node is named by how far it is: `app.queue.next.next.<4999950 steps>`. */
const LONGEST = 50;
/** Holders at the same distance that are compared by name; of more, those at the lowest addresses are. */
const MOST_HOLDERS = 64;
/** Holders among which a module or class of the object's own module is looked for. */
const MOST_AT_HOME = 65_536;
/** Nodes that are named for the sake of one path: an object at the end of many equal ways could ask for all. */
const MOST_NAMED = 2048;
/** Names kept for the next paths. */
const MOST_KEPT = 65_536;

/** A path, and what it has in common with those of others. */
export interface FoldedPath {
  readonly path: string;
  /** Items folded, and of what starts it the name of all that are alike: `app.workers[*].rows`, `<threads in f app.py:1>.rows`. */
  readonly folded: string;
  /** Which of those that are alike starts it; null where nothing is like it. */
  readonly which: number | null;
}

/**
 * Names objects by the shortest way from a root, in the terms of the source. What has a qualified name starts a path
 * by it. What is of a module's type and in that module, or a class of it, is named by that; else, of equally short ways
 * the first by name is taken, so that paths compare between processes.
 * 4 bytes a node.
 */
export class Paths {
  readonly #graph: Graph;
  readonly #labels: Labels;
  readonly #measured: Distances;
  /** (node, index of a root) as one number, ascending. */
  readonly #roots: Float64Array;
  readonly #known = new Map<number, FoldedPath>();

  constructor(graph: Graph, tree: RetainedTree, labels: Labels) {
    this.#graph = graph;
    this.#labels = labels;
    this.#measured = measureDistances(graph, tree.garbageRoots);
    const count = graph.roots.nodes.length;
    this.#roots = Float64Array.from(graph.roots.nodes, (node, i) => node * count + i).sort();
  }

  /** The path of a node: `downstream.profiler.Profiler.results[3]`. */
  pathOf(node: number): string {
    return this.foldedPathOf(node).path;
  }

  /** The path of a node, and what others of its like have in common with it. */
  foldedPathOf(node: number): FoldedPath {
    if (this.#known.size > MOST_KEPT) this.#known.clear();
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const near = this.#nearEnough(node);
    this.#settle(near.node);
    const { path, folded, which } = this.#known.get(near.node) ?? NOWHERE;
    const far =
      near.steps === 0
        ? { path, folded, which }
        : { path: `${path}.<${near.steps} steps>`, folded: `${folded}.<steps>`, which };
    this.#known.set(node, far);
    return far;
  }

  /** The name of a root that reaches the node with no step, of the first kind; null where the node is none. */
  rootNameOf(node: number): string | null {
    return this.#rootPath(node)?.path ?? null;
  }

  /** The nearest holder of a node, of several the one at the lowest address; null for a root. */
  holderOf(node: number): number | null {
    return this.#holders(node, 1)[0] ?? null;
  }

  /** The indices of the node's roots, ascending. */
  *rootsOf(node: number): Generator<number> {
    const { length } = this.#graph.roots.nodes;
    const first = partitionPoint(0, this.#roots.length, (at) => (this.#roots[at] ?? 0) < node * length);
    for (let at = first; at < this.#roots.length; ++at) {
      const root = (this.#roots[at] ?? 0) - node * length;
      if (root >= length) return;
      yield root;
    }
  }

  #rootPath(node: number): FoldedPath | null {
    const { kind, steps } = this.#place(node);
    if (steps > 0) return null;
    const { kinds } = this.#graph.roots;
    for (const root of this.rootsOf(node))
      if (kinds[root] === kind) return startOf(this.#labels.rootName(root), this.#labels.rootAlike(root));
    return startOf(GARBAGE, null);
  }

  #qualified(node: number): FoldedPath | null {
    const name = this.#labels.qualifiedName(node);
    return name === null ? null : startOf(name, this.#labels.nodeAlike(node));
  }

  // Up along the first holders until a path from the root is short enough, or an own name comes in sight.
  #nearEnough(start: number): { node: number; steps: number } {
    let node = start;
    let steps = 0;
    for (let left = this.#place(node).steps; left > LONGEST; --left) {
      if (this.#graph.roles[node] === Role.scope && this.#labels.qualifiedName(node) !== null) break;
      node = this.holderOf(node) ?? node;
      ++steps;
    }
    return { node, steps };
  }

  // Makes a node's path known: holders first, since the first by name of several is wanted.
  #settle(wanted: number): void {
    const todo = [wanted];
    let named = 0;
    for (let node = todo.at(-1); node !== undefined; node = todo.at(-1)) {
      const start = this.#known.has(node) ? null : (this.#qualified(node) ?? this.#rootPath(node));
      if (start !== null) this.#known.set(node, start);
      if (this.#known.has(node)) {
        todo.pop();
        continue;
      }
      const holders = this.#holders(node, MOST_HOLDERS);
      const open = named < MOST_NAMED ? holders.filter((holder) => !this.#known.has(holder)) : [];
      if (open.length > 0) {
        named += open.length;
        todo.push(...open);
        continue;
      }
      // Past the limit one way is enough: its first holder's, if none is known.
      const settled = holders.filter((holder) => this.#known.has(holder));
      const [nearest] = holders;
      if (settled.length === 0 && nearest !== undefined) todo.push(nearest);
      else {
        this.#known.set(node, this.#first(node, settled));
        todo.pop();
      }
    }
  }

  #first(node: number, holders: readonly number[]): FoldedPath {
    let first: FoldedPath | null = null;
    // A logger is logging's, whoever has a variable for it.
    const home = this.#isHeldTwice(node) ? moduleOf(this.#labels.typeName(node)) : null;
    const isHome = (path: string) => home !== null && path.startsWith(home);
    for (const holder of holders) {
      const before = this.#known.get(holder) ?? NOWHERE;
      const piece = this.#labels.edgeName(holder, node);
      const path = before.path + piece;
      if (first !== null && (isHome(path) === isHome(first.path) ? path >= first.path : isHome(first.path)))
        continue;
      const isItem = this.#graph.roles[holder] === Role.items && piece.startsWith("[");
      first = { path, folded: before.folded + (isItem ? "[*]" : piece), which: before.which };
    }
    const own = home === null || (first !== null && isHome(first.path)) ? null : this.#atHome(node, home);
    return own ?? first ?? startOf(GARBAGE, null);
  }

  #isHeldTwice(node: number): boolean {
    const { firsts } = this.#graph.reverse;
    return (firsts[node + 1] ?? 0) - (firsts[node] ?? 0) > 1;
  }

  // As an attribute of a module or class of its own module's, which need not be a shortest way: these start paths.
  #atHome(node: number, home: string): FoldedPath | null {
    const { roles, reverse } = this.#graph;
    const start = reverse.firsts[node] ?? 0;
    const end = Math.min(reverse.firsts[node + 1] ?? 0, start + MOST_AT_HOME);
    let first: string | null = null;
    for (let i = start; i < end; ++i) {
      const holder = reverse.ends[i] ?? 0;
      const isPart = roles[holder] === Role.part;
      const scope = isPart ? this.holderOf(holder) : holder;
      if (scope === null || roles[scope] !== Role.scope) continue;
      const name = this.#labels.qualifiedName(scope);
      if (name === null || !`${name}.`.startsWith(home)) continue;
      const piece = isPart ? this.#labels.edgeName(scope, holder) : "";
      const path = name + piece + this.#labels.edgeName(holder, node);
      if (first === null || path < first) first = path;
    }
    return first === null ? null : startOf(first, null);
  }

  #holders(node: number, most: number): number[] {
    const { firsts, ends } = this.#graph.reverse;
    const { distances } = this.#measured;
    const wanted = (distances[node] ?? 0) - 1;
    const found: number[] = [];
    const end = firsts[node + 1] ?? 0;
    for (let i = firsts[node] ?? 0; i < end && found.length < most; ++i) {
      const source = ends[i] ?? 0;
      // Parallel edges stand side by side.
      if (distances[source] === wanted && source !== found.at(-1)) found.push(source);
    }
    return found;
  }

  #place(node: number): { kind: number; steps: number } {
    const { distances, offsets } = this.#measured;
    const distance = distances[node] ?? 0;
    let kind = offsets.length - 1;
    while (kind > 0 && (offsets[kind] ?? 0) > distance) --kind;
    return { kind, steps: distance - (offsets[kind] ?? 0) };
  }
}

/** `logging.` of `logging.Manager`; null of what is built in, which belongs to whoever has it. */
function moduleOf(type: string): string | null {
  const module = type.replace(/[^.]*$/, "");
  return module === "" || module === "builtins." ? null : module;
}

const NOWHERE: FoldedPath = { path: "", folded: "", which: null };

function startOf(name: string, alike: Alike | null): FoldedPath {
  return { path: name, folded: alike?.name ?? name, which: alike?.which ?? null };
}
