import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { printable } from "../../terms/index.ts";

/** What the system says of where it puts the cores of crashes; null where it does not tell. */
export interface CoreSettings {
  /** /proc/sys/kernel/core_pattern: core(5). */
  readonly pattern: string | null;
  /** /proc/self/limits: proc(5). What `ulimit -c` says of this shell. */
  readonly limits: string | null;
}

/** A core by its name: `core`, `core.25867`, `web.core`. */
const CORE_NAME = /^core\b|\.core\b/;

/** Where a core that is not there may be, as the end of a sentence: ` (…)`; empty where its name is no core's. */
export function whereCoresGo(path: string, { pattern, limits }: CoreSettings = readSettings()): string {
  if (!CORE_NAME.test(basename(path)) || pattern === null) return "";
  return ` (${placeOf(pattern.trim(), limits)}; gcore PID makes one of a running process)`;
}

function placeOf(pattern: string, limits: string | null): string {
  if (pattern.startsWith("|")) {
    const program = basename(pattern.slice(1).trim().split(" ")[0] ?? "");
    const instead = HANDLERS[program];
    const to = `cores of crashes go to ${printable(program)} here`;
    return instead === undefined ? to : `${to}: ${instead}`;
  }
  // Soft limit, then hard limit.
  if (/^Max core file size\s+0\s/m.test(limits ?? ""))
    return "ulimit -c is 0 here, and then a crash writes no core: ulimit -c unlimited, before the program is started";
  return `cores of crashes are written as ${printable(pattern)} here, from the process's own folder on`;
}

/** How to get a core from what keeps them. */
const HANDLERS: Readonly<Record<string, string>> = {
  "systemd-coredump": "coredumpctl list, then coredumpctl dump PID -o CORE",
  apport: "apport-unpack /var/crash/NAME.crash DIR makes DIR/CoreDump",
};

function readSettings(): CoreSettings {
  return { pattern: textOf("/proc/sys/kernel/core_pattern"), limits: textOf("/proc/self/limits") };
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
