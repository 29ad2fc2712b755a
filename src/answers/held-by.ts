import { retainedBy } from "../heap/index.ts";
import type { Core } from "../image/index.ts";
import { CoregramError, formatBytes, type Listener } from "../terms/index.ts";
import { heldBlock } from "./held-block.ts";
import { HEAP_SHARE, type Heap, type HeapOptions, readHeap } from "./read-heap.ts";
import { HeapReferrers } from "./referrers.ts";
import type { WhatisRow } from "./results/index.ts";
import { memoryTotals } from "./subject.ts";

/** Whether something may hold what is there. */
function isHeld({ object, block }: WhatisRow): boolean {
  return object?.state === "live" || block?.state === "in use";
}

/**
 * The rows with the path of each live object, and of each block in use, what refers to it, and what it retains. The whole heap is read for that, once, and only
 * where a row has such and `memory` bytes are enough for it. A heap that cannot be read leaves the rows as they are, with a warning: what the
 * addresses are is known all the same.
 * @param name the core's, for what is said of it
 * @param options `heap`: the core's, where it was read already
 * @throws CoregramError `io` as reading does
 */
export async function withHolders(
  core: Core | null,
  name: string,
  rows: readonly WhatisRow[],
  options: HeapOptions & { readonly heap: Heap | null; readonly memory: number },
  listener: Listener,
): Promise<readonly WhatisRow[]> {
  if (core === null || !rows.some(isHeld)) return rows;
  const needed = HEAP_SHARE * memoryTotals(core.image).savedBytes;
  if (options.heap === null && needed > options.memory) {
    const text = `who holds the objects takes some ${formatBytes(needed)} of memory in a core this large: coregram owners ${name} --of ADDR tells`;
    listener({ kind: "note", target: name, text });
    return rows;
  }
  try {
    const heap = options.heap ?? (await readHeap(core, name, options));
    const { found, references, tree, paths } = heap;
    for (const text of found.remarks) listener({ kind: "warning", target: name, text });
    const referrers = new HeapReferrers(heap);
    return rows.map((row) => {
      if (row.block?.state === "in use")
        return { ...row, block: heldBlock(heap, core.image, referrers, row.block) };
      if (row.object?.state !== "live") return row;
      const node = references.objects.find(Number(row.object.address));
      if (node < 0) return row;
      const { bytes } = retainedBy(tree, node);
      const held = { path: paths.pathOf(node), retainedBytes: bytes, ...referrers.of(node) };
      return { ...row, object: { ...row.object, ...held } };
    });
  } catch (error) {
    if (!(error instanceof CoregramError && (error.code === "format" || error.code === "limit"))) throw error;
    const text = `who holds the objects is not known: ${error.message}`;
    listener({ kind: "warning", target: name, text });
    return rows;
  }
}
