import { procFolder, statusNumber, statusValue, tryProc } from "./proc-file.ts";

/** What the system says of a process's memory. */
export interface ProcessUsage {
  /** As ps(1) calls it. */
  readonly name: string;
  /** Memory that it has at the moment, and what of it is on disk: bytes. */
  readonly rssBytes: number;
  readonly swapBytes: number;
  /** Whether it is stopped, as by SIGSTOP. */
  readonly isStopped: boolean;
}

/**
 * What tells a program from one that takes its place in the process (execve(2)): the addresses that the kernel gave it. Null
 * where it has ended or may not be read.
 */
export function programOf(pid: number): string | null {
  return tryProc(procFolder(pid), "auxv") || null;
}

/** A look at /proc/PID/status (proc(5)): some 50 µs. Null where the process has ended, or is a zombie. */
export function readUsage(pid: number): ProcessUsage | null {
  const status = tryProc(procFolder(pid), "status");
  const rss = status === null ? null : statusNumber(status, "VmRSS");
  if (status === null || rss === null) return null;
  return {
    name: statusValue(status, "Name") ?? "",
    rssBytes: 1024 * rss,
    swapBytes: 1024 * (statusNumber(status, "VmSwap") ?? 0),
    isStopped: /^[Tt]/.test(statusValue(status, "State") ?? ""),
  };
}
