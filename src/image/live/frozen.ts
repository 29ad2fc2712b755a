import { placeOfCgroup } from "./memory-cgroup.ts";
import { procFolder, tryProc } from "./proc-file.ts";

/**
 * Whether a process's cgroup is frozen, or one around it: no thread of it does anything, whatever its state is called
 * (Linux Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst, cgroup-v2.rst).
 */
export function isFrozen(pid: number): boolean {
  const lines = tryProc(procFolder(pid), "cgroup");
  const mounts = tryProc("/proc/self", "mountinfo");
  if (lines === null || mounts === null) return false;
  // Both versions may be there at once, each with a freezer.
  const unified = /^0::.*$/m.exec(lines)?.[0] ?? "";
  return [lines, unified].some((each) => {
    const place = placeOfCgroup(each, mounts, "freezer");
    if (place === null) return false;
    return place.version === 1
      ? tryProc(place.folder, "freezer.state")?.trim() === "FROZEN"
      : /^frozen 1$/m.test(tryProc(place.folder, "cgroup.events") ?? "");
  });
}
