import { blocksHeldBy, type Owners } from "../heap/index.ts";
import { type BalanceParts, UNNAMED_ROOTS } from "../runtimes/index.ts";
import { formatBytes, formatCount, formatNames, Role } from "../terms/index.ts";
import { untouchedBytes } from "./coverage.ts";
import type { NextCommands } from "./next-command.ts";
import { describeGroup, isUnnamed, type OwnerGroup } from "./owner-groups.ts";
import { NOT_TOLD } from "./patterns/pattern.ts";
import { withPatterns } from "./patterns/patterns.ts";
import { type Heap, UNHELD } from "./read-heap.ts";
import type { DiagnosePlace, Finding } from "./results/index.ts";
import { containersOf, MOST_CONTAINERS, placeOf, usersOf } from "./suspects.ts";
import { type Occurrences, unnamedSuspects } from "./unnamed.ts";

/** What the process's memory is, in bytes: the first five and `returnable`, which is in `free`, are told on the screen. */
export interface MemoryParts {
  /** Less what was only reserved: the sum of `live` to `other`. */
  readonly memory: number;
  readonly live: number;
  readonly native: number;
  readonly garbage: number;
  readonly free: number;
  readonly other: number;
  readonly returnable: number;
}

/** What is told has this share of the process's memory at the least. */
const LEAST_SHARE = 0.05;
/** From here on free memory and stacks are what is to be said of a process. */
const LEAST_FREE = 0.4;
const LEAST_OTHER = 0.2;
/** A container that has fewer items is large for what they are, and not for how many. */
const LEAST_ITEMS = 100;
/** So many threads or tasks that stand at one place are waiting for something that does not come. */
const LEAST_ALIKE = 20;
/** What grew by this share of all that grew, and by so much, is why. */
const LEAST_GROWTH = 0.2;
const LEAST_GROWN = 2 ** 20;
const MOST_PLACES = 3;

export interface FindingsInput {
  readonly heap: Heap;
  readonly owners: Owners;
  readonly groups: readonly OwnerGroup[];
  readonly parts: MemoryParts;
  /** Bytes of owners of an earlier core, by what all that are alike go by; null without one. */
  readonly before: ReadonlyMap<string, number> | null;
  /** By how much the process's memory grew since. */
  readonly grew: number | null;
  readonly occurrences: Occurrences;
  readonly next: NextCommands;
  /** The core, as the next command takes it. */
  readonly core: string;
}

/**
 * The large parts of a process's memory, and what each looks like: leaks and what looks like one before free memory and what
 * is only large, most bytes first.
 */
export async function findFindings(input: FindingsInput): Promise<Finding[]> {
  const { heap, parts } = input;
  const least = LEAST_SHARE * parts.memory;
  const found = [
    ...withPatterns(input, [...ownerFindings(input, least)]),
    ...(await unnamedFindings(input, least)),
    ...otherFindings(heap, parts),
  ];
  return found.sort((a, b) => rankOf(b) - rankOf(a) || b.bytes - a.bytes);
}

const rankOf = ({ verdict }: Finding): number =>
  verdict === "leak" ? 2 : verdict === "looks like a leak" ? 1 : 0;

function* ownerFindings(input: FindingsInput, least: number): Generator<Finding> {
  const { heap, owners, groups, before, grew } = input;
  for (const group of groups) {
    const own = group.bytes + group.blockBytes;
    // They come by what they have for themselves.
    if (own < least) return;
    if (isUnnamed(group.like) || isNative(heap, group)) continue;
    const retained = group.retainedBytes + group.retainedBlockBytes;
    // What only passes others on is large by itself alone.
    const bytes = 2 * own >= retained ? retained : own;
    const described = describeGroup(heap, owners, group);
    const places = placesOf(heap, owners, group);
    const grewBytes = before === null ? null : own - (before.get(group.like) ?? 0);
    const { path, type, length, holders, folded } = described;
    const finding = { path, type, length, holders, folded, bytes, places, grewBytes, kind: "owner" as const };
    const next = input.next.owner(group, described);
    const hasGrown = grewBytes !== null && grewBytes >= Math.max(LEAST_GROWN, LEAST_GROWTH * (grew ?? 0));
    const isScope = group.members.every(({ isSet, node }) => !isSet && heap.graph.roles[node] === Role.scope);
    const reasons = reasonsOf(heap, group, length, folded, places);
    const verdict = hasGrown ? "leak" : !isScope && reasons !== null ? "looks like a leak" : "biggest";
    const evidence = [
      ...(length === null
        ? []
        : [`${formatCount(length)} items of ${formatBytes(Math.round(bytes / Math.max(1, length)))}`]),
      ...(hasGrown ? [`grew by ${formatBytes(grewBytes)}`] : []),
      ...(reasons ?? describePlaces(places)),
    ];
    yield { ...finding, verdict, why: evidence.join(", "), next };
  }
}

/** Why it may grow for ever, as far as one core tells; null where that is not more than that it is large. */
function reasonsOf(
  heap: Heap,
  group: OwnerGroup,
  length: number | null,
  folded: number | null,
  places: readonly DiagnosePlace[],
): string[] | null {
  const [kind] = /^<\S+(?= in )/.exec(group.like) ?? [];
  if (kind !== undefined && folded !== null)
    return folded >= LEAST_ALIKE ? [`${formatCount(folded)} ${kind.slice(1)} stand at one place`] : null;
  // A variable of a running function is gone when it returns.
  if (group.like.startsWith("<")) return null;
  if ((length ?? 0) < LEAST_ITEMS) return null;
  const adding = places.filter(({ adds, mayAdd, function: name }) => (adds || mayAdd) && name !== "<module>");
  // Whoever fills it just now may well be about to be done, and what is taken from it again has a bound.
  if (adding.length === 0 || places.some(({ removes }) => removes)) return null;
  return adding.some((place) => isRunning(heap, place)) ? null : describePlaces(places);
}

