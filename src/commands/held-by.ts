import type { WhatisRow } from "../answers/index.ts";
import { retainedBy } from "../heap/index.ts";
import type { Core } from "../image/index.ts";
import { CoregramError, formatBytes } from "../terms/index.ts";
import { totalsOf } from "./info.ts";
import { type HeapOptions, readHeap } from "./python-heap.ts";
import type { Notes } from "./shell/notes.ts";

/** What reading all of a heap takes, of the memory that is saved: a core of 431 MB took 850 MB. */
const HEAP_SHARE = 2;

/**
 * The rows with the path of each live object and what it retains. The whole heap is read for that, once, and only
 * where a row has a live object and `memory` bytes are enough for it. A heap that cannot be read leaves the rows as they are, with a warning: what the
 * addresses are is known all the same.
 * @param name the core's, for what is said of it
 * @throws CoregramError `io` as reading does
 */
export async function withHolders(
  core: Core | null,
  name: string,
  rows: readonly WhatisRow[],
  options: HeapOptions & { readonly memory: number },
  notes: Notes,
): Promise<readonly WhatisRow[]> {
  if (core === null || !rows.some(({ object }) => object?.state === "live")) return rows;
  const needed = HEAP_SHARE * totalsOf(core.image).savedBytes;
  if (needed > options.memory) {
    notes.say(
      `who holds the objects takes some ${formatBytes(needed)} of memory in a core this large: coregram owners ${name} --of ADDR tells`,
    );
    return rows;
  }
  try {
    const { table, tree, paths, python } = await readHeap(core, name, options);
    for (const remark of python.remarks) notes.warn(remark);
    return rows.map((row) => {
      if (row.object?.state !== "live") return row;
      const node = table.find(Number(row.object.address));
      if (node < 0) return row;
      const { bytes } = retainedBy(tree, node);
      return { ...row, object: { ...row.object, path: paths.pathOf(node), retainedBytes: bytes } };
    });
  } catch (error) {
    if (!(error instanceof CoregramError && (error.code === "format" || error.code === "limit"))) throw error;
    notes.warn(`who holds the objects is not known: ${error.message}`);
    return rows;
  }
}
