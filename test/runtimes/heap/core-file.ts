import { buildElf, buildFileNote, buildNotes, type SegmentPlan } from "../../elf/build-elf.ts";
import { ByteWriter } from "../../elf/byte-writer.ts";
import type { Memory } from "./memory.ts";

/** A thread as NT_PRSTATUS has it. */
export interface ThreadPlan {
  readonly pid: number;
  readonly sp: number;
}

export interface ProcessPlan {
  readonly name?: string;
  readonly threads?: readonly ThreadPlan[];
  /** Where 16 random bytes lie, which tell one process from another (AT_RANDOM). */
  readonly random?: number;
}

const ELF = { class: 64, endian: "little" } as const;
const [PT_LOAD, PT_NOTE] = [1, 4];
const [NT_PRSTATUS, NT_PRPSINFO, NT_AUXV, NT_FILE] = [1, 3, 6, 0x46494c45];
const AT_RANDOM = 25;
const FLAGS = { "r--": 4, "rw-": 6, "r-x": 5 } as const;

/** The memory as the kernel writes it into an ELF core: a segment a mapping, and what it says of the process. */
export function writeCore({ regions }: Memory, process: ProcessPlan = {}): Uint8Array {
  const sorted = [...regions].sort((a, b) => a.start - b.start);
  const files = sorted.flatMap(({ start, path, filePage: page, fileBytes }) =>
    path === null ? [] : [{ start: BigInt(start), end: BigInt(start + fileBytes), page, path }],
  );
  const descriptors: [type: number, descriptor: Uint8Array][] = [
    ...(process.threads ?? []).map((thread): [number, Uint8Array] => [NT_PRSTATUS, threadStatus(thread)]),
    [NT_PRPSINFO, processStatus(process)],
    [NT_FILE, buildFileNote(ELF, files)],
  ];
  if (process.random !== undefined)
    descriptors.push([NT_AUXV, new ByteWriter(ELF).u64(AT_RANDOM).u64(process.random).u64(0).u64(0).done()]);
  const notes = descriptors.map(([type, descriptor]) => ({ owner: "CORE", type, descriptor }));
  const segments: SegmentPlan[] = [
    { type: PT_NOTE, data: buildNotes(ELF, notes), alignment: 4n },
    ...sorted.map(({ start, data, permissions, savedBytes }) => ({
      type: PT_LOAD,
      flags: FLAGS[permissions],
      start: BigInt(start),
      data: data.subarray(0, savedBytes),
      memoryBytes: BigInt(data.length),
    })),
  ];
  return buildElf({ ...ELF, segments });
}

/** struct elf_prstatus of x86-64 (Linux include/linux/elfcore.h): pr_pid at 32, and in pr_reg at 112 the 20th is rsp. */
function threadStatus({ pid, sp }: ThreadPlan): Uint8Array {
  return new ByteWriter(ELF)
    .zeros(32)
    .u32(pid)
    .zeros(112 - 36)
    .zeros(19 * 8)
    .u64(sp)
    .zeros(336 - 112 - 20 * 8)
    .done();
}

/** struct elf_prpsinfo: pr_sname at 1, pr_pid at 24, pr_fname at 40, pr_psargs at 56. */
function processStatus({ name = "python3", threads = [] }: ProcessPlan): Uint8Array {
  return new ByteWriter(ELF)
    .u8(0)
    .text("S", 23)
    .u32(threads[0]?.pid ?? 1)
    .zeros(12)
    .text(name, 16)
    .text(name, 80)
    .done();
}
