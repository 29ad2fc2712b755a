import { Role } from "../terms/index.ts";
import type { Graph } from "./graph.ts";
import type { Labels } from "./labels.ts";
import type { Paths } from "./paths.ts";

/** Names asked for; after that, an item is an item, and any other part `.*`. */
const MOST_NAMES = 2 ** 22;
/** Ways that are told apart. */
const MOST_WAYS = 100_000;
/** Pieces of a path; what is further goes by `…`. */
const LONGEST = 50;

const OTHER = "<other>";

/**
 * Folded paths as numbers, each a piece longer than another: `app.cache[*].owner`. 4 bytes a node; the names asked for and the
 * ways that are told apart are bounded.
 */
export class Ways {
  readonly #graph: Graph;
  readonly #paths: Paths;
  readonly #labels: Labels;
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #lastPieces: string[] = [];
  readonly #lengths: number[] = [];
  /** By node, one more than its way as a holder; 0 where that is not known yet. */
  readonly #ofHolders: Uint32Array;
  #names = 0;

  constructor(graph: Graph, paths: Paths, labels: Labels) {
    this.#graph = graph;
    this.#paths = paths;
    this.#labels = labels;
    this.#ofHolders = new Uint32Array(graph.nodes);
  }

  /** What a way is called. */
  text(way: number): string {
    return this.#texts[way] ?? "";
  }

  /** The way of a node by one of its shortest paths. */
  of(node: number): number {
    const root = this.#paths.rootNameOf(node);
    if (root !== null) return this.#way(null, root);
    const holder = this.#paths.holderOf(node);
    if (holder === null) return this.#way(null, OTHER);
    return this.#longer(this.#ofHolder(holder), () => this.#piece(holder, node));
  }

  /** The way of what a holder holds by that name, items folded. */
  below(holder: number, name: string): number {
    return this.#longer(this.#ofHolder(holder), () => this.#folded(holder, name));
  }

  /** The way of a node by the type of what holds it. */
  byType(node: number): string {
    const root = this.#paths.rootNameOf(node);
    if (root !== null) return root;
    const holder = this.#paths.holderOf(node);
    return holder === null
      ? `<${this.#labels.typeName(node)}>`
      : this.byTypeOf(holder, this.#piece(holder, node));
  }

  /** The same of what a holder holds by that name. */
  byTypeOf(holder: number, name: string): string {
    // Past parts without a name, to the object that a reader knows.
    let pieces = this.#folded(holder, name);
    let at = holder;
    for (let steps = 1; steps < LONGEST && this.#graph.roles[at] === Role.part; ++steps) {
      const above = this.#paths.holderOf(at);
      if (above === null) break;
      pieces = this.#piece(above, at) + pieces;
      at = above;
    }
    return `<${this.#labels.typeName(at)}>${pieces}`;
  }

  #ofHolder(first: number): number {
    const ways = this.#ofHolders;
    const below: number[] = [];
    let node = first;
    while (ways[node] === 0) {
      const start = this.#labels.qualifiedName(node) ?? this.#paths.rootNameOf(node);
      const holder = start === null ? this.#paths.holderOf(node) : null;
      if (holder === null) ways[node] = this.#way(null, start ?? OTHER) + 1;
      else {
        below.push(node);
        node = holder;
      }
    }
    let way = (ways[node] ?? 1) - 1;
    for (let next = below.pop(); next !== undefined; next = below.pop()) {
      const holder = node;
      const held = next;
      way = this.#longer(way, () => this.#piece(holder, held));
      node = next;
      ways[node] = way + 1;
    }
    return way;
  }

  #longer(way: number, name: () => string): number {
    const piece = (this.#lengths[way] ?? 0) < LONGEST ? name() : "…";
    // `.next.next.next` is `.next`; items of items are told from items.
    const same = piece === "" || (piece !== "[*]" && piece === this.#lastPieces[way]);
    return same ? way : this.#way(way, piece);
  }

  #piece(holder: number, node: number): string {
    const items = this.#graph.roles[holder] === Role.items;
    if (this.#names >= MOST_NAMES) return items ? "[*]" : ".*";
    ++this.#names;
    return this.#folded(holder, this.#labels.edgeName(holder, node));
  }

  #folded(holder: number, name: string): string {
    return this.#graph.roles[holder] === Role.items && name.startsWith("[") ? "[*]" : name;
  }

  #way(from: number | null, piece: string): number {
    const key = `${from ?? ""} ${piece}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    // One way for all that come too late to be told apart.
    if (this.#texts.length >= MOST_WAYS && piece !== OTHER) return this.#way(null, OTHER);
    const way = this.#texts.push((from === null ? "" : this.text(from)) + piece) - 1;
    this.#lastPieces.push(piece);
    this.#lengths.push(from === null ? 0 : (this.#lengths[from] ?? 0) + 1);
    this.#numbers.set(key, way);
    return way;
  }
}
