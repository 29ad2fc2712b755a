import {
  buildGraph,
  findDominators,
  type Graph,
  type Labels,
  Paths,
  type RetainedTree,
  Role,
  retain,
} from "../heap/index.ts";
import { type Core, readModules } from "../image/index.ts";
import { Crew, type Progress } from "../kernel/index.ts";
import {
  type Family,
  findRoots,
  followEdges,
  ObjectTable,
  type Python,
  type PythonEdges,
  PythonLabels,
  readPython,
} from "../runtimes/index.ts";
import { formatAddress } from "../terms/index.ts";
import { noPython } from "./no-python.ts";

/** Who holds what among the objects of a core's CPython. */
export interface PythonHeap {
  readonly python: Python;
  readonly table: ObjectTable;
  readonly edges: Pick<PythonEdges, "scans" | "parts" | "lostWords">;
  readonly graph: Graph;
  readonly tree: RetainedTree;
  readonly names: PythonLabels;
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
 * @throws CoregramError `format` where there is no CPython, `limit` where memory runs out
 */
export async function readHeap(core: Core, name: string, options: HeapOptions): Promise<PythonHeap> {
  const { python, table, edges, names, objects, roots, chunks } = await readObjects(core, name, options);
  options.progress("finding owners")(0, 1);
  const graph = buildGraph(objects, { nodes: roots.nodes, kinds: roots.kinds }, chunks);
  const tree = retain(graph, findDominators(graph));
  const { firsts, ends } = graph.reverse;
  const holders = (node: number) => ends.subarray(firsts[node] ?? 0, firsts[node + 1] ?? 0);
  const labels: Labels = {
    rootName: (root) => roots.nameOf(root),
    edgeName: (from, to) => names.edgeName(from, to, holders),
    qualifiedName: (node) => names.qualifiedName(node),
    typeName: (node) => names.typeName(node),
  };
  return { python, table, edges, graph, tree, names, labels, paths: new Paths(graph, tree, labels) };
}

// A function of its own: when it returns, nothing holds the kernel's memory, and the graph needs as much.
async function readObjects(core: Core, name: string, options: HeapOptions) {
  const crew = new Crew(options.threads);
  try {
    const modules = readModules(core);
    const python = await readPython(crew, core, modules, {
      root: options.root,
      progress: options.progress("finding objects"),
    });
    if ("reason" in python) throw noPython(name, python.reason, core, modules);
    const table = new ObjectTable(crew.memory, python.records);
    const edges = await followEdges(crew, python, table, options.progress("following references"));
    const names = new PythonLabels(python, table, edges);
    const roots = findRoots(core, modules, python, table, edges, names);
    const objects = objectsOf(python, table, edges);
    table.detach();
    return { python, table, edges: keptOf(edges), names, objects, roots, chunks: edges.chunks };
  } finally {
    await crew.close();
  }
}

function keptOf({ scans, parts, lostWords }: PythonEdges): PythonHeap["edges"] {
  return { scans, parts, lostWords };
}

/** What objects of a family are to a reader; all else has attributes. */
const ROLES: ReadonlyMap<Family, number> = new Map<Family, number>([
  ["list", Role.items],
  ["tuple", Role.items],
  ["dict", Role.items],
  ["set", Role.items],
  ["deque", Role.items],
  ["cell", Role.part],
  ["module", Role.scope],
  ["type", Role.scope],
  ["function", Role.scope],
  ["frame", Role.scope],
]);

function objectsOf(python: Python, table: ObjectTable, { scans, parts }: PythonEdges) {
  const sizes = new Uint32Array(table.count);
  const types = new Uint32Array(table.count);
  const roles = new Uint8Array(table.count);
  const ofTypes = scans.map(({ descent }) => ROLES.get(descent.family) ?? Role.attributes);
  for (let node = 0; node < table.count; node += 1) {
    const type = table.type(node);
    sizes[node] = table.bytes(node);
    types[node] = type;
    roles[node] = parts[node] === 1 ? Role.part : (ofTypes[type] ?? Role.attributes);
  }
  return { sizes, types, typeCount: python.types.length, roles };
}

/** What a row says of an object: its path, its type, where it is, and how many items it has. */
export function describeObject({ table, names, labels, paths }: PythonHeap, node: number) {
  return {
    path: paths.pathOf(node),
    type: labels.typeName(node),
    address: formatAddress(BigInt(table.address(node))),
    length: names.lengthOf(node),
  };
}
