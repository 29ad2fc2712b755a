import { blocksHeldBy, dominatorOf, retainedBy } from "../heap/index.ts";
import type { Target } from "../image/index.ts";
import { type Address, CoregramError, formatAddress, type Listener, USER_SPACE_END } from "../terms/index.ts";
import { type Asked, requireNode } from "./asked-path.ts";
import { withHeap } from "./heap.ts";
import type { ModuleOptions, ThreadOptions } from "./options.ts";
import { describeObject, type Heap } from "./read-heap.ts";
import { HeapReferrers, NO_REFERRERS } from "./referrers.ts";
import type { Frame, OwnerRow, OwnersTotals } from "./results/index.ts";
import { inputOf } from "./subject.ts";
import { withoutTag } from "./without-tags.ts";

export interface ChainOptions extends ModuleOptions, ThreadOptions {}

/** Rows at the most. */
const MOST_CHAIN = 1000;

/**
 * The live object that an address lies in or that has a path, and what it cannot be reached without, up to the root: a row each.
 * The first says what refers to it.
 * @param asked an address, or a path as `answerOwners` has it
 * @throws CoregramError `absent` where no live object is there, or several have a path that is not folded, else as `answerOwners` does
 */
export async function answerChain(
  target: Target,
  asked: Asked,
  options: ChainOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/owners@1">> {
  const note = (text: string) => listener({ kind: "note", target: target.name, text });
  return withHeap(target, options, listener, (heap, totals, { core }) =>
    chainFrame(
      target,
      heap,
      totals,
      typeof asked === "string"
        ? requireNode(heap, asked, note)
        : nodeAt(heap, withoutTag(asked, core, note)),
    ),
  );
}

/** The same of an object of a heap that was read. */
export function chainFrame(
  target: Target,
  heap: Heap,
  totals: OwnersTotals,
  node: number,
): Frame<"coregram/owners@1"> {
  return { schema: "coregram/owners@1", input: inputOf(target), totals, rows: chainRows(heap, node) };
}

// The live object that has the address inside.
function nodeAt({ references: { objects } }: Heap, at: Address): number {
  const found = at < USER_SPACE_END ? objects.lastAtOrBelow(Number(at)) : -1;
  const inside = found < 0 ? -1 : Number(at) - objects.address(found);
  if (found < 0 || inside >= Math.max(16, objects.bytes(found)))
    throw new CoregramError("absent", `no live object is at ${formatAddress(at)}`);
  return found;
}

function chainRows(heap: Heap, found: number): OwnerRow[] {
  const { tree } = heap;
  const rows: OwnerRow[] = [];
  for (let node: number | null = found; node !== null; node = dominatorOf(tree, node)) {
    const { bytes, count } = retainedBy(tree, node);
    const { bytes: nativeBytes } = blocksHeldBy(tree, node);
    rows.push({
      ...describeObject(heap, node),
      retainedBytes: bytes,
      retainedCount: count,
      retainedNativeBytes: nativeBytes,
      bytes,
      count,
      nativeBytes,
      depth: 0,
      holds: [],
      suspect: null,
      evidence: null,
      lines: null,
      holders: null,
      folded: null,
      ...(node === found ? new HeapReferrers(heap).of(node) : NO_REFERRERS),
    });
    if (rows.length >= MOST_CHAIN) break;
  }
  return rows;
}