function describePlaces(places: readonly DiagnosePlace[]): string[] {
  const adding = places.filter(({ adds }) => adds);
  const likely = adding.length > 0 ? adding : places.filter(({ mayAdd }) => mayAdd);
  const removing = places.filter(({ removes }) => removes);
  if (likely.length === 0) return [];
  return [
    `${adding.length > 0 ? "" : "likely "}added to in ${namesOf(likely)}`,
    removing.length > 0
      ? `taken from in ${namesOf(removing)}`
      : "and nothing found in the code takes from it",
  ];
}

/** Each once, at most three. */
function namesOf(places: readonly DiagnosePlace[]): string {
  return formatNames(places.slice(0, MOST_PLACES).map(placeOf));
}

function isRunning({ references: { roots } }: Heap, { file, function: name }: DiagnosePlace): boolean {
  const place = ` ${name.replace(/^.*\./, "")} ${file.replace(/^.*\//, "")}:`;
  return roots.nodes.some((_, root) => roots.nameOf(root).includes(place));
}

function placesOf(heap: Heap, owners: Owners, group: OwnerGroup): DiagnosePlace[] {
  const nodes = containersOf(owners, group).slice(0, MOST_CONTAINERS);
  const users = new Map<string, DiagnosePlace>();
  for (const { file, line, function: name, adds, removes, mayAdd } of nodes.flatMap((node) =>
    usersOf(heap, node),
  ))
    users.set(placeOf({ file, line, function: name }), { file, line, function: name, adds, removes, mayAdd });
  const weight = ({ adds, mayAdd }: DiagnosePlace) => (adds ? 2 : mayAdd ? 1 : 0);
  return [...users.values()].sort((a, b) => weight(b) - weight(a));
}

function isNative({ graph }: Heap, { members }: OwnerGroup): boolean {
  return members.some(({ node }) => node >= graph.objects);
}

async function unnamedFindings(input: FindingsInput, least: number): Promise<Finding[]> {
  const { heap, occurrences } = input;
  const findings: Finding[] = [];
  for (const { group, isLost, text } of await unnamedSuspects(heap, occurrences)) {
    const bytes = group.bytes + group.blockBytes;
    if (bytes < least) continue;
    const isInterned = group.path === UNNAMED_ROOTS.interned;
    findings.push({
      ...NOT_TOLD,
      kind: isInterned ? "interned" : "lost",
      verdict: isLost ? "leak" : isInterned ? "looks like a leak" : "biggest",
      path: group.path,
      type: heap.found.types[group.type]?.name ?? null,
      length: group.heads,
      bytes,
      why: text,
      next: input.next.suspects(),
    });
  }
  return findings;
}

/** Memory that belongs to no object, where it is much. */
function* otherFindings(heap: Heap, parts: MemoryParts): Generator<Finding> {
  const { memory, free, returnable } = parts;
  if (free >= LEAST_FREE * memory)
    yield {
      ...NOT_TOLD,
      kind: "free",
      verdict: "not a leak",
      bytes: free,
      why: `free, and kept by the allocators for what comes next: at least ${formatBytes(returnable)} of it would go back to the system with malloc_trim(0), and the rest is between blocks in use`,
      next: null,
    };
  const unheld = heap.native.unheldBytes;
  if (unheld >= LEAST_OTHER * memory)
    yield {
      ...NOT_TOLD,
      kind: "native",
      verdict: "biggest",
      path: UNHELD,
      bytes: unheld,
      why: "blocks in use of malloc that no object, table or module's data leads to: memory of C code",
      next: null,
    };
  const { stacks, dataStacks }: BalanceParts = heap.found.balance.parts;
  if (stacks + dataStacks >= LEAST_OTHER * memory)
    yield {
      ...NOT_TOLD,
      kind: "stacks",
      verdict: "biggest",
      bytes: stacks + dataStacks,
      why: "stacks of threads, and of what waits",
      next: null,
    };
}

/** What the memory of a process is, garbage told from what lives. */
export function memoryParts(
  { tree, graph, found, arenas }: Heap,
  { garbage, garbageBlockBytes }: Owners,
): MemoryParts {
  const { saved, parts } = found.balance;
  const memory = saved - untouchedBytes(parts);
  const blocks = parts.objectBlocks + parts.tables + parts.internTable;
  const dead = Math.min(garbage.bytes, blocks);
  const held = Math.min(parts.otherBlocks, blocksHeldBy(tree, graph.nodes).bytes - garbageBlockBytes);
  const free =
    parts.freedBlocks +
    parts.uncarved +
    parts.freePools +
    parts.unusedArenas +
    parts.mallocCached +
    parts.mallocFree +
    parts.mallocTop;
  const [live, native] = [blocks - dead, held];
  return {
    ...{ memory, live, native, garbage: dead + garbageBlockBytes, free },
    other: memory - live - native - dead - garbageBlockBytes - free,
    returnable: Math.min(
      free,
      arenas.reduce((sum, { trimBytes }) => sum + trimBytes, 0),
    ),
  };
}
