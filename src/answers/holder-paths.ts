import { dominatorOf, type Owner, type Owners, type Shared, type Way } from "../heap/index.ts";
import { formatNames, Role } from "../terms/index.ts";
import type { Heap } from "./read-heap.ts";

/** Pieces between a holder and what it holds; with more, `…` stands for them. */
const MOST_PIECES = 6;

type HeapNames = Pick<Heap, "graph" | "tree" | "labels" | "paths">;

/** The holders of a set by name, items folded: `__main__.index[*].request`. Each once, in order; at most 16. */
export function holderPaths(heap: HeapNames, shared: Shared, set: number): string[] {
  const ways = shared.waysInto(set);
  const paths = shared.holdersOf(set).map((holder) => {
    const way = ways.get(holder);
    // Without an edge of its own it holds a head of another set, which holds this one.
    return heap.paths.pathOf(holder) + (way === undefined ? "[*]…" : piecesOf(heap, holder, way));
  });
  return [...new Set(paths)].sort();
}

/** What an owner is called, and the containers that hold it together; null where there are none. */
export function nameOwner(
  heap: HeapNames,
  owner: Owner,
  { shared }: Owners,
): { name: string; holders: readonly string[] | null } {
  const holders = owner.set === null ? null : holderPaths(heap, shared, owner.set);
  const name = holders !== null && owner.isSet ? formatNames(holders) : heap.paths.pathOf(owner.node);
  return { name, holders };
}

// From the holder down to what is shared. Only dominators are known on the way; they need not point to what they dominate.
function piecesOf({ graph, tree, labels }: HeapNames, holder: number, { from, to }: Way): string {
  const { firsts, ends } = graph.edges;
  let pieces = "";
  let below = to;
  let above: number | null = from;
  for (let steps = 0; above !== null && steps < MOST_PIECES; ++steps) {
    const isItem = graph.roles[above] === Role.items;
    if (!ends.subarray(firsts[above] ?? 0, firsts[above + 1] ?? 0).includes(below)) break;
    pieces = (isItem ? "[*]" : labels.edgeName(above, below)) + pieces;
    if (above === holder) return pieces;
    below = above;
    above = dominatorOf(tree, above);
  }
  return `[*]…${pieces}`;
}
