import type { Target } from "../image/index.ts";
import { NO_ROOT, ROOT_KINDS } from "../runtimes/index.ts";
import { formatCount, type Listener } from "../terms/index.ts";
import { withHeap } from "./heap.ts";
import type { ModuleOptions, ThreadOptions } from "./options.ts";
import type { Heap } from "./read-heap.ts";
import { openTexts, type Texts } from "./texts.ts";

/** What a node is; numbers of `node_types` in V8's own snapshots (src/profiler/heap-snapshot-generator.h). */
const NODE = { string: 2, object: 3, native: 8, synthetic: 9 } as const;
/** The same of `edge_types`. An element's name is its number, any other's a text. */
const EDGE = { element: 1, property: 2, internal: 3, weak: 6 } as const;

/** A heap as V8 writes its own: nodes, the edges of each one after the other, and the texts that both name. */
export interface HeapSnapshot {
  readonly nodes: readonly SnapshotNode[];
  /** Type, name, index of the node that is held. */
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

interface SnapshotNode {
  readonly type: number;
  readonly name: number;
  readonly bytes: number;
  readonly edgeCount: number;
}

export interface SnapshotOptions extends ModuleOptions, ThreadOptions {
  /** Objects that are nodes of their own, those that retain most; a million by default. Others are one node a dominator. */
  readonly most?: number | undefined;
  /** Texts are named by what is in them, as V8's are, and by their type where they are not. */
  readonly values?: boolean | undefined;
  /** What names become; as they are unless given. */
  readonly names?: SnapshotNames | undefined;
}

/** What stands for names. */
export interface SnapshotNames {
  /** For a type, or what is above all steps. */
  path(text: string): string;
  /** For how an object of a type reaches another: `.attr`, `['key']`. */
  step(text: string, holder: string): string;
}

/** Viewers read a file of some 200 MB, and fail at ten times as much. */
const MOST_NODES = 1_000_000;

/**
 * Who holds what, for viewers of V8's heap snapshots. What they compute as retained is what this program does, native
 * memory among it: an object that several kinds of roots lead to is held by the most telling one alone, and other ways to it
 * are weak.
 * @throws CoregramError as `answerOwners` does
 */
export function answerHeapSnapshot(
  target: Target,
  options: SnapshotOptions = {},
  listener: Listener = () => {},
): Promise<HeapSnapshot> {
  return withHeap(target, options, listener, async (heap, _, contents) => {
    const most = options.most ?? MOST_NODES;
    if (heap.graph.nodes > most)
      listener({
        kind: "note",
        target: target.name,
        text: `the ${formatCount(most)} objects that retain most are nodes; what these hold beside them is one node each`,
      });
    const texts = options.values === true ? await openTexts(heap, contents, options) : null;
    try {
      return new SnapshotMaker(heap, most, { texts, names: options.names ?? null }).make();
    } finally {
      texts?.close();
    }
  });
}

const ROOT = 0;
const FIRST_LAYER = 1;
/** Viewers keep a node's own bytes in 32 bits. */
const MOST_BYTES = 2 ** 32 - 1;

class SnapshotMaker {
  readonly #heap: Heap;
  readonly #texts: Texts | null;
  readonly #names: SnapshotNames | null;
  readonly #strings = new Map<string, number>();
  readonly #nodes: SnapshotNode[] = [];
  readonly #edges: number[] = [];
  /** By position: the index of the node, or of the nearest one above it that is a node of its own. */
  readonly #indices: Uint32Array;
  /** Positions of the made nodes of root kinds, garbage last, ascending. */
  readonly #layers: readonly number[];
  readonly #isKept: (position: number) => boolean;
  /** Objects that are nodes, ascending. */
  readonly #kept: number[] = [];

