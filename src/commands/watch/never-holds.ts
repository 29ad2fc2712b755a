import { findMemoryCgroup, readCgroup, readPressure } from "../../image/index.ts";
import type { Condition } from "./condition.ts";

/** Which conditions cannot hold as things are, and why. */
export function describeNeverHolds(pid: number, conditions: readonly Condition[]): string[] {
  const cgroup = findMemoryCgroup(pid);
  const use = cgroup === null ? null : readCgroup(cgroup);
  return conditions.flatMap(({ text, subject, unit }) => {
    const say = (why: string) => [`--when '${text}' cannot hold: ${why}`];
    if (subject === "cgroup" && (cgroup === null || use === null))
      return say(`the memory cgroup of pid ${pid} is not to be seen here`);
    if (subject === "cgroup" && unit === "percent" && use?.limitBytes === null)
      return say(`the memory cgroup of pid ${pid}, ${cgroup?.path}, has no limit; rss>1G needs none`);
    if (subject === "pressure" && readPressure(cgroup) === null)
      return say("this kernel does not tell pressure (/proc/pressure/memory)");
    return [];
  });
}
