import { heldBy, retainedBy } from "../heap/index.ts";
import { Role } from "../terms/index.ts";
import type { Heap } from "./read-heap.ts";

/** Where among what an owner holds its memory fans out: into the items of a few containers. */
export interface FanOut {
  /** Theirs, items folded: `app.server.rooms[*]`. Untrusted. */
  readonly path: string;
  readonly containers: number;
  readonly items: number;
}

/** A container of fewer items holds what these hold. */
export const FEW_ITEMS = 100;
/** Those are looked into that hold such a part of the whole each, if all of them hold most of it. */
const LEAST_PART = 0.005;
const LEAST_SHARE = 0.8;
const MOST_LEVELS = 6;

/** The containers below a few nodes that most of what these hold is in, and that have many items; null where there are none. */
export function fanOutOf(heap: Heap, nodes: readonly number[]): FanOut | null {
  const all = bytesOf(heap, nodes);
  let level = nodes;
  for (let depth = 0; depth < MOST_LEVELS && level.length > 0 && level.length < FEW_ITEMS; depth += 1) {
    const items = level.reduce((sum, node) => sum + (heap.lengthOf(node) ?? 0), 0);
    const [first] = level;
    if (items >= FEW_ITEMS && first !== undefined)
      return depth === 0
        ? null
        : { path: heap.paths.foldedPathOf(first).folded, containers: level.length, items };
    level = level
      .flatMap((node) => partsOf(heap, node))
      .filter((node) => bytesOf(heap, [node]) >= LEAST_PART * all);
    if (bytesOf(heap, level) < LEAST_SHARE * all) return null;
  }
  return null;
}

/** What a node alone holds, that which has no name of its own looked through. */
function partsOf({ tree, graph }: Heap, node: number): number[] {
  const parts: number[] = [];
  const open = [...heldBy(tree, node, FEW_ITEMS)];
  for (let part = open.pop(); part !== undefined; part = open.pop())
    if (part >= graph.objects || parts.length >= FEW_ITEMS) continue;
    else if (graph.roles[part] === Role.part) open.push(...heldBy(tree, part, FEW_ITEMS));
    else parts.push(part);
  return parts;
}

function bytesOf({ tree }: Heap, nodes: readonly number[]): number {
  return nodes.reduce((sum, node) => sum + retainedBy(tree, node).bytes, 0);
}
