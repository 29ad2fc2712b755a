import { retainedByKind } from "../heap/index.ts";
import type { Image, Target, TargetContents } from "../image/index.ts";
import { NO_ROOT, ROOT_KINDS } from "../runtimes/index.ts";
import { byKey, type Listener } from "../terms/index.ts";
import { describeReached, warnOf } from "./coverage.ts";
import { lostStacksOf } from "./lost-stacks.ts";
import { type ModuleOptions, rootOf, type ThreadOptions, threadsOf } from "./options.ts";
import { stageProgress } from "./progress.ts";
import { type Heap, type HeapOptions, readHeap } from "./read-heap.ts";
import type { Amounts, OwnersTotals } from "./results/index.ts";
import { memoryTotals, requireElfCore } from "./subject.ts";

/**
 * Lets `make` make an answer of who holds what among a target's CPython objects, and says what was found.
 * @throws CoregramError `format` where the target is no ELF core, or there is no CPython that can be read in it;
 * `limit` where memory runs out
 */
export function withHeap<Answer>(
  target: Target,
  options: ModuleOptions & ThreadOptions & Pick<HeapOptions, "arenas" | "first">,
  listener: Listener,
  make: (heap: Heap, totals: OwnersTotals, contents: TargetContents) => Answer | Promise<Answer>,
): Promise<Answer> {
  return target.ask(async (contents) => {
    const { name } = target;
    const core = requireElfCore(contents);
    const heap = await readHeap(core, name, {
      root: rootOf(options),
      threads: threadsOf(options),
      ...(options.arenas ? { arenas: true } : {}),
      ...(options.first ? { first: options.first } : {}),
      progress: stageProgress(listener, name),
    });
    warnOf(heap.found, name, listener);
    const lost = lostStacksOf(core);
    for (const text of [...heap.references.remarks, ...(lost === null ? [] : [lost])])
      listener({ kind: "warning", target: name, text });
    const totals = heapTotals(contents.image, heap);
    listener({ kind: "note", target: name, text: describeReached(totals.reached, totals.bytes) });
    return make(heap, totals, contents);
  });
}

function heapTotals(image: Image | null, heap: Heap): OwnersTotals {
  const parts = retainedByKind(heap.tree);
  const part = (index: number): Amounts => ({
    count: parts[index]?.count ?? 0,
    bytes: parts[index]?.bytes ?? 0,
  });
  return {
    ...memoryTotals(image),
    runtime: heap.found.runtime,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    nativeBytes: heap.native.bytes,
    restCount: 0,
    restBytes: 0,
    restNativeBytes: 0,
    balance: heap.found.balance.parts,
    reached: {
      ...byKey(ROOT_KINDS, (_, kind) => part(kind)),
      [NO_ROOT.key]: part(ROOT_KINDS.length),
    },
  };
}
