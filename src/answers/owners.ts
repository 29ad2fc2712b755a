import { chooseOwners, GARBAGE, garbageHolds, holdsOf, type Owners, type TypeShare } from "../heap/index.ts";
import type { Target } from "../image/index.ts";
import type { Listener } from "../terms/index.ts";
import { AllocationLines, linesIfTraced } from "./allocation-lines.ts";
import { withHeap } from "./heap.ts";
import { processBytes } from "./memory-parts.ts";
import { DEFAULT_LIMIT, type ModuleOptions, rootOf, type ThreadOptions } from "./options.ts";
import { describeGroup, groupOwners, isUnnamed, leastOwner, type OwnerGroup } from "./owner-groups.ts";
import { nestOwners } from "./owner-tree.ts";
import { describeGarbage } from "./patterns/garbage.ts";
import { type Heap, NATIVE, UNHELD } from "./read-heap.ts";
import { NO_REFERRERS } from "./referrers.ts";
import type { Frame, HeldType, OwnerRow, OwnersTotals } from "./results/index.ts";
import { inputOf, requireElfCore } from "./subject.ts";
import { describeSuspect } from "./suspect-text.ts";
import { boundOf, fewSuspects, leastSuspect, suspectFields } from "./suspects.ts";
import { readTraces } from "./traces.ts";
import {
  type Occurrences,
  occurrencesIn,
  type Unnamed,
  unnamedKey,
  unnamedOwners,
  unnamedSuspects,
} from "./unnamed.ts";

export interface OwnersOptions extends ModuleOptions, ThreadOptions {
  /** Rows at the most, with `depth` of each owner's owners; 10 by default. Infinity for all, also the smallest. */
  readonly limit?: number | undefined;
  /** Types of what an owner keeps that its row has at the most, 5 by default. */
  readonly holds?: number | undefined;
  /** Owners below those that they are held by, so many levels; null, the default, for none. */
  readonly depth?: number | null | undefined;
  /** Whether owners that are alike, but for which item, thread or task it is, are a row each; false by default. */
  readonly unfold?: boolean | undefined;
  /** Only what looks like a leak, and why. */
  readonly suspects?: boolean | undefined;
  /**
   * Whether rows have the lines that allocated what an owner keeps: tracemalloc must have been tracing, unless they are
   * wanted only where it was.
   */
  readonly lines?: boolean | "if traced" | undefined;
}

const DEFAULT_HOLDS = 5;

/** Of a row that is not told as a suspect. */
export const NO_SUSPECT = { suspect: null, evidence: null, lines: null } as const;
/** Of all objects' bytes: garbage of a smaller share is what every process has until the collector comes by. */
const LEAST_GARBAGE = 0.1;

/**
 * Who keeps a process's CPython objects alive, by their path in the program, biggest first.
 * @throws CoregramError `format` where the target is no ELF core or there is no CPython that can be read in it, `limit`
 * where memory runs out, `io` or `changed` where it cannot be read
 */
export async function answerOwners(
  target: Target,
  options: OwnersOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/owners@1">> {
  return withHeap(target, options, listener, async (heap, totals, contents) => {
    const { garbage } = totals.reached;
    if (garbage.bytes >= LEAST_GARBAGE * totals.bytes && garbage.count > 0)
      listener({ kind: "note", target: target.name, text: `garbage: ${describeGarbage(heap, garbage)}` });
    const core = requireElfCore(contents);
    const lines =
      options.lines === true
        ? AllocationLines.from(heap, await readTraces(core, target.name, options, true, listener))
        : options.suspects || options.lines === "if traced"
          ? await linesIfTraced(heap, core, rootOf(options), target.name, listener)
          : null;
    return ownersFrame(target, heap, totals, occurrencesIn(contents, options, listener), options, lines);
  });
}

/** The same of a heap that was read. */
export async function ownersFrame(
  target: Target,
  heap: Heap,
  totals: OwnersTotals,
  occurrences: Occurrences,
  options: OwnersOptions,
  lines: AllocationLines | null = null,
): Promise<Frame<"coregram/owners@1">> {
  const keyed = await ownerRows(heap, options, occurrences, lines);
  const rows = keyed.map(({ key: _key, mostItems: _mostItems, ...row }) => row);
  // Of a tree's rows, some are in others.
  const all = isTree(options) ? totals : ownersTotals(totals, rows);
  return { schema: "coregram/owners@1", input: inputOf(target), totals: all, rows };
}

const isTree = ({ depth }: OwnersOptions) => depth !== undefined && depth !== null;

/** The totals of a heap with what is in none of the rows. */
export function ownersTotals(totals: OwnersTotals, rows: readonly OwnerRow[]): OwnersTotals {
  return {
    ...totals,
    restCount: totals.count - rows.reduce((sum, { count }) => sum + count, 0),
    restBytes: totals.bytes - rows.reduce((sum, { bytes }) => sum + bytes, 0),
    restNativeBytes: totals.nativeBytes - rows.reduce((sum, { nativeBytes }) => sum + nativeBytes, 0),
  };
}

/** A row as a summary keeps it. */
export interface KeyedOwner extends OwnerRow {
  readonly key: string;
  readonly mostItems: number | null;
}

