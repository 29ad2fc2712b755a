import { closeSync, openSync, readSync, statSync } from "node:fs";
import {
  type AuxiliaryVector,
  Fields,
  Machine,
  type ProcessStatus,
  readAuxiliaryVector,
  type WrittenMachine,
} from "../../elf/index.ts";
import { CoregramError } from "../../terms/index.ts";
import { procFolder, readProc, statusNumber, statusValue, tryProc } from "./proc-file.ts";

const USUAL_PAGE_BYTES = 4096;

/** What the notes of a core say of a process as a whole. Text is in Latin-1, a character a byte. */
export interface AboutProcess {
  readonly machine: WrittenMachine;
  readonly pageBytes: number;
  /** As /proc/PID/auxv has it. */
  readonly auxiliary: Uint8Array;
  readonly status: ProcessStatus;
}

/** @throws CoregramError `format` where it is of a machine whose processes are not read */
export function readAboutProcess(pid: number): AboutProcess {
  const folder = procFolder(pid);
  const machine = readMachine(pid);
  const auxiliary = Buffer.from(readProc(folder, "auxv"), "latin1");
  const { pageBytes }: AuxiliaryVector = readAuxiliaryVector(
    new Fields(auxiliary, { class: 64, endian: "little" }),
  );
  const text = readProc(folder, "status");
  const status: ProcessStatus = {
    pid,
    ppid: statusNumber(text, "PPid") ?? 0,
    uid: statusNumber(text, "Uid") ?? 0,
    gid: statusNumber(text, "Gid") ?? 0,
    state: statusValue(text, "State")?.[0] ?? null,
    name: readProc(folder, "comm").trimEnd(),
    arguments: (tryProc(folder, "cmdline") ?? "").replace(/\0+$/, "").replaceAll("\0", " "),
  };
  return { machine, pageBytes: pageBytes ?? USUAL_PAGE_BYTES, auxiliary, status };
}

/** The machine of the program that runs, by its ELF header. */
function readMachine(pid: number): WrittenMachine {
  const head = Buffer.alloc(20);
  const exe = openSync(`${procFolder(pid)}/exe`, "r");
  try {
    readSync(exe, head, 0, head.length, 0);
  } finally {
    closeSync(exe);
  }
  const machine = head.readUInt16LE(18);
  const isWide = head[4] === 2 && head[5] === 1;
  if (isWide && (machine === Machine.X86_64 || machine === Machine.AARCH64)) return machine;
  throw new CoregramError(
    "format",
    `pid ${pid} is no 64-bit process of x86-64 or aarch64: gcore ${pid} makes a core that can be read`,
  );
}

/** What stands for the `/` of a process: its own root, where that is another than ours. */
export function rootOfProcess(pid: number): string {
  const root = `${procFolder(pid)}/root`;
  try {
    const [theirs, ours] = [statSync(`${root}/.`), statSync("/")];
    return theirs.dev === ours.dev && theirs.ino === ours.ino ? "/" : root;
  } catch {
    return "/";
  }
}
