import type { ArenaUse } from "../blocks/index.ts";
import {
  blocksHeldBy,
  findDominators,
  type HeldLabels,
  nameFewParts,
  Paths,
  type RetainedTree,
  retain,
  type WovenGraph,
  weaveGraph,
} from "../heap/index.ts";
import { type Core, readModules } from "../image/index.ts";
import { Crew, type Progress } from "../kernel/index.ts";
import {
  detectRuntime,
  type NativeMemory,
  type References,
  ROOT_KINDS,
  ROOT_NUMBERS,
  type RuntimeObjects,
} from "../runtimes/index.ts";
import { formatAddress } from "../terms/index.ts";
import { noRuntime } from "./no-runtime.ts";
import { waitersIn } from "./waiters.ts";

/** Who holds what among the objects of a core's runtime. */
export interface Heap {
  readonly found: RuntimeObjects;
  readonly references: References;
  /** Numbers of the threads that wait for input. */
  readonly waiters: ReadonlySet<number>;
  /** What the allocators have, an arena each. */
  readonly arenas: readonly ArenaUse[];
  readonly graph: WovenGraph;
  readonly tree: RetainedTree;
  readonly labels: HeldLabels;
  readonly paths: Paths;
  /** Bytes of blocks that are no objects; and of those that nothing found leads to, which are no nodes. */
  readonly native: { readonly bytes: number; readonly unheldBytes: number };
  addressOf(node: number): number;
  /** Items of a container; null for what is none. */
  lengthOf(node: number): number | null;
}

export interface HeapOptions {
  /** Where modules' files are looked for; null for nowhere. */
  readonly root: string | null;
  readonly threads: number;
  /** Whether what the allocators have is looked at, too. */
  readonly arenas?: boolean;
  /** Called with the objects as soon as they are found, while the crew still has them. */
  readonly first?: (crew: Crew, found: RuntimeObjects) => void;
  /** Called with the stage and how far it is. */
  readonly progress: (stage: string) => Progress;
}

/**
 * Reads the objects of a core, and who holds them.
 * @throws CoregramError `format` where there is no runtime that can be read, `limit` where memory runs out
 */
export async function readHeap(core: Core, name: string, options: HeapOptions): Promise<Heap> {
  const { found, references, arenas } = await readReferences(core, name, options);
  const { sizes, types, roles, roots, edges, labels: names } = references;
  options.progress("finding owners")(0, 1);
  const native = references.native ?? NO_NATIVE;
  const graph = weaveGraph(
    { sizes, types, typeCount: found.types.length, roles },
    { nodes: roots.nodes, kinds: roots.kinds, kindCount: ROOT_KINDS.length },
    edges,
    {
      ...native,
      roots: {
        ...native.roots,
        weak: native.roots.kinds.map((kind) => (kind === ROOT_NUMBERS.stacks ? 1 : 0)),
      },
      lastKind: ROOT_NUMBERS.other,
    },
  );
  const tree = retain(graph, findDominators(graph));
  nameFewParts(graph, tree);
  const { firsts, ends } = graph.reverse;
  const holders = (node: number) =>
    ends.subarray(firsts[node] ?? 0, firsts[node + 1] ?? 0).filter((holder) => holder < graph.objects);
  const isBlock = (node: number) => node >= graph.objects;
  const labels: HeldLabels = {
    rootName: (root) => {
      const block = graph.blockRoots[root - roots.nodes.length];
      return block === undefined ? roots.nameOf(root) : native.roots.nameOf(block);
    },
    rootAlike: (root) => {
      const block = graph.blockRoots[root - roots.nodes.length];
      return block === undefined ? roots.alikeOf(root) : native.roots.alikeOf(block);
    },
    // What is in a block has the block's name, and of blocks one after the other the first has one.
    edgeName: (from, to) =>
      isBlock(from) ? "" : isBlock(to) ? names.blockName(from) : names.edgeName(from, to, holders),
    *held(from) {
      const isInBlock = isBlock(from);
      for (let edge = graph.edges.firsts[from] ?? 0; edge < (graph.edges.firsts[from + 1] ?? 0); edge += 1) {
        const node = graph.edges.ends[edge] ?? 0;
        if (isInBlock) yield { node, name: "", part: `(${NATIVE})` };
        else if (isBlock(node)) yield { node, name: names.blockName(from), part: "" };
      }
      if (!isInBlock)
        for (const { object, name, part } of names.held(from, holders)) yield { node: object, name, part };
    },
    qualifiedName: (node) => (isBlock(node) ? null : names.qualifiedName(node)),
    nodeAlike: (node) => (isBlock(node) ? null : names.alikeOf(node)),
    typeName: (node) => (isBlock(node) ? NATIVE : names.typeName(node)),
  };
  const all = native.bytes.reduce((sum, bytes) => sum + bytes, 0);
  return {
    found,
    references,
    waiters: waitersIn(core),
    arenas,
    graph,
    tree,
    labels,
    paths: new Paths(graph, tree, labels),
    native: { bytes: all, unheldBytes: all - blocksHeldBy(tree, graph.nodes).bytes },
    addressOf: (node) =>
      isBlock(node)
        ? (native.starts[graph.blocks[node - graph.objects] ?? 0] ?? 0)
        : references.objects.address(node),
    lengthOf: (node) => (isBlock(node) ? null : names.lengthOf(node)),
  };
}

/** What reading all of a heap takes, of the memory that is saved: a core of 431 MB took 850 MB. */
export const HEAP_SHARE = 2;

/** What blocks of memory that are no objects go by as a type. */
export const NATIVE = "native memory";
/** What those of them go by that nothing leads to. */
export const UNHELD = "<native memory that nothing found refers to>";

const NO_NATIVE: NativeMemory = {
  count: 0,
  starts: new Float64Array(0),
  bytes: new Float64Array(0),
  exact: new Uint32Array(0),
  inner: new Uint32Array(0),
  roots: {
    blocks: new Uint32Array(0),
    kinds: new Uint8Array(0),
    inner: new Uint8Array(0),
    nameOf: () => "",
    alikeOf: () => null,
  },
};

// A function of its own: when it returns, nothing holds the kernel's memory, and the graph needs as much.
async function readReferences(core: Core, name: string, options: HeapOptions) {
  const crew = new Crew(options.threads);
  try {
    const modules = readModules(core);
    const found = await detectRuntime(crew, core, modules, {
      root: options.root,
      progress: options.progress("finding objects"),
    });
    if ("reason" in found) throw noRuntime(name, found.reason, core, modules);
    options.first?.(crew, found);
    const arenas = options.arenas ? found.arenas(crew) : [];
    const references = await found.references(crew, options.progress("following references"));
    return { found, references, arenas };
  } finally {
    await crew.close();
  }
}

/** What a row says of an object: its path, its type, where it is, and how many items it has. */
export function describeObject({ labels, paths, addressOf, lengthOf }: Heap, node: number) {
  return {
    path: paths.pathOf(node),
    type: labels.typeName(node),
    address: formatAddress(BigInt(addressOf(node))),
    length: lengthOf(node),
  };
}
