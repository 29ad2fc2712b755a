import { readdirSync } from "node:fs";
import type { ThreadRegisters } from "../../elf/index.ts";
import { statusNumber, statusValue, tryProc } from "./proc-file.ts";

/** A thread of a living process. */
export interface LiveThread {
  /** Its number here. */
  readonly tid: number;
  /** Its number in the process's own pid namespace. */
  readonly ownTid: number;
  /** Null while it runs: the kernel says nothing of a running one. */
  readonly registers: Omit<ThreadRegisters, "threadPointer"> | null;
}

/** The process's threads, its first one in front; those that end meanwhile are left out. */
export function readLiveThreads(folder: string, pid: number): LiveThread[] {
  const tids = readdirSync(`${folder}/task`)
    .map(Number)
    .sort((a, b) => Number(b === pid) - Number(a === pid) || a - b);
  return tids.flatMap((tid) => {
    const status = tryProc(`${folder}/task/${tid}`, "status");
    // The first one may have ended before the others.
    if (status === null || /^[ZX]/.test(statusValue(status, "State") ?? "")) return [];
    const ownTid = Number(statusValue(status, "NSpid")?.split("\t").at(-1) ?? statusNumber(status, "Pid"));
    return [{ tid, ownTid, registers: parseSyscall(tryProc(`${folder}/task/${tid}`, "syscall") ?? "") }];
  });
}

/**
 * /proc/PID/syscall (proc(5)): the number of the system call, six arguments, stack pointer and program counter; `-1` and
 * those two where it is stopped outside of one; `running`.
 */
export function parseSyscall(text: string): LiveThread["registers"] {
  const values = text.trim().split(" ");
  if (!/^-?\d+$/.test(values[0] ?? "")) return null;
  const [number = 0n, ...others] = values.map(BigInt);
  const [sp, pc] = others.slice(-2);
  if (sp === undefined || pc === undefined) return null;
  return { sp, pc, call: number === -1n ? null : [number, ...others.slice(0, -2)] };
}
