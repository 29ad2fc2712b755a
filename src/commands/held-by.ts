import { retainedBy } from "../heap/index.ts";
import type { Core } from "../image/index.ts";
import { CoregramError } from "../terms/index.ts";
import type { WhatisRow } from "../views/index.ts";
import type { Notes } from "./notes.ts";
import { type HeapOptions, readHeap } from "./python-heap.ts";

/**
 * The rows with the path of each live object and what it retains. The whole heap is read for that, once, and only
 * where a row has a live object. A heap that cannot be read leaves the rows as they are, with a warning: what the
 * addresses are is known all the same.
 * @param name the core's, for what is said of it
 * @throws CoregramError `io` as reading does
 */
export async function withHolders(
  core: Core | null,
  name: string,
  rows: readonly WhatisRow[],
  options: HeapOptions,
  notes: Notes,
): Promise<readonly WhatisRow[]> {
  if (core === null || !rows.some(({ object }) => object?.state === "live")) return rows;
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
