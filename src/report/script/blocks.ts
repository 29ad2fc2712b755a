import { type HierarchyRectangularNode, hierarchy, partition } from "d3-hierarchy";
import type { OwnerRow, OwnersTotals } from "../../answers/results/index.ts";

/** An owner in the picture; the whole process has no row. */
export interface Block {
  readonly row: OwnerRow | null;
  readonly children: Block[];
  /** What it retains that no child does, in bytes. */
  own: number;
}

/** A place in the picture: `x0` to `x1` of the whole width, from 0 to 1. */
export type Placed = HierarchyRectangularNode<Block>;

/** Owners side by side, as wide as what they retain, below those that they are in. */
export function placeOwners(rows: readonly OwnerRow[], totals: OwnersTotals): Placed {
  const root: Block = { row: null, children: [], own: totals.bytes + totals.nativeBytes };
  const open: Block[] = [root];
  for (const row of rows) {
    // A row's holder is the last one of a lower depth.
    open.length = Math.min(open.length, row.depth + 1);
    const block = { row, children: [], own: row.retainedBytes + row.retainedNativeBytes };
    const holder = open.at(-1) ?? root;
    holder.children.push(block);
    // Of owners that are alike some may be elsewhere: then they come to more than their holder has.
    holder.own = Math.max(0, holder.own - block.own);
    open.push(block);
  }
  return partition<Block>()(hierarchy(root).sum(({ own }) => own));
}
