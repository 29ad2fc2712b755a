import { CoregramError, Role } from "../terms/index.ts";
import { groupEdges, reverseEdges } from "./edges.ts";
import { checkObjects, type Graph, MOST_NODES, type Objects, type Roots } from "./graph.ts";
import { type Loose, weave } from "./loose.ts";

/** A graph with blocks of memory among its nodes: of the type that comes behind the objects'. */
export interface WovenGraph extends Graph {
  /** The block of each node behind the objects. */
  readonly blocks: Uint32Array;
  /** For each root behind those that were given, its index in `Loose.roots`. */
  readonly blockRoots: Uint32Array;
}

/**
 * Takes what `buildGraph` does, and adds blocks of memory that are no objects, as far as something leads to them.
 * @param objects as many as there are roles; behind their sizes and types there is room for all blocks, which is used
 * @throws CoregramError as `buildGraph` does
 */
export function weaveGraph(objects: Objects, roots: Roots, edges: Uint32Array[], loose: Loose): WovenGraph {
  const count = objects.roles.length;
  const most = count + loose.bytes.length;
  if (objects.sizes.length !== most || objects.types.length !== most)
    throw new CoregramError("format", `graph: no room for ${most} nodes`);
  checkObjects(
    { ...objects, sizes: objects.sizes.subarray(0, count), types: objects.types.subarray(0, count) },
    roots,
  );
  const woven = weave(groupEdges(count, edges), roots, loose);
  const { blocks } = woven;
  const nodes = count + blocks.length;
  if (nodes > MOST_NODES) throw new CoregramError("limit", `graph: ${nodes} nodes`);
  const isWide = loose.bytes.some((bytes) => bytes >= 2 ** 32);
  const sizes = (isWide ? Float64Array.from(objects.sizes) : objects.sizes).subarray(0, nodes);
  const types = objects.types.subarray(0, nodes).fill(objects.typeCount, count);
  // A block is a part of what holds it, unless that is no object.
  const roles = new Uint8Array(nodes).fill(Role.part, count);
  roles.set(objects.roles);
  const numbers = new Map<number, number>();
  blocks.forEach((block, number) => {
    sizes[count + number] = loose.bytes[block] ?? 0;
    numbers.set(block, count + number);
  });
  const blockNodes = woven.roots.map((root) => numbers.get(loose.roots.blocks[root] ?? 0) ?? 0);
  for (const node of blockNodes) roles[node] = Role.items;
  const all = roots.nodes.length + blockNodes.length;
  const rootNodes = new Uint32Array(all);
  rootNodes.set(roots.nodes);
  rootNodes.set(blockNodes, roots.nodes.length);
  const kinds = new Uint8Array(all);
  kinds.set(roots.kinds);
  woven.roots.forEach((root, i) => {
    kinds[roots.nodes.length + i] = loose.roots.kinds[root] ?? 0;
  });
  return {
    sizes,
    types,
    typeCount: objects.typeCount + 1,
    roles,
    nodes,
    objects: count,
    edges: woven.edges,
    reverse: reverseEdges(woven.edges),
    roots: { nodes: rootNodes, kinds, kindCount: roots.kindCount },
    blocks,
    blockRoots: woven.roots,
  };
}
