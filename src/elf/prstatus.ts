import { type Address, address } from "../terms/index.ts";
import type { Fields } from "./fields.ts";
import type { ElfHeader } from "./header.ts";
import { Machine } from "./machine.ts";

/** One thread as NT_PRSTATUS has it. */
export interface ThreadStatus {
  /** The thread's own id; the kernel calls it pid. */
  readonly pid: number;
  /** pr_cursig: the signal that the thread was stopped by, 0 for none. */
  readonly signal: number;
  /** Program counter and stack pointer; null where the machine's registers are not known. */
  readonly pc: Address | null;
  readonly sp: Address | null;
  /** Where the thread's own variables are: fs_base on x86-64. Null where the notes that are read do not say. */
  readonly threadPointer: Address | null;
  /**
   * The system call that it was in: its number, then its six arguments. Null where it was in none, and where the machine's
   * registers do not say (orig_rax does, on x86-64).
   */
  readonly call: readonly [number: bigint, ...others: bigint[]] | null;
}

interface Registers {
  /** Bytes of one register. */
  readonly bytes: 4 | 8;
  /** Where pr_reg starts in struct elf_prstatus. */
  readonly start: number;
  /** Their places in elf_gregset_t, counted in registers. */
  readonly pc: number;
  readonly sp: number;
  readonly threadPointer?: number;
  /** Of a system call's number and its arguments. */
  readonly call?: readonly [number, ...number[]];
}

// struct elf_prstatus (Linux include/linux/elfcore.h): 12 bytes of siginfo, the signal, two longs, four pids,
// four timevals, then the registers: at 112 where a long has 8 bytes, at 72 where it has 4.
const AFTER_LONGS = { 32: 72, 64: 112 } as const;
const PID = { 32: 24, 64: 32 } as const;

/** Places of pc and sp, from Linux arch/ARCH/include/uapi/asm/ptrace.h, and arch/x86/include/asm/user_*.h. */
function registersOf(header: ElfHeader): Registers | null {
  const start = AFTER_LONGS[header.class];
  const wide = header.class === 64;
  switch (header.machine) {
    case Machine.X86_64: // user_regs_struct: … orig_rax 15, rip 16, cs, eflags, rsp 19, ss, fs_base 21; x32 has 8-byte registers too
      return { bytes: 8, start, pc: 16, sp: 19, threadPointer: 21, call: [15, 14, 13, 12, 7, 9, 8] };
    case Machine.I386: // ebx … eip 12, cs, eflags, esp 15
      return { bytes: 4, start, pc: 12, sp: 15 };
    case Machine.AARCH64: // user_pt_regs: regs[31], sp, pc
      return wide ? { bytes: 8, start, pc: 32, sp: 31 } : null;
    case Machine.ARM: // uregs[18]: r13 is sp, r15 is pc
      return { bytes: 4, start, pc: 15, sp: 13 };
    case Machine.PPC: // pt_regs: gpr[32] with r1 the stack pointer, nip
      return { bytes: 4, start, pc: 32, sp: 1 };
    case Machine.PPC64:
      return wide ? { bytes: 8, start, pc: 32, sp: 1 } : null;
    case Machine.S390: // s390_regs: psw mask and address, gprs[16] with r15 the stack pointer
      return wide ? { bytes: 8, start, pc: 1, sp: 17 } : null;
    case Machine.RISCV: // user_regs_struct: pc, ra, sp
      return { bytes: wide ? 8 : 4, start, pc: 0, sp: 2 };
    default:
      return null;
  }
}

/** Reads the descriptor of NT_PRSTATUS. Null where it is too short to hold the thread's id. */
export function readThreadStatus(fields: Fields, header: ElfHeader): ThreadStatus | null {
  const pid = PID[header.class];
  if (fields.length < pid + 4) return null;
  const registers = registersOf(header);
  const register = (place: number | undefined): Address | null => {
    if (registers === null || place === undefined) return null;
    const at = registers.start + place * registers.bytes;
    if (at + registers.bytes > fields.length) return null;
    return address(registers.bytes === 8 ? fields.u64(at) : BigInt(fields.u32(at)));
  };
  return {
    pid: fields.i32(pid),
    signal: fields.u16(12),
    pc: register(registers?.pc),
    sp: register(registers?.sp),
    threadPointer: register(registers?.threadPointer),
    call: callOf((registers?.call ?? []).map(register)),
  };
}

/** No machine has as many system calls. */
const MOST_CALLS = 2n ** 31n;

/** The kernel has -1 for the number where a thread is in no call. */
function callOf([number, ...others]: readonly (Address | null)[]): ThreadStatus["call"] {
  if (number === undefined || number === null || number >= MOST_CALLS) return null;
  return [number, ...others.map((value) => value ?? 0n)];
}
