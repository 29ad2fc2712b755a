import { lstatSync } from "node:fs";
import { errnoCode, explainErrno } from "../../bytes/index.ts";
import { CoregramError } from "../../terms/index.ts";
import { procFolder, statusNumber, statusValue, tryProc } from "./proc-file.ts";

/** Bit of CapEff (Linux include/uapi/linux/capability.h). */
const CAP_SYS_PTRACE = 1n << 19n;

/** In a container, whose root has less than a machine's. */
const IN_CONTAINER =
  "docker run --cap-add SYS_PTRACE, or kubectl debug --target=CONTAINER --profile=sysadmin, gives it";

/**
 * The status of a process that has memory to read.
 * @throws CoregramError `io` where there is none, or it is a thread, a kernel thread or a zombie
 */
export function requireProcess(pid: number): string {
  const status = tryProc(procFolder(pid), "status");
  if (status === null)
    throw new CoregramError(
      "io",
      `pid ${pid}: no such process that can be seen here: ps -e lists them, and a container has numbers of its own`,
    );
  const group = statusNumber(status, "Tgid");
  if (group !== null && group !== pid)
    throw new CoregramError("io", `pid ${pid} is a thread of process ${group}: --pid ${group}`);
  const state = statusValue(status, "State")?.[0];
  if (state === "Z" || state === "X")
    throw new CoregramError(
      "io",
      `pid ${pid} has ended and has no memory any more: a zombie, which its parent ${statusNumber(status, "PPid")} has not waited for`,
    );
  if (statusValue(status, "VmSize") === null)
    throw new CoregramError("io", `pid ${pid} is a thread of the kernel, and has no memory of its own`);
  return status;
}

/** Why a process cannot be read: which rule forbids it, and what would do. What the system did not say is what it was. */
export function accessError(pid: number, error: unknown): unknown {
  const code = error instanceof CoregramError ? null : errnoCode(error);
  if (code === null) return error;
  if (code === "ENOENT" || code === "ESRCH") return endedError(pid);
  const options = { cause: error };
  if (code !== "EACCES" && code !== "EPERM")
    return new CoregramError("io", `pid ${pid}: cannot be read: ${explainErrno(error)}`, options);
  return new CoregramError("io", `pid ${pid}: permission denied: ${explainDenial(pid)}`, options);
}

/** The error for a process whose memory went away. */
export function endedError(pid: number): CoregramError {
  return new CoregramError("changed", `pid ${pid}: ended, or became another program, while it was read`);
}

/** The rules of ptrace(2), "Ptrace access mode checking", and of Yama, in the order in which they are checked. */
function explainDenial(pid: number): string {
  const sudo = "sudo, in front of the same command";
  const own = tryProc("/proc/self", "status") ?? "";
  const theirs = tryProc(procFolder(pid), "status") ?? "";
  const [ours, uid] = [statusNumber(own, "Uid"), statusNumber(theirs, "Uid")];
  const capabilities = BigInt(`0x${statusValue(own, "CapEff") ?? "0"}`);
  if ((capabilities & CAP_SYS_PTRACE) !== 0n)
    return "CAP_SYS_PTRACE is there, so it is in another user namespace, or a security module (LSM, seccomp) forbids it: run it on the host, as root";
  if (ours === 0) return `root lacks CAP_SYS_PTRACE here: ${IN_CONTAINER}`;
  if (ours !== uid) return `it belongs to user ${uid}, and this is user ${ours}: ${sudo}`;
  const scope = tryProc("/proc/sys/kernel/yama", "ptrace_scope")?.trim() ?? "0";
  if (scope === "3") return "kernel.yama.ptrace_scope is 3: none may be read until the machine starts anew";
  if (scope !== "0")
    return `kernel.yama.ptrace_scope is ${scope}, which needs CAP_SYS_PTRACE: ${sudo}; in a container, ${IN_CONTAINER}`;
  if (ownerOf(pid) !== uid)
    return `it has made itself unreadable (PR_SET_DUMPABLE), or runs with rights that its user lacks: ${sudo}`;
  return `it has rights that this user lacks, or is in another user namespace: ${sudo}; in a container, ${IN_CONTAINER}`;
}

/** Of the files in its folder: root's where the process is not dumpable (proc(5)). */
function ownerOf(pid: number): number | null {
  try {
    return lstatSync(`${procFolder(pid)}/mem`).uid;
  } catch {
    return null;
  }
}
