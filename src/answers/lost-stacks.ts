import { type Core, isStackSaved, readThreads } from "../image/index.ts";
import { formatCount } from "../terms/index.ts";

/** What is said of threads whose stack was not saved, of all there are. */
export function lostStacks(lost: number, threads: number): string {
  return `the stack of ${formatCount(lost)} of ${formatCount(threads)} threads is not in the core or reads as zeros, which gdb writes for what it failed to read: what only they hold is not seen`;
}

/** The same of the core's threads; null where all have theirs. */
export function lostStacksOf(core: Core): string | null {
  const threads = readThreads(core);
  const lost = threads.filter((thread) => isStackSaved(core, thread) === false).length;
  return lost === 0 ? null : lostStacks(lost, threads.length);
}
