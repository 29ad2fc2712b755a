import { CoregramError, Role } from "../terms/index.ts";
import { type Edges, groupEdges, reverseEdges } from "./edges.ts";

/** What keeps nodes alive from outside. */
export interface Roots {
  /** A node each; a node may come several times, and the first of a kind gives it its name. */
  readonly nodes: Uint32Array;
  /**
   * Kinds from 0 on, the most telling first (modules, then threads, then whatever a stack word points to).
   * A kind claims only what no earlier kind reaches: a word on a stack takes nothing away from the module
   * that holds the same object.
   */
  readonly kinds: Uint8Array;
  /** How many kinds there are, whether they have roots or not. */
  readonly kindCount: number;
}

/** Objects as numbers from 0 to n - 1, in the order of their addresses. */
export interface Objects {
  /** Bytes of each. */
  readonly sizes: Uint32Array | Float64Array;
  /** Type of each: numbers below `typeCount`. */
  readonly types: Uint32Array;
  readonly typeCount: number;
  /** A `Role` of each. */
  readonly roles: Uint8Array;
}

/** Who points to whom: 9 bytes a node (13 with 64-bit sizes), and 8 bytes a node and 8 an edge for both directions. */
export interface Graph extends Objects {
  readonly nodes: number;
  /** How many of the nodes are objects: those behind them are blocks of memory that are none. */
  readonly objects: number;
  readonly edges: Edges;
  /** The same edges by target, sources ascending. */
  readonly reverse: Edges;
  readonly roots: Roots;
}

const ROLES = Object.keys(Role).length;

/** Four times the nodes and the few made ones fit 32 bits: dominators keep four numbers of each. */
export const MOST_NODES = 2 ** 30 - 1024;

/**
 * Takes objects, edges between them, and roots, as numbers.
 * @param edges pairs (from, to) in any order, in chunks; the list is emptied
 * @throws CoregramError `format` where lengths differ or a node, a root's kind, a type or a role is not there; `limit` for 2^30 nodes
 *   or 2^32 edges
 */
export function buildGraph(objects: Objects, roots: Roots, edges: Uint32Array[]): Graph {
  checkObjects(objects, roots);
  const { sizes, types, typeCount, roles } = objects;
  const nodes = sizes.length;
  const forward = groupEdges(nodes, edges);
  const reverse = reverseEdges(forward);
  return { sizes, types, typeCount, roles, nodes, objects: nodes, edges: forward, reverse, roots };
}

/** @throws CoregramError `format` where lengths differ, or a root, its kind, a type or a role is not there; `limit` */
export function checkObjects(objects: Objects, roots: Roots): void {
  const { sizes, types, typeCount, roles } = objects;
  const nodes = sizes.length;
  if (nodes > MOST_NODES) throw new CoregramError("limit", `graph: ${nodes} nodes`);
  if (types.length !== nodes || roles.length !== nodes)
    throw new CoregramError("format", `graph: ${nodes} sizes, ${types.length} types, ${roles.length} roles`);
  if (roots.nodes.length !== roots.kinds.length)
    throw new CoregramError("format", `graph: ${roots.nodes.length} roots, ${roots.kinds.length} kinds`);
  checkBelow("root", roots.nodes, nodes);
  checkBelow("kind", roots.kinds, roots.kindCount);
  checkBelow("type", types, typeCount);
  checkBelow("role", roles, ROLES);
}

function checkBelow(what: string, numbers: Uint32Array | Uint8Array, end: number): void {
  for (let i = 0; i < numbers.length; ++i)
    if ((numbers[i] ?? 0) >= end)
      throw new CoregramError("format", `graph: ${what} ${numbers[i]} at ${i} is not below ${end}`);
}
