import { Role } from "../terms/index.ts";
import type { Graph } from "./graph.ts";
import { garbagePosition, type RetainedTree } from "./retained.ts";

/** References that a container of a few has at the most: so many keys, and as many items. */
const MOST_REFERENCES = 32;
/** Of all bytes, what makes a container worth a closer look: one in so many. */
const LEAST_SHARE = 100;

/**
 * Gives names to the items of a container that has a few, and holds more than half of its bytes by several of them at once:
 * `state['by_id']` and `state['recent']` are then who holds the sessions, and not `state`, which holds two items. Its items
 * are as attributes are.
 */
export function nameFewParts(graph: Graph, tree: RetainedTree): void {
  const { roles, edges, objects } = graph;
  const { order, spans, bytes } = tree;
  const end = garbagePosition(tree);
  const least = (bytes[0] ?? 0) / LEAST_SHARE;
  for (let position = 1; position < end; ) {
    const node = order[position] ?? 0;
    const span = spans[position] ?? 1;
    const held = bytes[position] ?? 0;
    if (held < least) {
      position += span;
      continue;
    }
    ++position;
    if (node >= objects || roles[node] !== Role.items) continue;
    const parts = edges.ends.subarray(edges.firsts[node], edges.firsts[node + 1]);
    if (parts.length > MOST_REFERENCES) continue;
    let together = 0;
    for (let child = position; child < position + span - 1; child += spans[child] ?? 1)
      if (!parts.includes(order[child] ?? 0)) together += bytes[child] ?? 0;
    if (2 * together > held) roles[node] = Role.attributes;
  }
}
