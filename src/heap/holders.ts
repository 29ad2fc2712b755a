import { Role } from "../terms/index.ts";
import type { Graph } from "./graph.ts";
import type { Labels } from "./labels.ts";
import type { Paths } from "./paths.ts";

/** Objects of one type that are held in the same way. */
export interface Holders {
  /** Where they are, items folded: `app.Profiler.results[*][0]`; or by the type that holds them, see `byType`. */
  readonly path: string;
  /** Whether these are many small groups as one, `<code>.co_consts`: in a part of any object of that type. */
  readonly byType: boolean;
  readonly count: number;
  /** Of these objects alone, not of what they hold. */
  readonly bytes: number;
  /** One of them: at the lowest address. */
  readonly example: number;
}

export interface HoldersAnswer {
  /** Most bytes first, then most objects, then by path. Sum to all objects of the type. */
  readonly rows: readonly Holders[];
  readonly count: number;
  readonly bytes: number;
}

/** A group of less than a hundredth of the objects says little: it is put together with others by its holder's type. */
const LEAST_SHARE = 0.01;
/** Names asked for; after that, an item is an item, and any other part `.*`. */
const MOST_NAMES = 1_000_000;
/** Ways that are told apart. */
const MOST_WAYS = 100_000;
/** Pieces of a path; what is further goes by `…`. */
const LONGEST = 50;

/**
 * Who holds the objects of a type, each by one of its shortest paths, in groups of the same folded path. O(nodes),
 * 4 bytes a node; the names asked for and the groups are bounded.
 */
export function holdersOfType(graph: Graph, paths: Paths, labels: Labels, type: number): HoldersAnswer {
  const ways = new Ways(graph, paths, labels);
  const groups = new Map<number, { count: number; bytes: number; example: number }>();
  let count = 0;
  let bytes = 0;
  for (let node = 0; node < graph.nodes; ++node) {
    if (graph.types[node] !== type) continue;
    const way = ways.of(node);
    const size = graph.sizes[node] ?? 0;
    const group = groups.get(way);
    if (group === undefined) groups.set(way, { count: 1, bytes: size, example: node });
    else {
      ++group.count;
      group.bytes += size;
    }
    ++count;
    bytes += size;
  }
  const rows = new Map<string, Holders>();
  for (const [way, group] of groups) {
    const byType = group.count < LEAST_SHARE * count;
    const path = byType ? ways.byType(group.example) : ways.text(way);
    const key = `${byType} ${path}`;
    const other = rows.get(key);
    rows.set(key, {
      path,
      byType,
      count: group.count + (other?.count ?? 0),
      bytes: group.bytes + (other?.bytes ?? 0),
      example: Math.min(group.example, other?.example ?? group.example),
    });
  }
  const sorted = [...rows.values()].sort(
    (a, b) =>
      b.bytes - a.bytes ||
      b.count - a.count ||
      (a.path < b.path ? -1 : a.path > b.path ? 1 : Number(a.byType) - Number(b.byType)),
  );
  return { rows: sorted, count, bytes };
}

const OTHER = "<other>";

// Folded paths as numbers, each a piece longer than another.
class Ways {
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

  text(way: number): string {
    return this.#texts[way] ?? "";
  }

  of(node: number): number {
    const root = this.#paths.rootNameOf(node);
    if (root !== null) return this.#way(null, root);
    const holder = this.#paths.holderOf(node);
    if (holder === null) return this.#way(null, OTHER);
    return this.#longer(this.#ofHolder(holder), holder, node);
  }

  byType(node: number): string {
    const root = this.#paths.rootNameOf(node);
    if (root !== null) return root;
    // Past parts without a name, to the object that a reader knows.
    let pieces = "";
    let at = node;
    for (let steps = 0; steps < LONGEST; ++steps) {
      const holder = this.#paths.holderOf(at);
      if (holder === null) break;
      pieces = this.#piece(holder, at) + pieces;
      at = holder;
      if (this.#graph.roles[holder] !== Role.part) break;
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
      way = this.#longer(way, node, next);
      node = next;
      ways[node] = way + 1;
    }
    return way;
  }

  #longer(way: number, holder: number, node: number): number {
    const piece = (this.#lengths[way] ?? 0) < LONGEST ? this.#piece(holder, node) : "…";
    // `.next.next.next` is `.next`; items of items are told from items.
    const same = piece === "" || (piece !== "[*]" && piece === this.#lastPieces[way]);
    return same ? way : this.#way(way, piece);
  }

  #piece(holder: number, node: number): string {
    const items = this.#graph.roles[holder] === Role.items;
    if (this.#names >= MOST_NAMES) return items ? "[*]" : ".*";
    ++this.#names;
    const name = this.#labels.edgeName(holder, node);
    return items && name.startsWith("[") ? "[*]" : name;
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
