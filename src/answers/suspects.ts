import { type Amount, blocksHeldBy, type Owners, retainedApart, retainedBy } from "../heap/index.ts";
import type { NameUser } from "../runtimes/index.ts";
import { Role } from "../terms/index.ts";
import type { AllocationLines } from "./allocation-lines.ts";
import { mayGrow, type Place } from "./evidence.ts";
import { fanOutOf } from "./fan-out.ts";
import {
  describeGroup,
  isUnnamed,
  lengthOf,
  type OwnerDescription,
  type OwnerGroup,
} from "./owner-groups.ts";
import type { Heap } from "./read-heap.ts";
import type { DiagnosePlace, SuspectFields } from "./results/index.ts";
import { Running } from "./running.ts";

/** What holds this share is told of. */
export const LEAST_SHARE = 0.05;
/** What grew by this share of all that grew, and by so much, is why. */
const LEAST_GROWTH = 0.2;
const LEAST_GROWN = 2 ** 20;
/** Of those that are alike, so many are looked up. */
const MOST_CONTAINERS = 16;
/** Parts without a name between an object and its holder. */
const MOST_PARTS = 8;

/** What there was of an owner in an earlier core. */
export interface OwnerBefore {
  /** Native memory too. */
  readonly bytes: number;
  readonly items: number | null;
}

/** What is compared with an earlier core. */
export interface HeapBefore {
  readonly memory: number;
  /** Owners, and what belongs to none, by what all that are alike go by. */
  readonly owners: ReadonlyMap<string, OwnerBefore>;
}

export interface SuspectsInput {
  readonly heap: Heap;
  readonly owners: Owners;
  readonly groups: readonly OwnerGroup[];
  /** Bytes of the process's memory. */
  readonly memory: number;
  /** Bytes that an owner has for itself at the least, if it is not why the process grew. */
  readonly least: number;
  /** Owners of an earlier core, by what all that are alike go by; null without one. */
  readonly before: ReadonlyMap<string, OwnerBefore> | null;
  /** By how much the process's memory grew since. */
  readonly grew: number | null;
  /** Null where it is not known which lines allocated. */
  readonly lines: AllocationLines | null;
}

/** An owner that has much of the process's memory, or by which it grew, and what tells whether it is a leak. */
export interface Suspect extends OwnerDescription, SuspectFields {
  readonly group: OwnerGroup;
  /** Of its bytes, what is in no object. */
  readonly nativeBytes: number;
  readonly places: readonly Place[];
  /** As `Evident` has it. */
  readonly mostItems: number | null;
  /** `60 threads` that are alike; null where they are none. */
  readonly standing: string | null;
  /** Whether it is a module, a class or a frame, whose parts have names each. */
  readonly isScope: boolean;
}

const MOST_SUSPECTS = 5;

/** Bytes from which an owner is a suspect: a share of all objects, and of the native memory that these hold. */
export function leastSuspect({ tree, graph }: Heap): number {
  return LEAST_SHARE * (retainedBy(tree, graph.nodes).bytes + blocksHeldBy(tree, graph.nodes).bytes);
}

/** The few owners that look like leaks: no modules, classes and frames, whose parts have names each. */
export function fewSuspects(input: SuspectsInput): Suspect[] {
  return findSuspects(input)
    .filter(({ isScope, verdict }) => !isScope || verdict === "leak")
    .slice(0, MOST_SUSPECTS);
}

/** Owners that have much of the process's memory for themselves, or grew by much, most bytes first. */
export function findSuspects(input: SuspectsInput): Suspect[] {
  const { heap, owners, groups } = input;
  const chosen = groups.filter((group) => {
    const own = group.bytes + group.blockBytes;
    if (own < input.least && !hasGrown(input, growthOf(input, group))) return false;
    // Native memory itself is held by C code; what nothing found holds is `unnamedSuspects`'.
    return !isUnnamed(group.like) && !group.members.some(({ node }) => node >= heap.graph.objects);
  });
  const apart = retainedApart(heap.tree, owners, chosen);
  const running = new Running(heap);
  return chosen
    .map((group, index) => suspectOf(input, running, group, apart[index] ?? { bytes: 0, blockBytes: 0 }))
    .sort((a, b) => b.bytes - a.bytes);
}

/** Owners of a core, for those of a later one to be compared with. */
export function ownersBefore(amounts: Iterable<Amount>): Map<string, OwnerBefore> {
  const before = new Map<string, OwnerBefore>();
  for (const { name, like = name, bytes, blockBytes = 0, length } of amounts) {
    const known = before.get(like);
    const items = length === undefined ? (known?.items ?? null) : length + (known?.items ?? 0);
    before.set(like, { bytes: bytes + blockBytes + (known?.bytes ?? 0), items });
  }
  return before;
}

