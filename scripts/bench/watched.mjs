import { readdirSync, readFileSync } from "node:fs";

/** So long the work is measured at once: a look takes some of these. */
const BIN_MILLIS = 50;
/** Processor time of a watcher that rests, in so long a time. */
const RESTING_MILLIS = 2.5;

/**
 * How long work takes while a process is watched, and how long in those moments of the same time in which the watcher rests:
 * whatever else the machine does is in both.
 * @param {number} watcher its pid
 * @param {() => Promise<unknown>} work a small part of it
 * @param {number} millis in all; looks with owners, of which there are few, should be among them
 * @returns {Promise<Map<"watched" | "alone", number>>} milliseconds for a thousand parts
 */
export async function compareWatched(watcher, work, millis) {
  const all = { parts: 0, millis: 0 };
  const resting = { parts: 0, millis: 0 };
  const end = performance.now() + millis;
  while (performance.now() < end) {
    const [start, cpu] = [performance.now(), processorMillis(watcher)];
    let parts = 0;
    let took = 0;
    for (; took < BIN_MILLIS; took = performance.now() - start) {
      await work();
      parts += 1;
    }
    const isResting = processorMillis(watcher) - cpu < RESTING_MILLIS;
    for (const sums of isResting ? [all, resting] : [all]) {
      sums.parts += parts;
      sums.millis += took;
    }
  }
  const perThousand = (/** @type {typeof all} */ sums) => (1000 * sums.millis) / Math.max(1, sums.parts);
  return new Map([
    ["watched", perThousand(all)],
    ["alone", perThousand(resting)],
  ]);
}

/**
 * What all threads of a process have run, by /proc/PID/task/TID/schedstat, whose first number is nanoseconds (Linux
 * Documentation/scheduler/sched-stats.rst).
 * @param {number} pid
 */
function processorMillis(pid) {
  let sum = 0;
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    try {
      sum += Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, "latin1").split(" ")[0]) / 1e6;
    } catch {
      // A thread that has ended.
    }
  }
  return sum;
}
