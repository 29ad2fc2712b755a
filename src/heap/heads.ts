import type { Graph } from "./graph.ts";
import type { TypeShare } from "./holds.ts";
import { blocksIn, type Retained, type RetainedTree } from "./retained.ts";

/** Objects of one type that a root kind holds with no object between, and all that goes with them. */
export interface HeadGroup extends Retained {
  readonly type: number;
  /** How many of these objects there are. */
  readonly heads: number;
  /** Some of them, as nodes: at most 1,000. */
  readonly examples: readonly number[];
  /** Blocks that are no objects among it, which are in neither bytes nor count. */
  readonly blockBytes: number;
  /** What it all is, by type: most bytes first, then most objects, then by type. */
  readonly holds: readonly TypeShare[];
}

const MOST_EXAMPLES = 1000;

interface OpenGroup {
  heads: number;
  bytes: number;
  count: number;
  blockBytes: number;
  readonly held: Map<number, TypeShare>;
  readonly examples: number[];
}

function openGroup(): OpenGroup {
  return { heads: 0, bytes: 0, count: 0, blockBytes: 0, held: new Map(), examples: [] };
}

/**
 * What a root kind holds, by the types of its heads, most bytes first: of what has no name there are too many to be rows
 * by themselves. O(what it holds).
 * @param least bytes from which a head is left out: `chooseOwners` makes it an owner
 */
export function groupHeads(graph: Graph, tree: RetainedTree, kind: number, least: number): HeadGroup[] {
  const { order, spans, bytes, positions } = tree;
  const start = positions[tree.nodes + 1 + kind] ?? 0;
  const end = start + (spans[start] ?? 1);
  const groups = new Map<number, OpenGroup>();
  for (let head = start + 1; head < end; head += spans[head] ?? 1) {
    if ((bytes[head] ?? 0) >= least || (order[head] ?? 0) >= tree.objects) continue;
    const blocks = blocksIn(tree, head);
    const type = graph.types[order[head] ?? 0] ?? 0;
    const group = groups.get(type) ?? openGroup();
    groups.set(type, group);
    group.heads += 1;
    if (group.examples.length < MOST_EXAMPLES) group.examples.push(order[head] ?? 0);
    group.bytes += (bytes[head] ?? 0) - blocks.bytes;
    group.count += (spans[head] ?? 0) - blocks.count;
    group.blockBytes += blocks.bytes;
    for (let position = head; position < head + (spans[head] ?? 0); position += 1) {
      const node = order[position] ?? 0;
      const own = graph.types[node] ?? 0;
      const share = group.held.get(own);
      group.held.set(own, {
        type: own,
        count: (share?.count ?? 0) + 1,
        bytes: (share?.bytes ?? 0) + (graph.sizes[node] ?? 0),
      });
    }
  }
  const inOrder = (a: TypeShare, b: TypeShare) => b.bytes - a.bytes || b.count - a.count || a.type - b.type;
  return [...groups]
    .map(([type, { held, ...group }]) => ({ type, ...group, holds: [...held.values()].sort(inOrder) }))
    .sort(inOrder);
}
