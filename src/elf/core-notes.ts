import type { ByteSource } from "../bytes/index.ts";
import { type AuxiliaryVector, isPageSize, readAuxiliaryVector } from "./auxv.ts";
import { Fields } from "./fields.ts";
import { type FileMapping, type FileNote, readFileNote } from "./file-note.ts";
import type { ElfHeader } from "./header.ts";
import { ELF_LIMITS, type ElfLimits } from "./limits.ts";
import { type Note, noteAlignment, readNotes } from "./notes.ts";
import { type ProcessStatus, readProcessStatus } from "./prpsinfo.ts";
import { readThreadStatus, type ThreadStatus } from "./prstatus.ts";
import { type Segment, SegmentType } from "./segments.ts";
import { readSignalInfo, type SignalInfo } from "./siginfo.ts";
import type { Warnings } from "./warnings.ts";

/** What a core's notes say of its process. Null where no note says it. */
export interface CoreNotes {
  /** In the file's order; the first is the one that the signal hit, or that the debugger was at. */
  readonly threads: readonly ThreadStatus[];
  readonly process: ProcessStatus | null;
  readonly signal: SignalInfo | null;
  readonly auxiliary: AuxiliaryVector | null;
  /** Sorted by start; null where there is no NT_FILE (Linux before 3.7, and other writers). */
  readonly mappings: readonly FileMapping[] | null;
  /** Bytes of a page, by NT_AUXV, else by NT_FILE. */
  readonly pageBytes: number | null;
}

// Linux include/uapi/linux/elf.h; all of owner "CORE".
export const NT_PRSTATUS = 1;
export const NT_PRPSINFO = 3;
export const NT_AUXV = 6;
export const NT_FILE = 0x46494c45;
const NT_SIGINFO = 0x53494749;
/** Longer descriptors of these are not what the kernel writes; the part that counts comes first. */
const SMALL_BYTES = 1 << 16;

/** Reads the notes of all PT_NOTE segments. Of a note that a core should have once, the first counts. */
export function readCoreNotes(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
  warnings: Warnings,
  limits: ElfLimits = ELF_LIMITS,
): CoreNotes {
  const threads: ThreadStatus[] = [];
  let process: ProcessStatus | null = null;
  let signal: SignalInfo | null = null;
  let auxiliary: AuxiliaryVector | null = null;
  let files: FileNote | null = null;

  const descriptor = (note: Note, most: number): Fields => {
    const { offset, bytes } = note.descriptor;
    const into = new Uint8Array(Math.min(bytes, most));
    return new Fields(into.subarray(0, source.read(offset, into)), header);
  };
  let left = limits.notes;
  for (const segment of segments) {
    if (segment.type !== SegmentType.NOTE) continue;
    const alignment = noteAlignment(segment.alignment);
    for (const note of readNotes(source, header, segment.extent, alignment, warnings, left)) {
      left -= 1;
      if (note.owner !== "CORE") continue;
      if (note.type === NT_PRSTATUS) {
        if (threads.length === limits.threads) {
          warnings.add("threads", `threads are more than ${limits.threads}; the rest are not read`);
          continue;
        }
        const thread = readThreadStatus(descriptor(note, SMALL_BYTES), header);
        if (thread) threads.push(thread);
        else warnings.add("NT_PRSTATUS", `NT_PRSTATUS has only ${note.descriptor.bytes} bytes`);
      } else if (note.type === NT_PRPSINFO && process === null) {
        process = readProcessStatus(descriptor(note, SMALL_BYTES));
        if (!process)
          warnings.add("NT_PRPSINFO", `NT_PRPSINFO of ${note.descriptor.bytes} bytes is of no known layout`);
      } else if (note.type === NT_SIGINFO) {
        signal ??= readSignalInfo(descriptor(note, SMALL_BYTES), header);
      } else if (note.type === NT_AUXV) {
        auxiliary ??= readAuxiliaryVector(descriptor(note, SMALL_BYTES));
      } else if (note.type === NT_FILE && files === null) {
        if (note.descriptor.bytes > limits.noteBytes) {
          warnings.add(
            "NT_FILE",
            `NT_FILE has ${note.descriptor.bytes} bytes, more than ${limits.noteBytes}, and is not read`,
          );
        } else {
          files = readFileNote(descriptor(note, limits.noteBytes), warnings);
        }
      }
    }
  }
  const unit = Number(files?.unit ?? 0n);
  const pageBytes = auxiliary?.pageBytes ?? (isPageSize(unit) ? unit : null);
  return { threads, process, signal, auxiliary, mappings: files?.mappings ?? null, pageBytes };
}