  constructor(
    heap: Heap,
    most: number,
    { texts, names }: { readonly texts: Texts | null; readonly names: SnapshotNames | null },
  ) {
    const { graph, tree } = heap;
    this.#heap = heap;
    this.#texts = texts;
    this.#names = names;
    const least = leastKept(heap, most);
    this.#isKept = (position) => (tree.bytes[position] ?? 0) > least;
    this.#layers = Array.from(
      { length: tree.kinds + 1 },
      (_, kind) => tree.positions[graph.nodes + 1 + kind] ?? 0,
    );
    this.#indices = new Uint32Array(tree.order.length);
    this.#layers.forEach((position, kind) => {
      this.#indices[position] = FIRST_LAYER + kind;
    });
    for (let node = 0; node < graph.nodes; node += 1) {
      const position = tree.positions[node] ?? 0;
      if (!this.#isKept(position)) continue;
      this.#indices[position] = FIRST_LAYER + this.#layers.length + this.#kept.length;
      this.#kept.push(node);
    }
    // Parents come first.
    for (let position = 1; position < this.#indices.length; position += 1)
      this.#indices[position] ||= this.#indices[tree.parents[position] ?? 0] ?? 0;
  }

  make(): HeapSnapshot {
    const { graph, labels } = this.#heap;
    const { counts, bytes } = this.#restOfEach();
    const hidden = this.#hiddenWays();
    const rests: { index: number; name: string; bytes: number }[] = [];
    let next = FIRST_LAYER + this.#layers.length + this.#kept.length;
    const add = (index: number, type: number, name: string, own: number, edges: () => void) => {
      const before = this.#edges.length;
      edges();
      for (const to of hidden.get(index) ?? []) this.#edge(EDGE.internal, THROUGH, to);
      for (
        let left = bytes[index] ?? 0, first = true;
        (first && (counts[index] ?? 0) > 0) || left > 0;
        first = false
      ) {
        const part = Math.min(left, MOST_BYTES);
        const rest = `${formatCount(counts[index] ?? 0)} more`;
        this.#push(EDGE.internal, this.#text(rest), next);
        rests.push({ index: next, name: `(${rest})`, bytes: part });
        next += 1;
        left -= part;
      }
      this.#nodes.push({
        type,
        name: this.#text(name),
        bytes: own,
        edgeCount: (this.#edges.length - before) / 3,
      });
    };
    add(ROOT, NODE.synthetic, "", 0, () => {
      this.#layers.forEach((_, kind) => {
        this.#push(EDGE.property, this.#text(layerName(kind)), FIRST_LAYER + kind);
      });
    });
    const roots = this.#rootsByKind();
    this.#layers.forEach((_, kind) => {
      add(FIRST_LAYER + kind, NODE.synthetic, `(${layerName(kind)})`, 0, () => {
        for (const { name, node } of roots[kind] ?? [])
          this.#edge(EDGE.property, name, this.#indexOf(node), kind);
      });
    });
    for (const node of this.#kept) {
      const index = this.#indexOf(node);
      const text = this.#texts?.of(node)?.text;
      const type = text !== undefined ? NODE.string : node < graph.objects ? NODE.object : NODE.native;
      add(index, type, text ?? this.#pathText(labels.typeName(node)), graph.sizes[node] ?? 0, () =>
        this.#edgesOf(node),
      );
    }
    for (const { name, bytes } of rests)
      this.#nodes.push({ type: NODE.synthetic, name: this.#text(name), bytes, edgeCount: 0 });
    return { nodes: this.#nodes, edges: this.#edges, strings: [...this.#strings.keys()] };
  }

  #indexOf(node: number): number {
    return this.#indices[this.#heap.tree.positions[node] ?? 0] ?? 0;
  }

  #isNode(node: number): boolean {
    return this.#isKept(this.#heap.tree.positions[node] ?? 0);
  }

  /** The root kind whose part of the tree a node is in. */
  #layerOf(node: number): number {
    const position = this.#heap.tree.positions[node] ?? 0;
    return this.#layers.findLastIndex((start) => start <= position);
  }

  #edgesOf(from: number): void {
    const { graph, labels } = this.#heap;
    const layer = this.#layerOf(from);
    const holder = labels.typeName(from);
    const named = new Set<number>();
    for (const { node, name, part } of labels.held(from)) {
      named.add(node);
      if (!this.#isNode(node)) continue;
      const step = this.#names === null ? name : this.#names.step(name, holder);
      this.#edge(EDGE.property, step || part, this.#indexOf(node), layer);
    }
    for (let edge = graph.edges.firsts[from] ?? 0; edge < (graph.edges.firsts[from + 1] ?? 0); edge += 1) {
      const node = graph.edges.ends[edge] ?? 0;
      if (!named.has(node) && this.#isNode(node)) this.#edge(EDGE.internal, "", this.#indexOf(node), layer);
    }
  }

  /** An edge by its name in a path; weak where the viewer must not count it, as the node belongs to an earlier layer. */
  #edge(type: number, name: string, to: number, layer = 0): void {
    const node = this.#kept[to - FIRST_LAYER - this.#layers.length] ?? 0;
    if (this.#layerOf(node) < layer) {
      this.#push(EDGE.weak, this.#text(name), to);
      return;
    }
    const [, item] = /^\[(\d{1,9})\]$/.exec(name) ?? [];
    const [, attribute] = /^\.([\w]+)$/.exec(name) ?? [];
    if (item !== undefined && type === EDGE.property) this.#push(EDGE.element, Number(item), to);
    else this.#push(name === "" ? EDGE.internal : type, this.#text(attribute ?? name), to);
  }

  #pathText(text: string): string {
    return this.#names === null ? text : this.#names.path(text);
  }

  #push(type: number, name: number, to: number): void {
    this.#edges.push(type, name, to);
  }

  #text(text: string): number {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    this.#strings.set(text, this.#strings.size);
    return this.#strings.size - 1;
  }

  #rootsByKind(): { name: string; node: number }[][] {
    const { graph, tree, labels } = this.#heap;
    const kinds: { name: string; node: number }[][] = this.#layers.map(() => []);
    graph.roots.nodes.forEach((node, root) => {
      if (this.#isNode(node))
        kinds[graph.roots.kinds[root] ?? 0]?.push({ name: this.#pathText(labels.rootName(root)), node });
    });
    for (const node of tree.garbageRoots) if (this.#isNode(node)) kinds.at(-1)?.push({ name: "", node });
    return kinds;
  }

  /** Of each node: objects and bytes that it dominates and that are no nodes, nor in one. */
  #restOfEach(): { counts: Uint32Array; bytes: Float64Array } {
    const { tree, graph } = this.#heap;
    const size = FIRST_LAYER + this.#layers.length + this.#kept.length;
    const counts = new Uint32Array(size);
    const bytes = new Float64Array(size);
    for (let node = 0; node < graph.nodes; node += 1) {
      const position = tree.positions[node] ?? 0;
      if (this.#isKept(position)) continue;
      const index = this.#indices[position] ?? 0;
      counts[index] = (counts[index] ?? 0) + 1;
      bytes[index] = (bytes[index] ?? 0) + (graph.sizes[node] ?? 0);
    }
    return { counts, bytes };
  }

  /**
   * Ways from nodes through what is no node to other nodes. What dominates the one stands for it, by which dominators stay
   * what they were: whatever avoids a node on the way to the one avoids it to what dominates that, too.
   */
  #hiddenWays(): Map<number, Set<number>> {
    const { graph } = this.#heap;
    const ways = new Map<number, Set<number>>();
    for (let from = 0; from < graph.nodes; from += 1) {
      if (this.#isNode(from)) continue;
      const index = this.#indexOf(from);
      for (let edge = graph.edges.firsts[from] ?? 0; edge < (graph.edges.firsts[from + 1] ?? 0); edge += 1) {
        const node = graph.edges.ends[edge] ?? 0;
        const to = this.#indexOf(node);
        if (to === index || !this.#isNode(node) || this.#layerOf(node) < this.#layerOf(from)) continue;
        const known = ways.get(index);
        if (known === undefined) ways.set(index, new Set([to]));
        else known.add(to);
      }
    }
    return ways;
  }
}

const THROUGH = "(through what is no node)";

function layerName(kind: number): string {
  return (ROOT_KINDS[kind] ?? NO_ROOT).key;
}

/** Bytes that an object has to retain more than to be a node, so that no more than `most` are; below 0 where all are. */
function leastKept({ tree, graph }: Heap, most: number): number {
  if (graph.nodes <= most) return -1;
  const sorted = new Float64Array(graph.nodes);
  for (let node = 0; node < graph.nodes; node += 1) sorted[node] = tree.bytes[tree.positions[node] ?? 0] ?? 0;
  sorted.sort();
  return sorted[graph.nodes - most - 1] ?? 0;
}
