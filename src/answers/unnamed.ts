import { groupHeads, type HeadGroup, holdsOf, type Owners, type TypeShare } from "../heap/index.ts";
import type { TargetContents } from "../image/index.ts";
import { ROOT_KINDS, UNNAMED_ROOTS } from "../runtimes/index.ts";
import { formatBytes, formatCount, type Listener } from "../terms/index.ts";
import { countGiven } from "../words/index.ts";
import { type ThreadOptions, threadsOf } from "./options.ts";
import type { OwnerGroup } from "./owner-groups.ts";
import type { Heap } from "./read-heap.ts";
import type { SuspectFields } from "./results/index.ts";
import { chunksOf } from "./scope.ts";
import { hasGrown, type SuspectsInput } from "./suspects.ts";

/** Objects without a name of their own, by what holds them and their type, the most first. */
export interface Unnamed extends HeadGroup {
  readonly path: string;
}

/** A suspect has so many objects: a few that nothing found holds are in every process. */
const LEAST_HEADS = 100;

/**
 * Those of a heap, with the owners among them.
 * @param least bytes from which an object is an owner by itself
 * @param groups owners without a name, several as one: these are put to theirs
 */
export function unnamedOwners(
  { graph, tree }: Heap,
  least: number,
  groups: readonly OwnerGroup[] = [],
  owners?: Owners,
): Unnamed[] {
  const found = new Map<string, Unnamed>();
  for (const [kind, { key }] of ROOT_KINDS.entries()) {
    const path: string | undefined = (UNNAMED_ROOTS as Readonly<Record<string, string>>)[key];
    if (path === undefined) continue;
    for (const group of groupHeads(graph, tree, kind, least))
      found.set(`${path} ${group.type}`, { path, ...group });
  }
  for (const { like: path, members, bytes, count, blockBytes } of groups) {
    const [first] = members;
    if (first === undefined || owners === undefined) continue;
    const type = graph.types[first.node] ?? 0;
    const known = found.get(`${path} ${type}`);
    found.set(`${path} ${type}`, {
      ...{ path, type, heads: members.length + (known?.heads ?? 0) },
      bytes: bytes + (known?.bytes ?? 0),
      count: count + (known?.count ?? 0),
      blockBytes: blockBytes + (known?.blockBytes ?? 0),
      examples: known?.examples ?? [],
      holds: addShares(known?.holds ?? [], holdsOf(graph, tree, members, owners)),
    });
  }
  return [...found.values()].sort((a, b) => b.bytes - a.bytes || b.count - a.count);
}

function addShares(some: readonly TypeShare[], others: readonly TypeShare[]): TypeShare[] {
  const sums = new Map<number, TypeShare>();
  for (const { type, count, bytes } of [...some, ...others]) {
    const sum = sums.get(type);
    sums.set(type, { type, count: count + (sum?.count ?? 0), bytes: bytes + (sum?.bytes ?? 0) });
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes || b.count - a.count || a.type - b.type);
}

/** How often words that are these addresses occur in the saved memory. */
export type Occurrences = (addresses: readonly bigint[]) => Promise<ReadonlyMap<bigint, number>>;

/** The same of a target, by a pass over it. */
export function occurrencesIn(
  contents: TargetContents,
  options: ThreadOptions,
  listener: Listener,
): Occurrences {
  return (addresses) =>
    countGiven(chunksOf(contents, undefined, WORDS, listener), addresses, threadsOf(options));
}

const WORDS = { bytes: 8, endian: "little" } as const;

/** What of a heap suspects are told by. */
export type UnnamedInput = Pick<SuspectsInput, "heap" | "memory" | "least" | "before" | "grew"> & {
  readonly occurrences: Occurrences;
};

/** What nothing found holds and looks like a leak, and why. */
export interface UnnamedSuspect extends SuspectFields {
  readonly group: Unnamed;
  /** Without how much it holds. */
  readonly why: string;
  readonly text: string;
}

/** Those that have much of the process's memory, or by which it grew. */
export async function unnamedSuspects(input: UnnamedInput): Promise<UnnamedSuspect[]> {
  const { heap, memory, before } = input;
  const found: UnnamedSuspect[] = [];
  for (const group of unnamedOwners(heap, Number.POSITIVE_INFINITY)) {
    const { path, heads } = group;
    const bytes = group.bytes + group.blockBytes;
    const old = before?.get(unnamedKey(heap, group)) ?? { bytes: 0, items: 0 };
    const grewBytes = before === null ? null : bytes - old.bytes;
    const isGrown = hasGrown(input, grewBytes);
    if (heads < LEAST_HEADS || !(isGrown || bytes >= input.least)) continue;
    const itemBytes = Math.round(bytes / heads);
    const { looks, why } =
      path === UNNAMED_ROOTS.interned
        ? { looks: "looks like a leak" as const, why: "interned for as long as the interpreter runs" }
        : await lostOrHidden(heap, group, input.occurrences);
    const grown = grewBytes !== null && grewBytes > 0 ? `grew by ${formatBytes(grewBytes)}, ` : "";
    const evidence = `${formatCount(heads)} objects of ${formatBytes(itemBytes)} each, ${grown}${why}`;
    found.push({
      ...{
        group,
        bytes,
        memoryBytes: memory,
        items: heads,
        itemBytes,
        grewBytes,
        fanOut: null,
        places: [],
        allocatedAt: null,
      },
      grewItems: before === null ? null : heads - (old.items ?? 0),
      verdict: isGrown ? "leak" : looks,
      why: evidence,
      text: `holds ${((100 * bytes) / memory).toFixed(1)} % of memory (${formatBytes(bytes)}), ${evidence}`,
    });
  }
  return found;
}

/** What they go by in every core. */
export function unnamedKey({ found }: Heap, { path, type }: Pick<Unnamed, "path" | "type">): string {
  return `${path} ${found.types[type]?.name ?? ""}`;
}

/** Whoever has a reference has the object's address in its memory: where it is nowhere, the reference was lost. */
async function lostOrHidden(
  { addressOf }: Heap,
  { heads, examples }: Unnamed,
  occurrences: Occurrences,
): Promise<{ looks: SuspectFields["verdict"]; why: string }> {
  const counts = await occurrences(examples.map((node) => BigInt(addressOf(node))));
  const lost = [...counts.values()].filter((count) => count === 0).length;
  const looked = formatCount(examples.length);
  if (2 * lost <= examples.length)
    return {
      looks: "biggest",
      why: "with more references than were found: C code keeps them in memory of its own, or took one too many",
    };
  const share = lost === heads ? "each" : `${formatCount(lost)} of ${looked} that were looked at`;
  const why = `${share} with a reference and its address nowhere in the saved memory: C code took it and lost it`;
  return { looks: "leak", why };
}
