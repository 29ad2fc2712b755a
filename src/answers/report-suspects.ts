import { isFoldedPath } from "../heap/index.ts";
import type { Target, TargetContents } from "../image/index.ts";
import { CoregramError, type Listener } from "../terms/index.ts";
import { AskedPaths, addressOf } from "./asked-path.ts";
import { chainFrame } from "./chain.ts";
import type { ModuleOptions, ResourceOptions } from "./options.ts";
import type { Heap } from "./read-heap.ts";
import type { Finding, Frame, OwnerRow, OwnersTotals } from "./results/index.ts";
import { whatisFrame } from "./whatis.ts";

/** So many are looked at more closely. */
const MOST_SUSPECTED = 5;

/** The objects that findings are about, looked at more closely. */
export interface Suspects {
  readonly chains: readonly SuspectChain[];
  /** What each of them is, with the first of its items, a row each. Null where values are left out, and where there are none. */
  readonly objects: Frame<"coregram/whatis@1"> | null;
}

export interface SuspectChain {
  /** The finding's number among those of diagnose. */
  readonly finding: number;
  /** What its object cannot be reached without, up to the root. */
  readonly chain: Frame<"coregram/owners@1">;
}

/** What is asked, with its heap. */
export interface AskedHeap {
  readonly target: Target;
  readonly contents: TargetContents;
  readonly heap: Heap;
  readonly totals: OwnersTotals;
  /** Whether tracemalloc was tracing. */
  readonly isTraced: boolean;
}

/** The first findings that are about an object, and what it is: of what several hold together, the first that holds it. */
export async function askSuspects(
  { target, contents, heap, totals, isTraced }: AskedHeap,
  diagnose: Frame<"coregram/diagnose@1">,
  owners: Frame<"coregram/owners@1">,
  options: ModuleOptions & ResourceOptions,
  listener: Listener,
): Promise<Suspects> {
  const found: { finding: number; node: number }[] = [];
  for (const [finding, row] of diagnose.rows.entries()) {
    if (found.length === MOST_SUSPECTED) break;
    const node = nodeOf(heap, owners.rows, row);
    if (node !== null) found.push({ finding, node });
  }
  const addresses = found.map(({ node }) => addressOf(heap, node));
  return {
    chains: found.map(({ finding, node }) => ({ finding, chain: chainFrame(target, heap, totals, node) })),
    objects:
      found.length === 0
        ? null
        : await whatisFrame(target, contents, { heap, mayBeTraced: isTraced }, addresses, options, listener),
  };
}

function nodeOf(heap: Heap, owners: readonly OwnerRow[], { path, holders }: Finding): number | null {
  const row = path === null ? undefined : owners.find((owner) => owner.path === path);
  if (row?.address != null) {
    const node = heap.references.objects.find(Number(row.address));
    return node < 0 ? null : node;
  }
  const [first] = holders ?? [];
  return first === undefined || isFoldedPath(first) ? null : nodeAtPath(heap, first);
}

function nodeAtPath(heap: Heap, path: string): number | null {
  try {
    return new AskedPaths(heap).require(path).nodes[0] ?? null;
  } catch (error) {
    if (error instanceof CoregramError && error.code === "absent") return null;
    throw error;
  }
}
