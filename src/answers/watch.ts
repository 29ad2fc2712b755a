import { chooseOwners, holdsOf } from "../heap/index.ts";
import type { Target, TargetContents } from "../image/index.ts";
import type { RuntimeObjects, TypeTotals } from "../runtimes/index.ts";
import type { Listener } from "../terms/index.ts";
import { type AllocationLines, linesIfTraced } from "./allocation-lines.ts";
import { diagnoseFrame, heapBefore } from "./diagnose.ts";
import { findingWithoutKeys, ownerWithoutKeys } from "./frame-keys.ts";
import { withHeap } from "./heap.ts";
import { freeBytes, processBytes } from "./memory-parts.ts";
import { type ModuleOptions, rootOf, type ThreadOptions } from "./options.ts";
import { describeGroup, groupOwners, leastOwner } from "./owner-groups.ts";
import { type Heap, NATIVE } from "./read-heap.ts";
import type { Finding, OwnersTotals, WatchedOwner } from "./results/index.ts";
import { withRuntime } from "./runtime.ts";
import { requireElfCore } from "./subject.ts";
import type { HeapBefore } from "./suspects.ts";
import { occurrencesIn } from "./unnamed.ts";

/** What is read of a process each time that it is looked at. */
export interface WatchSample {
  readonly runtime: string;
  /** All types that have live objects, most bytes first. */
  readonly types: readonly TypeTotals[];
  readonly memoryBytes: number;
  readonly freeBytes: number;
  /** Null where these were not looked for. */
  readonly owners: SampledOwners | null;
}

export interface SampledOwners {
  readonly rows: readonly WatchedOwner[];
  readonly findings: readonly Finding[];
  /** For later samples to be compared with. */
  readonly before: HeapBefore;
}

/** Owners of earlier samples. */
export interface OwnersPast {
  readonly first: HeapBefore;
  readonly last: HeapBefore;
}

export interface WatchOptions extends ModuleOptions, ThreadOptions {
  /** Owners at the most. */
  readonly limit: number;
  /** Whether paths have their keys, which are values of the process. */
  readonly values: boolean;
}

/** Types of what an owner keeps that a frame has. */
const MOST_HELD = 5;
/** Findings of a frame. */
const MOST_FINDINGS = 5;
/** Of findings, the kind whose evidence is a text of the process: frames go to logs, and have no values. */
const SHOWS_TEXT = "duplicates";

/**
 * Which objects a process has: the fast look.
 * @throws CoregramError as `answerTypes` does
 */
export function sampleTypes(target: Target, options: WatchOptions, listener: Listener): Promise<WatchSample> {
  return withRuntime(target, options, listener, (_crew, found) => ({ ...sampleOf(found), owners: null }));
}

/**
 * The same with who holds them, and what `diagnose` says: it takes four times as long.
 * @param past owners of earlier samples; null in the first
 * @throws CoregramError as `answerDiagnose` does
 */
export function sampleOwners(
  target: Target,
  past: OwnersPast | null,
  options: WatchOptions,
  listener: Listener,
): Promise<WatchSample> {
  return withHeap(target, { ...options, arenas: true }, listener, async (heap, totals, contents) => {
    const core = requireElfCore(contents);
    const lines = await linesIfTraced(heap, core, rootOf(options), target.name, listener);
    return sampleHeap({ target, heap, totals, contents, lines }, past, options, listener);
  });
}

/** A heap that was read, and whose it is. */
export interface ReadHeap {
  readonly target: Target;
  readonly heap: Heap;
  readonly totals: OwnersTotals;
  readonly contents: TargetContents;
  /** Which lines allocated what is held; null where nothing was traced. */
  readonly lines: AllocationLines | null;
}

/** The same of a heap that was read, with its arenas. */
export async function sampleHeap(
  { target, heap, totals, contents, lines }: ReadHeap,
  past: OwnersPast | null,
  options: WatchOptions,
  listener: Listener,
): Promise<WatchSample> {
  const owners = chooseOwners(heap.graph, heap.tree, leastOwner(heap.tree));
  const before = heapBefore(heap, owners);
  const { rows: findings } = await diagnoseFrame(
    { newer: target, older: null, before: past?.first ?? null, lines },
    heap,
    totals,
    contents,
    occurrencesIn(contents, options, listener),
    { limit: MOST_FINDINGS },
  );
  const groups = groupOwners(heap, owners).map((group) => {
    const bytes = group.bytes + group.blockBytes;
    const since = (then: HeapBefore | undefined) =>
      then === undefined ? null : bytes - (then.owners.get(group.like)?.bytes ?? 0);
    return { group, bytes, bytesDiff: since(past?.last), bytesSinceFirst: since(past?.first) };
  });
  groups.sort(
    (a, b) => Math.max(0, b.bytesSinceFirst ?? 0) - Math.max(0, a.bytesSinceFirst ?? 0) || b.bytes - a.bytes,
  );
  const rows = groups.slice(0, options.limit).map(({ group, ...amounts }): WatchedOwner => {
    const { path, holders, type, length } = describeGroup(heap, owners, group);
    const holds = holdsOf(heap.graph, heap.tree, group.members, owners)
      .slice(0, MOST_HELD)
      .map(({ type, count, bytes }) => ({ type: heap.found.types[type]?.name ?? NATIVE, count, bytes }));
    return { path, holders, type, ...amounts, length, holds };
  });
  const told = findings.filter(({ kind }) => kind !== SHOWS_TEXT);
  const sampled = options.values
    ? { rows, findings: told }
    : { rows: rows.map(ownerWithoutKeys), findings: told.map(findingWithoutKeys) };
  return { ...sampleOf(heap.found), owners: { ...sampled, before } };
}

function sampleOf(found: RuntimeObjects) {
  return {
    runtime: found.runtime,
    types: found.totals().filter(({ count }) => count > 0),
    memoryBytes: processBytes(found),
    freeBytes: freeBytes(found.balance.parts),
  };
}