/** Whether growth by so many bytes since an earlier core is why the process grew. */
export function hasGrown({ grew }: Pick<SuspectsInput, "grew">, bytes: number | null): boolean {
  return bytes !== null && bytes >= Math.max(LEAST_GROWN, LEAST_GROWTH * (grew ?? 0));
}

function growthOf({ before }: SuspectsInput, { like, bytes, blockBytes }: OwnerGroup): number | null {
  return before === null ? null : bytes + blockBytes - (before.get(like)?.bytes ?? 0);
}

function suspectOf(
  input: SuspectsInput,
  running: Running,
  group: OwnerGroup,
  { bytes: objectBytes, blockBytes }: { readonly bytes: number; readonly blockBytes: number },
): Suspect {
  const { heap, owners, before, memory } = input;
  const described = describeGroup(heap, owners, group);
  const containers = containersOf(owners, group);
  const alone = group.members.flatMap(({ isSet, node }) => (isSet ? [] : [node]));
  const isScope =
    alone.length === group.members.length && alone.every((node) => heap.graph.roles[node] === Role.scope);
  const fanOut = isScope || alone.length === 0 ? null : fanOutOf(heap, alone);
  const places = containers.slice(0, MOST_CONTAINERS).flatMap((node) => usersOf(heap, node));
  const items = lengthOf(heap, owners, group);
  const bytes = objectBytes + blockBytes;
  const grewBytes = growthOf(input, group);
  const mostItems = mostItemsOf(heap, containers);
  const evident = { ...described, group, fanOut, places: sortPlaces(places), mostItems };
  const looks = !isScope && mayGrow(heap, running, evident);
  // Objects of theirs may be rows as well: the path says how many they are.
  const [, standing = null] = /^<([\d,]+ \S+)(?= in )/.exec(described.path ?? "") ?? [];
  return {
    ...evident,
    ...{ bytes, nativeBytes: blockBytes, memoryBytes: memory, items, isScope },
    itemBytes: items === null ? null : Math.round(bytes / Math.max(1, items)),
    standing: looks ? standing : null,
    grewBytes,
    allocatedAt: input.lines?.mostOf(group.members, owners, group.bytes + group.blockBytes) ?? null,
    grewItems: before === null || items === null ? null : items - (before.get(group.like)?.items ?? 0),
    verdict:
      hasGrown(input, grewBytes) && mostItems === null ? "leak" : looks ? "looks like a leak" : "biggest",
  };
}

/** A suspect as a result has it. */
export function suspectFields(suspect: Suspect): SuspectFields {
  const { verdict, bytes, memoryBytes, items, itemBytes, fanOut, grewItems, grewBytes, allocatedAt } =
    suspect;
  const places = placesOf(suspect);
  return { verdict, bytes, memoryBytes, items, places, itemBytes, fanOut, grewItems, grewBytes, allocatedAt };
}

/** Its places as a result has them. */
export function placesOf({ places }: Pick<Suspect, "places">): DiagnosePlace[] {
  return places.map(({ file, line, function: name, adds, removes, replaces, mayAdd, mayRemove }) => ({
    ...{ file, line, function: name, adds, removes, replaces, mayAdd, mayRemove },
  }));
}

/** Each once, those that add first. */
function sortPlaces(places: readonly Place[]): Place[] {
  const weight = ({ adds, mayAdd }: Place) => (adds ? 2 : mayAdd ? 1 : 0);
  const each = new Map(
    places.map((place) => [
      `${place.object} ${place.line} ${place.adds} ${place.removes} ${place.mayRemove}`,
      place,
    ]),
  );
  return [...each.values()].sort((a, b) => weight(b) - weight(a));
}

/** The containers of a group, or what holds what they hold together. */
function containersOf({ shared }: Owners, { members }: OwnerGroup): number[] {
  return members.flatMap(({ set, isSet, node }) => (isSet && set !== null ? shared.holdersOf(set) : [node]));
}

/** How many items a group can have, which drops one for each that comes then; null where there is no bound. */
export function boundOf(heap: Heap, owners: Owners, group: OwnerGroup): number | null {
  return mostItemsOf(heap, containersOf(owners, group));
}

function mostItemsOf({ references: { traits } }: Heap, containers: readonly number[]): number | null {
  let most: number | null = null;
  for (const container of containers) {
    const bound = traits?.mostItems(container) ?? null;
    if (bound === null) return null;
    most = Math.max(most ?? 0, bound);
  }
  return most;
}

/** Who names a container as an attribute or a variable. */
function usersOf({ references, graph, paths }: Heap, container: number): readonly NameUser[] {
  let named = container;
  let path = paths.pathOf(named);
  // What a C struct holds, as a queue does its items, is filled through that: it has a number for a name, or none.
  for (let steps = 0; steps < MOST_PARTS; steps += 1) {
    const holder = paths.holderOf(named);
    if (holder === null || holder >= graph.objects || graph.roles[holder] === Role.part) break;
    if (!/\.<an? [^<>]+>$/.test(path) && paths.pathOf(holder) !== path) break;
    named = holder;
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
