import type { Fields } from "./fields.ts";

/** The process as NT_PRPSINFO has it. */
export interface ProcessStatus {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly gid: number;
  /** pr_sname: `R`, `S`, `D`, `T`, `Z`, …; null where it is not a letter. */
  readonly state: string | null;
  /** pr_fname: the command's name, at most 15 bytes. Untrusted. */
  readonly name: string;
  /** pr_psargs: the first 79 bytes of the command line, its arguments joined by spaces. Untrusted. */
  readonly arguments: string;
}

interface Layout {
  readonly uid: number;
  readonly idBytes: 2 | 4;
  readonly pid: number;
  readonly name: number;
}

/**
 * struct elf_prpsinfo (Linux include/linux/elfcore.h) by its size, which says more than the machine does:
 * 136 bytes where a long has 8; 124 where it has 4 and a user's id 2 (i386, arm, sh, m68k, s390, x32);
 * 128 where both have 4 (ppc, mips, riscv32).
 */
const LAYOUTS: Readonly<Record<number, Layout>> = {
  136: { uid: 16, idBytes: 4, pid: 24, name: 40 },
  124: { uid: 8, idBytes: 2, pid: 12, name: 28 },
  128: { uid: 8, idBytes: 4, pid: 16, name: 32 },
};
const NAME_BYTES = 16;
const ARGUMENT_BYTES = 80;

/** Reads the descriptor of NT_PRPSINFO. Null where its size is none that is known. */
export function readProcessStatus(fields: Fields): ProcessStatus | null {
  const layout = LAYOUTS[fields.length];
  if (layout === undefined) return null;
  const id = (at: number) => (layout.idBytes === 2 ? fields.u16(at) : fields.u32(at));
  const state = String.fromCharCode(fields.u8(1));
  return {
    pid: fields.i32(layout.pid),
    ppid: fields.i32(layout.pid + 4),
    uid: id(layout.uid),
    gid: id(layout.uid + layout.idBytes),
    state: /[A-Za-z]/.test(state) ? state : null,
    name: fields.text(layout.name, NAME_BYTES),
    arguments: fields.text(layout.name + NAME_BYTES, ARGUMENT_BYTES).trimEnd(),
  };
}
