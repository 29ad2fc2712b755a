import type { Amounts, Coverage, HeldType, OwnerRow, OwnersTotals, Result } from "../answers/index.ts";
import {
  chooseOwners,
  dominatorOf,
  GARBAGE,
  garbageHolds,
  holdersOfType,
  holdsOf,
  type Owner,
  type Owners,
  retainedBy,
  retainedByKind,
} from "../heap/index.ts";
import { type Address, CoregramError, formatAddress, printable } from "../terms/index.ts";
import { render } from "../views/index.ts";
import { describeReached } from "./coverage.ts";
import { totalsOf } from "./info.ts";
import { nestOwners } from "./owner-tree.ts";
import { type PythonHeap, readHeap } from "./python-heap.ts";
import { answer } from "./shell/answer.ts";
import { checkPaths, requireAddress, requireCore } from "./shell/input.ts";
import { formatNamed, threadsOf } from "./shell/settings.ts";
import { inputOf, openSubject, requireElfCore, type Subject } from "./subject.ts";
import { findSuspects } from "./suspects.ts";

export interface OwnersArgs {
  readonly core: string | undefined;
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly holds: number | undefined;
  readonly type: string | undefined;
  readonly of: string | undefined;
  readonly tree: boolean | undefined;
  readonly depth: number | undefined;
  readonly suspects: boolean | undefined;
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly threads: number | undefined;
  readonly format: string;
  readonly output: string | undefined;
  readonly color: string;
  readonly quiet: boolean | undefined;
}

const DEFAULT_TOP = 10;
const DEFAULT_HOLDS = 5;
const DEFAULT_DEPTH = 3;
/** Owners of less than this share of the heap are rows only with --all. */
const LEAST_SHARE = 1e-4;

/** `coregram owners CORE`: who keeps its objects alive. */
export async function runOwners(args: OwnersArgs): Promise<undefined> {
  const name = requireCore(args.core);
  checkPaths(name, [], args.output);
  const wanted = args.of === undefined ? null : requireAddress(args.of);
  return answer(args, async ({ notes, progress, color }) => {
    const subject = await openSubject(name, undefined, progress, notes);
    const core = requireElfCore(subject);
    const heap = await readHeap(core, subject.source.name, {
      root: args.noModules ? null : (args.sysroot ?? "/"),
      threads: threadsOf(args.threads),
      progress: (stage) => (done, all) => progress.update(stage, done, all),
    });
    for (const remark of heap.python.remarks) notes.warn(remark);
    if (heap.edges.lostWords > 0)
      notes.warn(`${heap.edges.lostWords} words of tables that overlap were not followed`);
    const totals = totalsFor(subject, heap);
    notes.say(describeReached(totals.reached, totals.bytes));
    const input = inputOf(subject);
    const format = formatNamed(args.format);
    if (args.type !== undefined) return render(format, holders(heap, args, args.type, subject), { color });
    const rows = wanted === null ? ownerRows(heap, args) : chainRows(heap, wanted);
    const rest = wanted === null && args.tree !== true && args.depth === undefined;
    const left = rest ? restOf(totals, rows) : { restCount: 0, restBytes: 0 };
    return render(
      format,
      { schema: "coregram/owners@1", input, totals: { ...totals, ...left }, rows },
      { color, holdLines: args.holds !== undefined },
    );
  });
}

function totalsFor({ image }: Subject, heap: PythonHeap): OwnersTotals {
  const parts = retainedByKind(heap.tree);
  const part = (index: number): Amounts => ({
    count: parts[index]?.count ?? 0,
    bytes: parts[index]?.bytes ?? 0,
  });
  const reached: Coverage = {
    modules: part(0),
    frames: part(1),
    stacks: part(2),
    data: part(3),
    interned: part(4),
    other: part(5),
    // The last, however many kinds of roots there were.
    garbage: part(parts.length - 1),
  };
  return {
    ...totalsOf(image),
    runtime: `CPython ${heap.python.layout.version}`,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    restCount: 0,
    restBytes: 0,
    reached,
  };
}