/** The rows of a heap that was read. */
export async function ownerRows(
  heap: Heap,
  options: OwnersOptions,
  occurrences: Occurrences,
  known: AllocationLines | null,
): Promise<KeyedOwner[]> {
  const { graph, tree } = heap;
  const isAll = options.limit === Number.POSITIVE_INFINITY;
  const least = isAll ? 0 : leastOwner(tree);
  const owners = chooseOwners(graph, tree, least);
  const most = isAll ? Number.POSITIVE_INFINITY : (options.limit ?? DEFAULT_LIMIT);
  const holds = options.holds ?? DEFAULT_HOLDS;
  const lines = options.lines ? known : null;
  const groups = groupOwners(heap, owners, options.unfold);
  const row = (group: OwnerGroup, depth = 0): KeyedOwner => ({
    key: group.like,
    mostItems: boundOf(heap, owners, group),
    ...describeGroup(heap, owners, group),
    retainedBytes: group.retainedBytes,
    retainedCount: group.retainedCount,
    retainedNativeBytes: group.retainedBlockBytes,
    bytes: group.bytes,
    count: group.count,
    nativeBytes: group.blockBytes,
    depth,
    holds: named(heap, holdsOf(graph, tree, group.members, owners), holds),
    ...NO_SUSPECT,
    lines: lines?.heldBy(group.members, owners, holds) ?? null,
    ...NO_REFERRERS,
  });
  if (options.suspects) {
    const memory = processBytes(heap.found);
    const input = {
      heap,
      owners,
      groups,
      memory,
      least: leastSuspect(heap),
      before: null,
      grew: null,
      lines: known,
    };
    const rows = [
      ...fewSuspects(input).map((suspect) => ({
        ...row(suspect.group),
        suspect: describeSuspect(suspect),
        evidence: suspectFields(suspect),
      })),
      ...(await unnamedSuspects({ ...input, occurrences })).map(({ group, text, why: _, ...evidence }) => ({
        ...unnamedRow(heap, group, holds),
        suspect: text,
        evidence,
      })),
    ];
    return rows.sort((a, b) => b.evidence.bytes - a.evidence.bytes);
  }
  // Of what has no name, several say no more than those that are too small to be rows.
  const several = groups.filter(({ like, members }) => isUnnamed(like) && members.length > 1);
  const rest = groups.filter((group) => !several.includes(group));
  const pathless = [
    ...garbageRows(heap, owners, holds, lines),
    ...unnamedOwners(heap, least, several, owners).map((group) => unnamedRow(heap, group, holds)),
    ...unheldRows(heap, Math.max(1, least)),
  ];
  if (options.depth !== undefined && options.depth !== null) {
    const rows = nestOwners(tree, rest, options.depth, most).map(({ group, depth }) => row(group, depth));
    return amongTrees(rows, pathless, most);
  }
  const rows = [...rest.slice(0, most).map((group) => row(group)), ...pathless];
  const weight = (row: OwnerRow) => row.bytes + row.nativeBytes;
  return rows.sort((a, b) => weight(b) - weight(a) || b.count - a.count).slice(0, most);
}

/** Rows that are in none, where they belong by what they retain. */
function amongTrees(rows: readonly KeyedOwner[], others: readonly KeyedOwner[], most: number): KeyedOwner[] {
  const trees: KeyedOwner[][] = others.map((row) => [row]);
  for (const row of rows)
    if (row.depth === 0) trees.push([row]);
    else trees.at(-1)?.push(row);
  const weight = ([row]: readonly OwnerRow[]) => row?.retainedBytes ?? 0;
  return trees
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, most)
    .flat();
}

function unheldRows({ native: { unheldBytes: bytes } }: Heap, least: number): KeyedOwner[] {
  if (bytes < least) return [];
  return [
    {
      key: UNHELD,
      mostItems: null,
      path: UNHELD,
      type: NATIVE,
      address: null,
      length: null,
      retainedBytes: 0,
      retainedCount: 0,
      retainedNativeBytes: bytes,
      bytes: 0,
      count: 0,
      nativeBytes: bytes,
      depth: 0,
      holds: [],
      ...NO_SUSPECT,
      holders: null,
      folded: null,
      ...NO_REFERRERS,
    },
  ];
}

function garbageRows(
  heap: Heap,
  { garbage, garbageBlockBytes }: Owners,
  holds: number,
  lines: AllocationLines | null,
): KeyedOwner[] {
  if (garbage.count === 0) return [];
  return [
    {
      key: GARBAGE,
      mostItems: null,
      path: GARBAGE,
      type: null,
      address: null,
      length: null,
      retainedBytes: garbage.bytes,
      retainedCount: garbage.count,
      retainedNativeBytes: garbageBlockBytes,
      bytes: garbage.bytes,
      count: garbage.count,
      nativeBytes: garbageBlockBytes,
      depth: 0,
      holds: named(heap, garbageHolds(heap.graph, heap.tree), holds),
      ...NO_SUSPECT,
      lines: lines?.ofGarbage(holds) ?? null,
      holders: null,
      folded: null,
      ...NO_REFERRERS,
    },
  ];
}

/** Its heads are its items: of like objects that nothing tells apart. */
function unnamedRow(heap: Heap, group: Unnamed, holds: number): KeyedOwner {
  const { path, type, heads, bytes, count } = group;
  return {
    key: unnamedKey(heap, group),
    mostItems: null,
    path,
    type: heap.found.types[type]?.name ?? "",
    address: null,
    length: heads,
    retainedBytes: bytes,
    retainedCount: count,
    retainedNativeBytes: group.blockBytes,
    bytes,
    count,
    nativeBytes: group.blockBytes,
    depth: 0,
    holds: named(heap, group.holds, holds),
    holders: null,
    folded: null,
    ...NO_SUSPECT,
    ...NO_REFERRERS,
  };
}

function named({ found }: Heap, shares: readonly TypeShare[], most: number): HeldType[] {
  return shares.slice(0, most).map(({ type, count, bytes }) => ({
    type: found.types[type]?.name ?? NATIVE,
    count,
    bytes,
  }));
}
