import { dominatorOf, type HeldTogether, type Way } from "../heap/index.ts";
import { Role } from "../terms/index.ts";
import type { Heap } from "./read-heap.ts";

/** Pieces between a holder and what it holds; with more, `…` stands for them. */
const MOST_PIECES = 6;

export type HeapNames = Pick<Heap, "graph" | "tree" | "labels" | "paths">;

/** A holder of what several hold together, and the way from there. */
export interface HolderPath {
  readonly holder: number;
  /** From the holder on, items folded: `[*].request`. */
  readonly pieces: string;
}

/** The holders of a set, at most 16. */
export function holdersOfSet(heap: HeapNames, shared: HeldTogether, set: number): HolderPath[] {
  const ways = shared.waysInto(set);
  return shared.holdersOf(set).map((holder) => {
    const way = ways.get(holder);
    // Without an edge of its own it holds a head of another set, which holds this one.
    return { holder, pieces: way === undefined ? "[*]…" : piecesOf(heap, holder, way) };
  });
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
