import { statSync } from "node:fs";
import { posix } from "node:path";
import { procFolder, tryProc } from "./proc-file.ts";

/** The cgroup that counts a process's memory. */
export interface MemoryCgroup {
  /** As /proc/PID/cgroup has it. */
  readonly path: string;
  /** Where its files are, and where those of the outermost one are that can be seen here. */
  readonly folder: string;
  readonly top: string;
  readonly version: 1 | 2;
}

/** What processes of a cgroup use together, and how much they may. */
export interface CgroupUse {
  /** Without file pages that were not used lately, which the kernel takes back first: bytes. */
  readonly usedBytes: number;
  /** Its own limit, or that of the one around it that is the nearest to its own; null where there is none. */
  readonly limitBytes: number | null;
}

/** How the two versions call their files (Linux Documentation/admin-guide/cgroup-v1/memory.rst, cgroup-v2.rst). */
const FILES = {
  1: { used: "memory.usage_in_bytes", limit: "memory.limit_in_bytes", inactive: "total_inactive_file" },
  2: { used: "memory.current", limit: "memory.max", inactive: "inactive_file" },
} as const;

/** In version 1 no limit is a number near 2^63, rounded to pages. */
const NO_LIMIT = 2 ** 62;

/** Null where the process is gone, or its cgroup's files are not mounted here. */
export function findMemoryCgroup(pid: number): MemoryCgroup | null {
  const lines = tryProc(procFolder(pid), "cgroup");
  const mounts = tryProc("/proc/self", "mountinfo");
  const found = lines === null || mounts === null ? null : placeOfCgroup(lines, mounts);
  return found !== null && isFolder(found.folder) ? found : null;
}

/**
 * Where the files are of what /proc/PID/cgroup says (cgroups(7)): `4:memory:/pod/one` in version 1, else `0::/pod/one`.
 * @param mounts /proc/self/mountinfo (proc(5))
 */
export function placeOfCgroup(
  lines: string,
  mounts: string,
  controller: "memory" | "freezer" = "memory",
): MemoryCgroup | null {
  const old = new RegExp(`^\\d+:(?:[^:\\n]*,)?${controller}(?:,[^:\\n]*)?:(/.*)$`, "m").exec(lines)?.[1];
  const path = old ?? /^0::(\/.*)$/m.exec(lines)?.[1];
  if (path === undefined) return null;
  const version = old === undefined ? 2 : 1;
  for (const line of mounts.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , root = "", top = ""] = before.split(" ");
    const [type, , options = ""] = after.split(" ");
    const isIts =
      version === 2 ? type === "cgroup2" : type === "cgroup" && options.split(",").includes(controller);
    if (!isIts) continue;
    const inside = posix.relative(root, path);
    if (inside.startsWith("..")) continue;
    return { path, folder: posix.join(top, inside), top, version };
  }
  return null;
}

/** Null where it is gone. Of a limit that one around it has, what that one uses counts. */
export function readCgroup({ folder, top, version }: MemoryCgroup): CgroupUse | null {
  const files = FILES[version];
  let nearest: CgroupUse | null = null;
  for (let at = folder; ; at = posix.dirname(at)) {
    const used = numberIn(tryProc(at, files.used));
    if (used !== null) {
      const limit = numberIn(tryProc(at, files.limit));
      const usedBytes = Math.max(0, used - inactiveIn(tryProc(at, "memory.stat") ?? "", files.inactive));
      const limitBytes = limit === null || limit >= NO_LIMIT ? null : limit;
      if (nearest === null || shareOf({ usedBytes, limitBytes }) > shareOf(nearest))
        nearest = { usedBytes, limitBytes };
    }
    if (at === top || at === "/" || at === ".") return nearest;
  }
}

/** How much of what it may use is in use, 0 to 1; 0 without a limit. */
export function shareOf({ usedBytes, limitBytes }: CgroupUse): number {
  return limitBytes === null ? 0 : usedBytes / Math.max(1, limitBytes);
}

/**
 * Percent of the last 10 seconds in which some task waited for memory: of the cgroup, or where it does not say, of the
 * machine (Linux Documentation/accounting/psi.rst). Null where the kernel does not tell.
 */
export function readPressure(cgroup: MemoryCgroup | null): number | null {
  const own = cgroup?.version === 2 ? tryProc(cgroup.folder, "memory.pressure") : null;
  return parsePressure(own ?? tryProc("/proc/pressure", "memory") ?? "");
}

/** `some avg10=0.12 avg60=…` */
export function parsePressure(text: string): number | null {
  const value = /^some avg10=(\d+(?:\.\d+)?)/m.exec(text)?.[1];
  return value === undefined ? null : Number(value);
}

function numberIn(text: string | null): number | null {
  return text !== null && /^\d+\s*$/.test(text) ? Number(text) : null;
}

function inactiveIn(stat: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(stat)?.[1] ?? 0);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
