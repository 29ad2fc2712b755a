import { type Core, openCore } from "../../src/image/index.ts";
import {
  buildElf,
  buildFileNote,
  buildNotes,
  type ElfPlan,
  type MappingPlan,
  type SegmentPlan,
} from "../elf/build-elf.ts";
import { CORES, memoryBytes, readCoreBytes } from "../elf/memory-bytes.ts";

const NT_FILE = 0x46494c45;
const NT_AUXV = 6;

/** A core of these load segments, with NT_FILE and NT_AUXV where they are given. */
export function openPlan(
  segments: readonly SegmentPlan[],
  options: Partial<ElfPlan> & { mappings?: readonly MappingPlan[]; auxiliary?: Uint8Array } = {},
): Core {
  const { mappings, auxiliary, ...rest } = options;
  const plan = { class: 64, endian: "little", ...rest } as const;
  const notes = [
    ...(mappings ? [{ owner: "CORE", type: NT_FILE, descriptor: buildFileNote(plan, mappings) }] : []),
    ...(auxiliary ? [{ owner: "CORE", type: NT_AUXV, descriptor: auxiliary }] : []),
  ];
  return openBytes(
    buildElf({ ...plan, segments: [{ type: 4, data: buildNotes(plan, notes) }, ...segments] }),
  );
}

export function openBytes(bytes: Uint8Array): Core {
  const core = openCore(memoryBytes(bytes));
  if (core === null) throw new Error("not a core");
  return core;
}

/** One of the committed cores. */
export function openMade(name: (typeof CORES)[number]): Core {
  return openBytes(readCoreBytes(name));
}

export { CORES };

/** A load segment full of one byte. */
export function filled(
  start: bigint,
  bytes: number,
  byte: number,
  more: Partial<SegmentPlan> = {},
): SegmentPlan {
  return { type: 1, flags: 6, start, data: new Uint8Array(bytes).fill(byte), ...more };
}