function restOf(totals: OwnersTotals, rows: readonly OwnerRow[]) {
  return {
    restCount: totals.count - rows.reduce((sum, { count }) => sum + count, 0),
    restBytes: totals.bytes - rows.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function ownerRows(heap: PythonHeap, args: OwnersArgs): OwnerRow[] {
  const { graph, tree } = heap;
  const all = retainedBy(tree, graph.nodes).bytes;
  const owners = chooseOwners(graph, tree, args.all ? 0 : Math.max(1, Math.floor(all * LEAST_SHARE)));
  const most = args.all ? owners.rows.length + 1 : (args.top ?? DEFAULT_TOP);
  const holds = args.holds ?? DEFAULT_HOLDS;
  const row = (owner: Owner, depth = 0, suspect: string | null = null): OwnerRow => ({
    ...describe(heap, owner.node),
    retainedBytes: owner.retainedBytes,
    retainedCount: owner.retainedCount,
    bytes: owner.bytes,
    count: owner.count,
    depth,
    holds: named(heap, holdsOf(graph, tree, owner, owners), holds),
    suspect,
  });
  if (args.suspects) return findSuspects(heap, owners.rows).map(({ owner, text }) => row(owner, 0, text));
  if (args.tree || args.depth !== undefined)
    return nestOwners(tree, owners.rows, args.depth ?? DEFAULT_DEPTH, most).map(({ owner, depth }) =>
      row(owner, depth),
    );
  const rows = owners.rows.slice(0, most).map((owner) => row(owner));
  const garbage = garbageRow(heap, owners, holds);
  if (garbage !== null) rows.push(garbage);
  return rows.sort((a, b) => b.bytes - a.bytes || b.count - a.count).slice(0, most);
}

function garbageRow(heap: PythonHeap, { garbage }: Owners, holds: number): OwnerRow | null {
  if (garbage.count === 0) return null;
  return {
    path: GARBAGE,
    type: null,
    address: null,
    length: null,
    retainedBytes: garbage.bytes,
    retainedCount: garbage.count,
    bytes: garbage.bytes,
    count: garbage.count,
    depth: 0,
    holds: named(heap, garbageHolds(heap.graph, heap.tree), holds),
    suspect: null,
  };
}

/** The object at the address and what it cannot be reached without, up to the root. */
function chainRows(heap: PythonHeap, at: Address): OwnerRow[] {
  const { table, tree } = heap;
  const found = at < 2n ** 48n ? table.lastAtOrBelow(Number(at)) : -1;
  const inside = found < 0 ? -1 : Number(at) - table.address(found);
  if (found < 0 || inside >= Math.max(16, table.bytes(found)))
    throw new CoregramError("usage", `no live object is at ${formatAddress(at)}`);
  const rows: OwnerRow[] = [];
  for (let node: number | null = found; node !== null; node = dominatorOf(tree, node)) {
    const { bytes, count } = retainedBy(tree, node);
    rows.push({
      ...describe(heap, node),
      retainedBytes: bytes,
      retainedCount: count,
      bytes,
      count,
      depth: 0,
      holds: [],
      suspect: null,
    });
    if (rows.length >= MOST_CHAIN) break;
  }
  return rows;
}

const MOST_CHAIN = 1000;

function describe({ table, names, labels, paths }: PythonHeap, node: number) {
  return {
    path: paths.pathOf(node),
    type: labels.typeName(node),
    address: formatAddress(BigInt(table.address(node))),
    length: names.lengthOf(node),
  };
}

function named({ python }: PythonHeap, shares: ReturnType<typeof holdsOf>, most: number): HeldType[] {
  return shares.slice(0, most).map(({ type, count, bytes }) => ({
    type: python.names.get(python.types[type]?.type.address ?? 0)?.name ?? "",
    count,
    bytes,
  }));
}

function holders(
  heap: PythonHeap,
  args: OwnersArgs,
  wanted: string,
  subject: Subject,
): Result<"coregram/holds@1"> {
  const { python, graph, paths, labels, table } = heap;
  const type = python.types.findIndex(({ type: { address } }) => {
    const name = python.names.get(address)?.name;
    return name === wanted || name === `builtins.${wanted}` || `0x${address.toString(16)}` === wanted;
  });
  if (type < 0)
    throw new CoregramError(
      "usage",
      `--type ${printable(wanted)} is no type of this process: coregram types lists them`,
    );
  const answer = holdersOfType(graph, paths, labels, type);
  const rows = answer.rows.slice(0, args.all ? answer.rows.length : (args.top ?? DEFAULT_TOP));
  const { image } = subject;
  const input = inputOf(subject);
  const totals = {
    ...totalsOf(image),
    type: python.names.get(python.types[type]?.type.address ?? 0)?.name ?? wanted,
    count: answer.count,
    bytes: answer.bytes,
    restCount: answer.count - rows.reduce((sum, { count }) => sum + count, 0),
    restBytes: answer.bytes - rows.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  return {
    schema: "coregram/holds@1",
    input,
    totals,
    rows: rows.map(({ path, count, bytes, example }) => ({
      path,
      count,
      bytes,
      example: formatAddress(BigInt(table.address(example))),
    })),
  };
}
