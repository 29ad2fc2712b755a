import { findMemoryCgroup, readCgroup, readUsage } from "../../image/index.ts";
import { formatBytes } from "../../terms/index.ts";

/** What an answer takes in times of what the process has: its copy, and what owners are found by. */
const NEEDS = 3;

/** What is to be known where this program's memory counts as the process's does; null where it does not. */
export function describeShared(pid: number): string | null {
  const [ours, theirs] = [findMemoryCgroup(process.pid), findMemoryCgroup(pid)];
  if (ours === null || ours.folder !== theirs?.folder) return null;
  const { usedBytes, limitBytes } = readCgroup(ours) ?? { usedBytes: 0, limitBytes: null };
  // The machine's own.
  if (limitBytes === null && ours.path === "/") return null;
  const limit =
    limitBytes === null
      ? "which has no limit"
      : `which may use ${formatBytes(limitBytes)} and uses ${formatBytes(usedBytes)}`;
  const needed = formatBytes(NEEDS * (readUsage(pid)?.rssBytes ?? 0));
  return `this watcher is in the same memory cgroup as pid ${pid}, ${ours.path}, ${limit}: an answer takes about ${needed} of it now, ${NEEDS} times what the process has; start it outside, as on the host or in a container beside it`;
}
