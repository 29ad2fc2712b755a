import { groupHeads, type HeadGroup, retainedBy } from "../heap/index.ts";
import { ROOT_KINDS } from "../runtimes/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import type { Heap } from "./read-heap.ts";

/** Objects without a name of their own, by what holds them and their type, the most first. */
export interface Unnamed extends HeadGroup {
  readonly path: string;
}

/** Of these kinds no path tells one object from another. */
const PATHS: Readonly<Record<string, string>> = { interned: "<interned>", other: "<held by nothing found>" };
/** A suspect holds this share of all bytes, and has so many objects. */
const LEAST_SHARE = 0.05;
const LEAST_HEADS = 100;

/** @param least bytes from which an object is an owner by itself */
export function unnamedOwners({ graph, tree }: Heap, least: number): Unnamed[] {
  const found = ROOT_KINDS.flatMap(({ key }, kind) => {
    const path = PATHS[key];
    return path === undefined
      ? []
      : groupHeads(graph, tree, kind, least).map((group) => ({ path, ...group }));
  });
  return found.sort((a, b) => b.bytes - a.bytes || b.count - a.count);
}

/** Those that look like leaks, and why. */
export function unnamedSuspects(heap: Heap): { group: Unnamed; text: string }[] {
  const all = retainedBy(heap.tree, heap.graph.nodes).bytes;
  return unnamedOwners(heap, Number.POSITIVE_INFINITY)
    .filter(({ heads, bytes }) => heads >= LEAST_HEADS && bytes >= LEAST_SHARE * all)
    .map((group) => {
      const { path, heads, bytes } = group;
      const each = formatBytes(Math.round(bytes / heads));
      const why =
        path === PATHS.interned
          ? "interned for as long as the interpreter runs"
          : "with more references than were found: C code took one too many, or keeps them in memory of its own";
      const share = ((100 * bytes) / all).toFixed(1);
      return {
        group,
        text: `holds ${share} % of all objects' bytes, ${formatCount(heads)} objects of ${each} each, ${why}`,
      };
    });
}
