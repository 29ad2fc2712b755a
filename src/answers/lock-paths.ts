import type { Core } from "../image/index.ts";
import type { ThreadStack } from "../runtimes/index.ts";
import { CoregramError, formatBytes, type Listener } from "../terms/index.ts";
import { type ModuleOptions, memoryOf, type ResourceOptions, rootOf, threadsOf } from "./options.ts";
import { stageProgress } from "./progress.ts";
import { HEAP_SHARE, type Heap, readHeap } from "./read-heap.ts";
import { memoryTotals } from "./subject.ts";

/**
 * The paths of the locks that threads wait for, by their addresses. The heap is read for that, once, where a thread waits for one and
 * `memory` is enough; a heap that cannot be read is a warning.
 * @param options `heap`: the core's, where it was read already
 */
export async function lockPaths(
  core: Core,
  name: string,
  threads: readonly ThreadStack[],
  options: ModuleOptions & ResourceOptions & { readonly heap: Heap | null },
  listener: Listener,
): Promise<ReadonlyMap<number, string>> {
  const locks = new Set(
    threads.flatMap(({ waits }) =>
      waits?.kind === "lock" || waits?.kind === "rlock" ? [waits.address] : [],
    ),
  );
  if (locks.size === 0) return new Map();
  const needed = HEAP_SHARE * memoryTotals(core.image).savedBytes;
  if (options.heap === null && needed > memoryOf(options)) {
    const text = `the paths of locks take some ${formatBytes(needed)} of memory in a core this large: not looked up`;
    listener({ kind: "note", target: name, text });
    return new Map();
  }
  try {
    const { references, paths } =
      options.heap ??
      (await readHeap(core, name, {
        root: rootOf(options),
        threads: threadsOf(options),
        progress: stageProgress(listener, name),
      }));
    const found = new Map<number, string>();
    for (const lock of locks) {
      const node = references.objects.find(lock);
      if (node >= 0) found.set(lock, paths.pathOf(node));
    }
    return found;
  } catch (error) {
    if (!(error instanceof CoregramError && (error.code === "format" || error.code === "limit"))) throw error;
    listener({ kind: "warning", target: name, text: `the paths of locks are not known: ${error.message}` });
    return new Map();
  }
}
