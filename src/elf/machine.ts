/** e_machine of the machines whose core notes are understood (gABI; Linux include/uapi/linux/elf-em.h). */
export const Machine = {
  I386: 3,
  MIPS: 8,
  PPC: 20,
  PPC64: 21,
  S390: 22,
  ARM: 40,
  X86_64: 62,
  AARCH64: 183,
  RISCV: 243,
} as const;

const NAMES: Readonly<Record<number, string>> = {
  2: "sparc",
  [Machine.I386]: "i386",
  4: "m68k",
  [Machine.MIPS]: "mips",
  15: "parisc",
  18: "sparc32plus",
  [Machine.PPC]: "ppc",
  [Machine.PPC64]: "ppc64",
  [Machine.S390]: "s390",
  [Machine.ARM]: "arm",
  42: "sh",
  43: "sparc64",
  50: "ia64",
  [Machine.X86_64]: "x86-64",
  93: "arc",
  94: "xtensa",
  [Machine.AARCH64]: "aarch64",
  189: "microblaze",
  195: "arcv2",
  [Machine.RISCV]: "riscv",
  247: "bpf",
  252: "csky",
  258: "loongarch",
  36902: "alpha",
};

/** `x86-64`, `aarch64`, `s390x`, …; `machine 4660` for one without a name here. */
export function machineName(machine: number, elfClass: 32 | 64): string {
  if (machine === Machine.S390 && elfClass === 64) return "s390x";
  if (machine === Machine.RISCV) return `riscv${elfClass}`;
  if (machine === Machine.X86_64 && elfClass === 32) return "x32";
  return NAMES[machine] ?? `machine ${machine}`;
}
