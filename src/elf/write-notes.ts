import type { WrittenMachine } from "./core-file.ts";
import { NT_AUXV, NT_FILE, NT_PRPSINFO, NT_PRSTATUS } from "./core-notes.ts";
import { Machine } from "./machine.ts";
import type { ProcessStatus } from "./prpsinfo.ts";

/** A thread as it is written. */
export interface ThreadToWrite {
  readonly pid: number;
  readonly ppid: number;
  readonly registers: ThreadRegisters | null;
}

/** What is known of a thread's registers without a debugger: those that are not known are written as 0. */
export interface ThreadRegisters {
  readonly pc: bigint;
  readonly sp: bigint;
  readonly threadPointer: bigint | null;
  /** Of the system call that it waits in: its number, then its arguments; null where it waits in none. */
  readonly call: readonly bigint[] | null;
}

/** A file's mapping as it is written; the path in Latin-1, a character a byte. */
export interface MappingToWrite {
  readonly start: number;
  readonly end: number;
  readonly fileOffset: number;
  readonly path: string;
}

/** What the notes of a core say. */
export interface NotesToWrite {
  readonly machine: WrittenMachine;
  readonly pageBytes: number;
  /** The text in Latin-1, a character a byte. */
  readonly process: ProcessStatus;
  readonly threads: readonly ThreadToWrite[];
  /** As /proc/PID/auxv has it. */
  readonly auxiliary: Uint8Array;
  readonly mappings: readonly MappingToWrite[];
}

/** The notes of a core, as the kernel writes them: NT_PRSTATUS a thread, NT_PRPSINFO, NT_AUXV, NT_FILE. */
export function writeNotes(notes: NotesToWrite): Uint8Array {
  const [first, ...others] = notes.threads.map((thread) => note(NT_PRSTATUS, threadStatus(notes, thread)));
  return Buffer.concat([
    ...(first === undefined ? [] : [first]),
    note(NT_PRPSINFO, processStatus(notes.process)),
    note(NT_AUXV, notes.auxiliary),
    note(NT_FILE, fileNote(notes)),
    ...others,
  ]);
}

/** struct elf_note of the owner "CORE", its descriptor padded to 4 bytes. */
function note(type: number, descriptor: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(20 + Math.ceil(descriptor.length / 4) * 4);
  bytes.writeUInt32LE(5, 0);
  bytes.writeUInt32LE(descriptor.length, 4);
  bytes.writeUInt32LE(type, 8);
  bytes.write("CORE", 12, "latin1");
  bytes.set(descriptor, 20);
  return bytes;
}

interface RegisterPlaces {
  /** Bytes of struct elf_prstatus. */
  readonly bytes: number;
  readonly pc: number;
  readonly sp: number;
  readonly threadPointer: number | null;
  /** Of a system call's number and its arguments. */
  readonly call: readonly number[];
}

// struct elf_prstatus (Linux include/linux/elfcore.h): the registers start at 112, each has 8 bytes, an int follows.
const REGISTERS = 112;
const PLACES: Readonly<Record<WrittenMachine, RegisterPlaces>> = {
  // user_regs_struct (arch/x86/include/asm/user_64.h): r10 7, r9 8, r8 9, rdx 12, rsi 13, rdi 14, orig_rax 15, …
  [Machine.X86_64]: { bytes: 336, pc: 16, sp: 19, threadPointer: 21, call: [15, 14, 13, 12, 7, 9, 8] },
  // user_pt_regs (arch/arm64/include/uapi/asm/ptrace.h): x0 to x30, sp, pc, pstate; the number is in x8
  [Machine.AARCH64]: { bytes: 392, pc: 32, sp: 31, threadPointer: null, call: [8, 0, 1, 2, 3, 4, 5] },
};

/** NT_PRSTATUS; cut off before the registers where they are not known. */
function threadStatus({ machine }: NotesToWrite, { pid, ppid, registers }: ThreadToWrite): Uint8Array {
  const places = PLACES[machine];
  const bytes = Buffer.alloc(registers === null ? REGISTERS : places.bytes);
  bytes.writeInt32LE(pid, 32);
  bytes.writeInt32LE(ppid, 36);
  if (registers === null) return bytes;
  const put = (place: number | null | undefined, value: bigint | null) => {
    if (typeof place === "number" && value !== null)
      bytes.writeBigUInt64LE(BigInt.asUintN(64, value), REGISTERS + 8 * place);
  };
  put(places.pc, registers.pc);
  put(places.sp, registers.sp);
  put(places.threadPointer, registers.threadPointer);
  // -1: it is in no system call, which a debugger would set about to restart.
  if (registers.call === null && machine === Machine.X86_64) put(places.call[0], -1n);
  (registers.call ?? []).forEach((value, index) => {
    put(places.call[index], value);
  });
  return bytes;
}

/** NT_PRPSINFO: struct elf_prpsinfo where a long has 8 bytes. */
function processStatus(status: ProcessStatus): Uint8Array {
  const bytes = Buffer.alloc(136);
  bytes.write(status.state ?? "", 1, 1, "latin1");
  bytes.writeUInt32LE(status.uid, 16);
  bytes.writeUInt32LE(status.gid, 20);
  bytes.writeInt32LE(status.pid, 24);
  bytes.writeInt32LE(status.ppid, 28);
  // Each ends with a NUL.
  bytes.write(status.name, 40, 15, "latin1");
  bytes.write(status.arguments, 56, 79, "latin1");
  return bytes;
}

/** NT_FILE: see `readFileNote`. */
function fileNote({ mappings, pageBytes }: NotesToWrite): Uint8Array {
  const numbers = new BigUint64Array(2 + 3 * mappings.length);
  numbers.set([BigInt(mappings.length), BigInt(pageBytes)]);
  mappings.forEach(({ start, end, fileOffset }, index) => {
    numbers.set([BigInt(start), BigInt(end), BigInt(fileOffset / pageBytes)], 2 + 3 * index);
  });
  const paths = mappings.map(({ path }) => `${path}\0`).join("");
  return Buffer.concat([new Uint8Array(numbers.buffer), Buffer.from(paths, "latin1")]);
}
