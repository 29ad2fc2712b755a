import { placedRuns } from "./layout.ts";
import type { Run } from "./pages.ts";
import { allocate, GROWTH_BYTES, type ProcessPlan } from "./take.ts";

/** One more than this part of what a process has now: it grows, and is copied again. */
const SPARE = 1 / 8;

/**
 * Memory that a process is copied to again and again, for one that reads it every few seconds: new memory each time would
 * be twice as much until the old is collected. A copy is gone when the next one is made.
 */
export class CopyRoom {
  #bytes: SharedArrayBuffer | null = null;
  /** What may hold other than zeros, sorted and disjoint. */
  #written: readonly Run[] = [];

  /**
   * Room for what is planned: zeros, but where it will be written to.
   * @throws CoregramError `limit` where there are not so many addresses
   */
  clear({ about, placed, end, room }: ProcessPlan): SharedArrayBuffer {
    const runs = placedRuns(placed);
    let bytes = this.#bytes;
    if (bytes === null || bytes.byteLength < room) {
      // The old one may go first.
      this.#bytes = null;
      bytes = allocate(about.status.pid, Math.ceil(room * (1 + SPARE)) + GROWTH_BYTES);
    } else
      for (const stale of withoutRuns(this.#written, runs))
        new Uint8Array(bytes, stale.start, stale.end - stale.start).fill(0);
    this.#bytes = bytes;
    // The core's header is written over, and what follows memory is read as far as it was written.
    this.#written = [...runs, { start: end, end: room }];
    return bytes;
  }
}

/** What of some runs is in none of others; both are sorted and disjoint. */
function* withoutRuns(runs: readonly Run[], others: readonly Run[]): Generator<Run> {
  let first = 0;
  for (const { start, end } of runs) {
    let from = start;
    while (first < others.length && (others[first]?.end ?? 0) <= start) first += 1;
    for (let at = first; from < end; at += 1) {
      const other = others[at];
      const to = other === undefined ? end : Math.min(end, other.start);
      if (to > from) yield { start: from, end: to };
      from = other === undefined ? end : Math.max(from, other.end);
    }
  }
}
