import { type Address, address } from "../terms/index.ts";
import type { Fields } from "./fields.ts";
import type { ElfHeader } from "./header.ts";
import { Machine } from "./machine.ts";

/** The signal that ended the process, as NT_SIGINFO has it. */
export interface SignalInfo {
  /** si_signo. */
  readonly signal: number;
  /** si_code: above 0 the kernel's own reason, else who sent it. */
  readonly code: number;
  /** The address that could not be accessed or executed; null where the signal is not about one. */
  readonly faultAddress: Address | null;
}

// SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV carry si_addr (sigaction(2)); MIPS and Alpha number SIGBUS 10.
const FAULTS: ReadonlySet<number> = new Set([4, 5, 7, 8, 10, 11]);
/** The kernel's "I cannot say where": SI_KERNEL (Linux include/uapi/asm-generic/siginfo.h). */
const SI_KERNEL = 0x80;

/** Reads the descriptor of NT_SIGINFO. Null where it is too short. */
export function readSignalInfo(fields: Fields, header: ElfHeader): SignalInfo | null {
  if (fields.length < 12) return null;
  // MIPS has si_code before si_errno (arch/mips/include/uapi/asm/siginfo.h).
  const code = fields.i32(header.machine === Machine.MIPS ? 4 : 8);
  const signal = fields.i32(0);
  const at = header.class === 64 ? 16 : 12;
  const isFault =
    FAULTS.has(signal) && code > 0 && code !== SI_KERNEL && fields.length >= at + fields.wordBytes;
  return { signal, code, faultAddress: isFault ? address(fields.word(at)) : null };
}
