import { blocksIn, type RetainedTree } from "./retained.ts";

/** What nodes hold as one, themselves included. */
export interface RetainedTogether {
  /** Of objects and blocks. */
  readonly bytes: number;
  readonly objects: number;
}

/** What would go with all of them, each byte once, as far as each holds it alone: one may be among what another holds. */
export function retainedTogether(tree: RetainedTree, nodes: readonly number[]): RetainedTogether {
  let [bytes, objects, end] = [0, 0, 0];
  const starts = Float64Array.from(nodes, (node) => tree.positions[node] ?? 0).sort();
  for (const start of starts) {
    if (start < end) continue;
    bytes += tree.bytes[start] ?? 0;
    objects += (tree.spans[start] ?? 0) - blocksIn(tree, start).count;
    end = start + (tree.spans[start] ?? 0);
  }
  return { bytes, objects };
}
