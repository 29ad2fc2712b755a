import {
  buildGraph,
  findDominators,
  type Graph,
  type Labels,
  type Objects,
  Paths,
  type RetainedTree,
  retain,
} from "../heap/index.ts";
import { type Core, readModules } from "../image/index.ts";
import { Crew, type Progress } from "../kernel/index.ts";
import { detectRuntime, type References, ROOT_KINDS, type RuntimeObjects } from "../runtimes/index.ts";
import { formatAddress } from "../terms/index.ts";
import { noRuntime } from "./no-runtime.ts";

/** Who holds what among the objects of a core's runtime. */
export interface Heap {
  readonly found: RuntimeObjects;
  readonly references: References;
  readonly graph: Graph;
  readonly tree: RetainedTree;
  readonly labels: Labels;
  readonly paths: Paths;
}

export interface HeapOptions {
  /** Where modules' files are looked for; null for nowhere. */
  readonly root: string | null;
  readonly threads: number;
  /** Called with the stage and how far it is. */
  readonly progress: (stage: string) => Progress;
}

/**
 * Reads the objects of a core, and who holds them.
 * @throws CoregramError `format` where there is no runtime that can be read, `limit` where memory runs out
 */
export async function readHeap(core: Core, name: string, options: HeapOptions): Promise<Heap> {
  const { found, references } = await readReferences(core, name, options);
  const { roots, edges, labels: names } = references;
  options.progress("finding owners")(0, 1);
  const graph = buildGraph(
    nodesOf(found, references),
    { nodes: roots.nodes, kinds: roots.kinds, kindCount: ROOT_KINDS.length },
    edges,
  );
  const tree = retain(graph, findDominators(graph));
  const { firsts, ends } = graph.reverse;
  const holders = (node: number) => ends.subarray(firsts[node] ?? 0, firsts[node + 1] ?? 0);
  const labels: Labels = {
    rootName: (root) => roots.nameOf(root),
    edgeName: (from, to) => names.edgeName(from, to, holders),
    qualifiedName: (node) => names.qualifiedName(node),
    typeName: (node) => names.typeName(node),
  };
  return { found, references, graph, tree, labels, paths: new Paths(graph, tree, labels) };
}

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
    const references = await found.references(crew, options.progress("following references"));
    return { found, references };
  } finally {
    await crew.close();
  }
}

function nodesOf({ types }: RuntimeObjects, { objects, roles }: References): Objects {
  const sizes = new Uint32Array(objects.count);
  const ofTypes = new Uint32Array(objects.count);
  for (let node = 0; node < objects.count; node += 1) {
    sizes[node] = objects.bytes(node);
    ofTypes[node] = objects.type(node);
  }
  return { sizes, types: ofTypes, typeCount: types.length, roles };
}

/** What a row says of an object: its path, its type, where it is, and how many items it has. */
export function describeObject({ references, labels, paths }: Heap, node: number) {
  return {
    path: paths.pathOf(node),
    type: labels.typeName(node),
    address: formatAddress(BigInt(references.objects.address(node))),
    length: references.labels.lengthOf(node),
  };
}
