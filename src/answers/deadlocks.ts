import type { ThreadStack } from "../runtimes/index.ts";

/**
 * Threads that wait for each other: each for a lock that the next has, the last for one that the first has, by their `ident`. Only
 * locks that know their owner tell.
 */
export function findDeadlocks(threads: readonly ThreadStack[]): number[][] {
  const owners = new Map(
    threads.flatMap(({ ident, waits }) => (waits?.owner ? [[ident, waits.owner] as const] : [])),
  );
  const told = new Set<number>();
  const deadlocks: number[][] = [];
  for (const start of owners.keys()) {
    const way: number[] = [];
    const onWay = new Set<number>();
    let at: number | undefined = start;
    while (at !== undefined && !told.has(at)) {
      told.add(at);
      onWay.add(at);
      way.push(at);
      at = owners.get(at);
    }
    if (at !== undefined && onWay.has(at)) deadlocks.push(way.slice(way.indexOf(at)));
  }
  return deadlocks;
}
