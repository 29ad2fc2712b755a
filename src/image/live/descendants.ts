import { readdirSync } from "node:fs";
import { CoregramError } from "../../terms/index.ts";
import { procFolder, tryProc } from "./proc-file.ts";

/** Processes that are looked for at the most. */
const MOST_PROCESSES = 4096;

/**
 * Processes and all that they and their children have started, as far as they are not left to another parent: parents first,
 * by number. By /proc/PID/task/TID/children (proc(5)), which each thread has.
 * @param without one that is left out, with what it has started
 * @throws CoregramError `io` where the kernel does not say (CONFIG_PROC_CHILDREN)
 */
export function processTree(roots: readonly number[], without: number | null = null): number[] {
  const tree = [...roots];
  const known = new Set([...tree, without]);
  // A list that grows is walked to its end.
  for (const each of tree) {
    for (const child of childrenOf(each).sort((a, b) => a - b)) {
      if (known.has(child) || tree.length >= MOST_PROCESSES) continue;
      known.add(child);
      tree.push(child);
    }
  }
  return tree;
}

function childrenOf(pid: number): number[] {
  const folder = `${procFolder(pid)}/task`;
  let tids: string[];
  try {
    tids = readdirSync(folder);
  } catch {
    return [];
  }
  const lists = tids.map((tid) => tryProc(`${folder}/${tid}`, "children"));
  if (lists.every((list) => list === null) && tryProc(procFolder(pid), "status") !== null && tids.length > 0)
    throw new CoregramError(
      "io",
      `pid ${pid}: this kernel does not tell a process's children (CONFIG_PROC_CHILDREN)`,
    );
  return lists.flatMap((list) => (list ?? "").split(" ").filter(Boolean).map(Number));
}
