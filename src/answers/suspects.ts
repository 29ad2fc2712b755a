import { type Owner, retainedBy } from "../heap/index.ts";
import { formatBytes, formatCount, Role } from "../terms/index.ts";
import type { Heap } from "./read-heap.ts";

/** What holds less than this share of all bytes is no suspect, nor what has or keeps fewer items. */
const LEAST_SHARE = 0.05;
const LEAST_ITEMS = 100;
const MOST_SUSPECTS = 5;
const MOST_PLACES = 3;
/** Parts without a name between an object and its holder. */
const MOST_PARTS = 8;

/** An owner that may be a leak, and why. Untrusted text. */
export interface Suspect {
  readonly owner: Owner;
  readonly path: string;
  /** One sentence: the evidence, and who likely puts the items there. */
  readonly text: string;
}

/** The few owners that look like leaks: containers with many items that keep a good part of the heap. */
export function findSuspects(heap: Heap, owners: readonly Owner[]): Suspect[] {
  const {
    graph,
    tree,
    references: { labels },
    paths,
  } = heap;
  const all = retainedBy(tree, graph.nodes).bytes;
  const found: Suspect[] = [];
  for (const owner of owners) {
    if (found.length >= MOST_SUSPECTS || owner.retainedBytes < LEAST_SHARE * all) break;
    const items = labels.lengthOf(owner.node);
    if (graph.roles[owner.node] === Role.scope || (items ?? owner.count) < LEAST_ITEMS) continue;
    const path = paths.pathOf(owner.node);
    const evidence = [`holds ${((100 * owner.retainedBytes) / all).toFixed(1)} % of all objects' bytes`];
    if (items !== null)
      evidence.push(
        `${formatCount(items)} items of ${formatBytes(Math.round(owner.retainedBytes / Math.max(1, items)))} each`,
      );
    const places = likelyPlaces(heap, owner, path);
    if (places !== null) evidence.push(places);
    found.push({ owner, path, text: evidence.join(", ") });
  }
  return found;
}

/** `likely added to in downstream/profiler.py:22 Profiler.end`; null where no code names it. */
function likelyPlaces({ references, graph, paths, labels }: Heap, owner: Owner, path: string): string | null {
  const attribute = /\.([\p{L}_][\p{L}\p{N}_]*)$/u.exec(path)?.[1];
  if (attribute === undefined || references.nameUsers === null) return null;
  let holder = paths.holderOf(owner.node);
  // Past `__dict__`, to the module, the class or the instance.
  for (let steps = 0; holder !== null && graph.roles[holder] === Role.part && steps < MOST_PARTS; steps += 1)
    holder = paths.holderOf(holder);
  if (holder === null) return null;
  const name = labels.qualifiedName(holder) ?? labels.typeName(holder);
  const users = references.nameUsers(name, attribute);
  const adding = users.filter(({ adds }) => adds);
  const named = (adding.length > 0 ? adding : users).slice(0, MOST_PLACES);
  if (named.length === 0) return null;
  const places = named.map(({ file, line, function: user }) => `${file}:${line} ${user}`).join(", ");
  return `${adding.length > 0 ? "likely added to" : "named"} in ${places}`;
}
