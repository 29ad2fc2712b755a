import { formatBytes, formatCount, formatNames, shellWord } from "../../terms/index.ts";
import { describeFreed, describeSizes } from "../occupancy.ts";
import { describeGroup, nameGroup, type OwnerGroup } from "../owner-groups.ts";
import type { Heap } from "../read-heap.ts";
import type { Finding } from "../results/index.ts";
import { coreWord } from "../subject.ts";
import { LEAST_FREE, LEAST_WASTE, NOT_TOLD, type PatternInput } from "./pattern.ts";

/**
 * An arena goes back to the system when nothing in it is in use: one with less than this share in use of what was cut into
 * blocks is kept by little. What was never cut is new, not freed.
 */
const MOST_USED = 0.25;
/** One arena is always partly free: the one that the next blocks come from. */
const LEAST_ARENAS = 2;
const MOST_NAMED = 3;

/** Arenas that are mostly free, and the owners of the few blocks that keep each from going back to the system. */
export function* stuckPattern(input: PatternInput): Generator<Finding> {
  const { heap, parts, owners, core } = input;
  const arenas = (heap.references.traits?.smallArenas() ?? []).filter(
    ({ carvedBytes, usedBytes }) => usedBytes > 0 && usedBytes < MOST_USED * carvedBytes,
  );
  let [bytes, used] = [0, 0];
  for (const { carvedBytes, usedBytes } of arenas) {
    bytes += carvedBytes - usedBytes;
    used += usedBytes;
  }
  if (arenas.length < LEAST_ARENAS || bytes < LEAST_WASTE * parts.memory) return;
  const keepers = keepersOf(input, arenas);
  const named = keepers
    .slice(0, MOST_NAMED)
    .map(
      ({ group, objects, arenas: inArenas }) =>
        `${nameGroup(heap, owners, group)} (${formatCount(objects)} objects in ${formatCount(inArenas)} of them)`,
    );
  const [first] = keepers;
  const path = first === undefined ? null : describeGroup(heap, owners, first.group).path;
  const share = ((100 * used) / (used + bytes)).toFixed(0);
  const by = named.length === 0 ? "" : `: kept by ${formatNames(named)}`;
  yield {
    ...NOT_TOLD,
    kind: "stuck",
    verdict: "not a leak",
    length: arenas.length,
    bytes,
    why: `free in ${formatCount(arenas.length)} arenas for small objects that are in use to ${share} % (${formatBytes(used)}), and go back to the system once nothing in them is${by}; of pools that are not free, blocks of ${describeSizes(arenas)}${freedText(input)}`,
    next: path === null ? null : `coregram owners ${coreWord(core)} --of ${shellWord(path)}`,
  };
}

/** Where free memory is not told of by itself. */
function freedText({ heap, parts }: PatternInput): string {
  const freed = parts.free >= LEAST_FREE * parts.memory ? "" : describeFreed(heap);
  return freed === "" ? "" : `; what was freed was ${freed}`;
}

interface Keeper {
  readonly group: OwnerGroup;
  objects: number;
  /** In how many arenas these are, and the last of them. */
  arenas: number;
  last: number;
}

/** Owners of the objects in the arenas, those that are in the most first. */
function keepersOf(
  { heap, groups }: PatternInput,
  arenas: readonly { readonly start: number; readonly end: number }[],
): Keeper[] {
  const { objects } = heap.references;
  const owners = new Map<number, OwnerGroup>();
  for (const group of groups)
    for (const { node, isSet } of group.members) if (!isSet) owners.set(node, group);
  const keepers = new Map<OwnerGroup, Keeper>();
  for (const { start, end } of arenas)
    for (
      let node = objects.lastAtOrBelow(start - 1) + 1;
      node < objects.count && objects.address(node) < end;
      node += 1
    ) {
      const group = ownerAbove(heap, owners, node);
      if (group === null) continue;
      const keeper = keepers.get(group) ?? { group, objects: 0, arenas: 0, last: -1 };
      keeper.objects += 1;
      if (keeper.last !== start) keeper.arenas += 1;
      keeper.last = start;
      keepers.set(group, keeper);
    }
  return [...keepers.values()].sort((a, b) => b.arenas - a.arenas || b.objects - a.objects);
}

/** The nearest owner that an object is held by; null where it is in none that is a row. */
function ownerAbove(
  { tree }: Heap,
  owners: ReadonlyMap<number, OwnerGroup>,
  node: number,
): OwnerGroup | null {
  for (let position = tree.positions[node] ?? 0; position > 0; position = tree.parents[position] ?? 0) {
    const group = owners.get(tree.order[position] ?? 0);
    if (group !== undefined) return group;
  }
  return null;
}
