import { blocksHeldBy, type Owners, retainedBy } from "../heap/index.ts";
import type { NameUser } from "../runtimes/index.ts";
import { formatBytes, formatCount, Role } from "../terms/index.ts";
import { isUnnamed, lengthOf, nameGroup, type OwnerGroup } from "./owner-groups.ts";
import type { Heap } from "./read-heap.ts";

/** What holds less than this share of all bytes is no suspect, nor what has or keeps fewer items. */
const LEAST_SHARE = 0.05;
const LEAST_ITEMS = 100;
const MOST_SUSPECTS = 5;
const MOST_PLACES = 3;
/** Of those that are alike, so many are looked up. */
export const MOST_CONTAINERS = 16;
/** Parts without a name between an object and its holder. */
const MOST_PARTS = 8;

/** An owner that may be a leak, and why. Untrusted text. */
export interface Suspect {
  readonly group: OwnerGroup;
  readonly path: string;
  /** One sentence: the evidence, and who likely puts the items there. */
  readonly text: string;
}

/** The few owners that look like leaks: containers with many items that keep a good part of the heap, native memory or not. */
export function findSuspects(heap: Heap, owners: Owners, groups: readonly OwnerGroup[]): Suspect[] {
  const { graph, tree } = heap;
  const { bytes: all } = retainedBy(tree, graph.nodes);
  const { bytes: native } = blocksHeldBy(tree, graph.nodes);
  const found: Suspect[] = [];
  for (const group of groups) {
    const nodes = containersOf(owners, group);
    // Native memory itself is held by C code; what nothing found holds is `unnamedSuspects`'.
    if (isUnnamed(group.like) || nodes.some((node) => node >= graph.objects)) continue;
    const bytes = group.retainedBytes + group.retainedBlockBytes;
    const isLarge = group.retainedBytes >= LEAST_SHARE * all || bytes >= LEAST_SHARE * (all + native);
    if (found.length >= MOST_SUSPECTS || !isLarge) break;
    const items = lengthOf(heap, owners, group);
    const isScope = group.members.every(({ isSet, node }) => !isSet && graph.roles[node] === Role.scope);
    if (isScope || (items ?? group.count) < LEAST_ITEMS) continue;
    const hasNative = group.retainedBlockBytes >= LEAST_SHARE * (all + native);
    const share = `holds ${((100 * group.retainedBytes) / all).toFixed(1)} % of all objects' bytes`;
    const evidence = [
      hasNative ? `${share} and ${formatBytes(group.retainedBlockBytes)} of native memory` : share,
    ];
    if (items !== null) {
      const each = Math.round((hasNative ? bytes : group.retainedBytes) / Math.max(1, items));
      evidence.push(`${formatCount(items)} items of ${formatBytes(each)} each`);
    }
    const places = likelyPlaces(heap, nodes.slice(0, MOST_CONTAINERS));
    if (places !== null) evidence.push(places);
    found.push({ group, path: nameGroup(heap, owners, group), text: evidence.join(", ") });
  }
  return found;
}

/** `added to in downstream/profiler.py:23 Profiler.end`, whichever of the containers; null where no code names one. */
function likelyPlaces(heap: Heap, containers: readonly number[]): string | null {
  const users = containers.flatMap((container) => usersOf(heap, container));
  const adding = users.filter(({ adds }) => adds);
  if (adding.length > 0) return `added to in ${placesOf(adding)}`;
  const likely = users.filter(({ mayAdd }) => mayAdd);
  if (likely.length > 0) return `likely added to in ${placesOf(likely)}`;
  // What makes a container names it as well, and tells nothing.
  const named = users.filter(({ removes, function: user }) => !removes && !/(^|\.)__init__$/.test(user));
  return named.length > 0 ? `named in ${placesOf(named)}` : null;
}

/** `downstream/profiler.py:23 Profiler.end` */
export function placeOf({
  file,
  line,
  function: user,
}: Pick<NameUser, "file" | "line" | "function">): string {
  return `${file}:${line} ${user}`;
}

/** The containers of a group, or what holds what they hold together. */
export function containersOf({ shared }: Owners, { members }: OwnerGroup): number[] {
  return members.flatMap(({ set, isSet, node }) => (isSet && set !== null ? shared.holdersOf(set) : [node]));
}

/** Each once, at most three. */
function placesOf(users: readonly NameUser[]): string {
  return [...new Set(users.map(placeOf))].slice(0, MOST_PLACES).join(", ");
}

/** Who names a container as an attribute or a variable. */
export function usersOf({ references, graph, paths }: Heap, container: number): readonly NameUser[] {
  let named = container;
  let path = paths.pathOf(named);
  // What a C struct holds, as a queue does its items, is filled through that.
  for (let steps = 0; /\.<0x[0-9a-f]+>$/.test(path) && steps < MOST_PARTS; steps += 1) {
    named = paths.holderOf(named) ?? named;
    path = paths.pathOf(named);
  }
  const attribute = /\.([\p{L}_][\p{L}\p{N}_]*)$/u.exec(path)?.[1];
  if (attribute === undefined || references.nameUsers === null) return [];
  let holder = paths.holderOf(named);
  // Past `__dict__`, to the module, the class or the instance.
  for (let steps = 0; holder !== null && graph.roles[holder] === Role.part && steps < MOST_PARTS; steps += 1)
    holder = paths.holderOf(holder);
  return holder === null ? [] : references.nameUsers(named, holder, attribute);
}
