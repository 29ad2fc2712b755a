import type { Core } from "../image/index.ts";
import { type TracedBlocks, type TracedMemory, tracedMemory } from "../runtimes/index.ts";
import { CoregramError, formatAddress, type Listener, USER_SPACE_END } from "../terms/index.ts";
import type { WhatisRow } from "./results/index.ts";
import { TracedBlockFinder } from "./traced-blocks.ts";

/**
 * The rows with where the memory at each address was allocated, where tracemalloc was tracing: the object's there, else
 * that of the block that has the address.
 * @param root where modules' files are looked for; null for nowhere
 * @param name the core's, for what is said of it
 * @throws CoregramError `io` as reading does
 */
export async function withAllocations(
  core: Core | null,
  root: string | null,
  rows: readonly WhatisRow[],
  name: string,
  listener: Listener,
): Promise<readonly WhatisRow[]> {
  const memory = core === null ? null : await tracedOrSay(core, root, name, listener);
  if (memory === null) return rows;
  const { blocks, tracebacks } = memory;
  const finder = new TracedBlockFinder(blocks);
  return rows.map((row) => {
    const at = BigInt(row.object?.address ?? row.address);
    const block = at < USER_SPACE_END ? finder.find(Number(at)) : -1;
    if (block < 0 || row.object?.state === "freed") return { ...row, traced: false };
    const traceback = tracebacks[blocks.tracebacks[block] ?? 0];
    const allocated = {
      start: formatAddress(BigInt(blocks.starts[block] ?? 0)),
      bytes: blocks.bytes[block] ?? 0,
      domain: blocks.domains[block] ?? 0,
      frames: (traceback?.frames ?? []).map(({ file, line }) => ({ file, line })),
      totalFrames: traceback?.totalFrames ?? 0,
    };
    return { ...row, traced: true, allocated };
  });
}

type BlocksTraced = TracedMemory & { readonly blocks: TracedBlocks };

/**
 * What was traced, each block by itself; null where nothing was being traced. What is too large to be read is not known, and the
 * rest is all the same.
 */
export async function tracedOrSay(
  core: Core,
  root: string | null,
  name: string,
  listener: Listener,
): Promise<BlocksTraced | null> {
  try {
    const memory = await tracedMemory(core, root, true);
    if ("reason" in memory || !memory.isTracing) return null;
    const { blocks } = memory;
    return blocks && { ...memory, blocks };
  } catch (error) {
    if (!(error instanceof CoregramError && error.code === "limit")) throw error;
    const text = `where it was allocated is not known: ${error.message}`;
    listener({ kind: "warning", target: name, text });
    return null;
  }
}
