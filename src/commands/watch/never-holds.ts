import { findMemoryCgroup, readCgroup, readPressure } from "../../image/index.ts";
import type { Condition } from "./condition.ts";

/**
 * Which conditions cannot hold as things are, and why.
 * @param children whether what it starts is watched as well, which may be in a cgroup of its own
 */
export function describeNeverHolds(
  pid: number,
  conditions: readonly Condition[],
  children: boolean,
): string[] {
  const cgroup = findMemoryCgroup(pid);
  const whose = children ? " for the process itself" : "";
  const use = cgroup === null ? null : readCgroup(cgroup);
  return conditions.flatMap(({ text, subject, unit }) => {
    const say = (why: string) => [`--when '${text}' cannot hold${whose}: ${why}`];
    if (subject === "cgroup" && (cgroup === null || use === null))
      return say(`the memory cgroup of pid ${pid} is not to be seen here`);
    if (subject === "cgroup" && unit === "percent" && use?.limitBytes === null)
      return say(`the memory cgroup of pid ${pid}, ${cgroup?.path}, has no limit; rss>1G needs none`);
    if (subject === "pressure" && readPressure(cgroup) === null)
      return say("this kernel does not tell pressure (/proc/pressure/memory)");
    return [];
  });
}
