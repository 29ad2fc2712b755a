import {
  chooseOwners,
  GARBAGE,
  garbageHolds,
  holdsOf,
  type Owner,
  type Owners,
  retainedBy,
  type TypeShare,
} from "../heap/index.ts";
import type { Target } from "../image/index.ts";
import type { Listener } from "../terms/index.ts";
import { withHeap } from "./heap.ts";
import { holderPaths } from "./holder-paths.ts";
import { DEFAULT_LIMIT, type ModuleOptions, type ThreadOptions } from "./options.ts";
import { nestOwners } from "./owner-tree.ts";
import { describeObject, type Heap, NATIVE, UNHELD } from "./read-heap.ts";
import type { Frame, HeldType, OwnerRow, OwnersTotals } from "./results/index.ts";
import { inputOf } from "./subject.ts";
import { findSuspects } from "./suspects.ts";
import { type Unnamed, unnamedOwners, unnamedSuspects } from "./unnamed.ts";

export interface OwnersOptions extends ModuleOptions, ThreadOptions {
  /** Rows at the most, with `depth` of each owner's owners; 10 by default. Infinity for all, also the smallest. */
  readonly limit?: number | undefined;
  /** Types of what an owner keeps that its row has at the most, 5 by default. */
  readonly holds?: number | undefined;
  /** Owners below those that they are held by, so many levels; null, the default, for none. */
  readonly depth?: number | null | undefined;
  /** Only what looks like a leak, and why. */
  readonly suspects?: boolean | undefined;
}

const DEFAULT_HOLDS = 5;
/** Owners of less than this share of the heap are rows only where all are asked for. */
const LEAST_SHARE = 1e-4;

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
  return withHeap(target, options, listener, (heap, totals) => {
    const rows = ownerRows(heap, options);
    // Of a tree's rows, some are in others.
    const rest = isTree(options) ? { restCount: 0, restBytes: 0, restNativeBytes: 0 } : restOf(totals, rows);
    return { schema: "coregram/owners@1", input: inputOf(target), totals: { ...totals, ...rest }, rows };
  });
}

const isTree = ({ depth }: OwnersOptions) => depth !== undefined && depth !== null;

function restOf(totals: Pick<OwnersTotals, "count" | "bytes" | "nativeBytes">, rows: readonly OwnerRow[]) {
  return {
    restCount: totals.count - rows.reduce((sum, { count }) => sum + count, 0),
    restBytes: totals.bytes - rows.reduce((sum, { bytes }) => sum + bytes, 0),
    restNativeBytes: totals.nativeBytes - rows.reduce((sum, { nativeBytes }) => sum + nativeBytes, 0),
  };
}

function ownerRows(heap: Heap, options: OwnersOptions): OwnerRow[] {
  const { graph, tree } = heap;
  const isAll = options.limit === Number.POSITIVE_INFINITY;
  const all = retainedBy(tree, graph.nodes).bytes;
  const least = isAll ? 0 : Math.max(1, Math.floor(all * LEAST_SHARE));
  const owners = chooseOwners(graph, tree, least);
  const most = isAll ? owners.rows.length + 1 : (options.limit ?? DEFAULT_LIMIT);
  const holds = options.holds ?? DEFAULT_HOLDS;
  const row = (owner: Owner, depth = 0, suspect: string | null = null): OwnerRow => ({
    ...describeOwner(heap, owner, owners),
    retainedBytes: owner.retainedBytes,
    retainedCount: owner.retainedCount,
    retainedNativeBytes: owner.retainedBlockBytes,
    bytes: owner.bytes,
    count: owner.count,
    nativeBytes: owner.blockBytes,
    depth,
    holds: named(heap, holdsOf(graph, tree, owner, owners), holds),
    suspect,
  });
  if (options.suspects)
    return [
      ...findSuspects(heap, owners).map(({ owner, text }) => row(owner, 0, text)),
      ...unnamedSuspects(heap).map(({ group, text }) => unnamedRow(heap, group, holds, text)),
    ].sort((a, b) => b.bytes - a.bytes);
  if (options.depth !== undefined && options.depth !== null)
    return nestOwners(tree, owners.rows, options.depth, most).map(({ owner, depth }) => row(owner, depth));
  const rows = owners.rows.slice(0, most).map((owner) => row(owner));
  const garbage = garbageRow(heap, owners, holds);
  if (garbage !== null) rows.push(garbage);
  for (const group of unnamedOwners(heap, least).slice(0, most)) rows.push(unnamedRow(heap, group, holds));
  const { unheldBytes } = heap.native;
  if (unheldBytes >= Math.max(1, least)) rows.push(unheldRow(unheldBytes));
  const weight = (row: OwnerRow) => row.bytes + row.nativeBytes;
  return rows.sort((a, b) => weight(b) - weight(a) || b.count - a.count).slice(0, most);
}

/** What several hold together is no single object: it has neither a path nor an address. */
function describeOwner(heap: Heap, owner: Owner, { shared }: Owners) {
  const { set, isSet, node } = owner;
  const holders = set === null ? null : holderPaths(heap, shared, set);
  if (set === null || !isSet) return { ...describeObject(heap, node), holders };
  const { count, type } = shared.itemsOf(set);
  const name = type === null ? null : (heap.found.types[type]?.name ?? NATIVE);
  return { path: null, type: name, address: null, length: count, holders };
}

function unheldRow(bytes: number): OwnerRow {
  return {
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
    suspect: null,
    holders: null,
  };
}

function garbageRow(heap: Heap, { garbage, garbageBlockBytes }: Owners, holds: number): OwnerRow | null {
  if (garbage.count === 0) return null;
  return {
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
    suspect: null,
    holders: null,
  };
}

/** Its heads are its items: of like objects that nothing tells apart. */
function unnamedRow(heap: Heap, group: Unnamed, holds: number, suspect: string | null = null): OwnerRow {
  const { path, type, heads, bytes, count } = group;
  return {
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
    suspect,
  };
}

function named({ found }: Heap, shares: readonly TypeShare[], most: number): HeldType[] {
  return shares.slice(0, most).map(({ type, count, bytes }) => ({
    type: found.types[type]?.name ?? NATIVE,
    count,
    bytes,
  }));
}
