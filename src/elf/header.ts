import type { ByteSource } from "../bytes/index.ts";
import { CoregramError } from "../terms/index.ts";
import { Fields } from "./fields.ts";
import type { ElfLayout } from "./layout.ts";
import { machineName } from "./machine.ts";
import type { Warnings } from "./warnings.ts";

export type ElfType = "none" | "relocatable" | "executable" | "shared" | "core" | "other";

/** A table of equally long entries, as the header claims it: nothing says that the file holds all of them. */
export interface ElfTable {
  /** Where it starts in the file, in bytes. */
  readonly offset: number;
  /** How many entries; null where the number stood in a part of the file that is missing. */
  readonly count: number | null;
  readonly entryBytes: number;
}

/** The ELF header (gABI, "ELF Header"), with the extended numberings resolved. */
export interface ElfHeader extends ElfLayout {
  readonly type: ElfType;
  /** e_machine. */
  readonly machine: number;
  readonly machineName: string;
  readonly segments: ElfTable;
  readonly sections: ElfTable;
  /** The section that holds the names of the sections; 0 for none. */
  readonly sectionNames: number;
}

const TYPES: readonly ElfType[] = ["none", "relocatable", "executable", "shared", "core"];
const PN_XNUM = 0xffff;
const SHN_XINDEX = 0xffff;
const PROGRAM_HEADER_BYTES = { 32: 32, 64: 56 } as const;
const SECTION_HEADER_BYTES = { 32: 40, 64: 64 } as const;
/** Longer entries than the standard's are allowed and skipped over; much longer ones are nonsense. */
const MOST_ENTRY_BYTES = 4096;

/**
 * Reads the ELF header. Null where the file is not an ELF file.
 * @throws CoregramError `format` where it is one, but its class, byte order or tables make no sense
 */
export function readHeader(source: ByteSource, warnings: Warnings): ElfHeader | null {
  const bytes = new Uint8Array(64);
  const got = source.read(0, bytes);
  if (got < 4 || bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46)
    return null;
  // What is cut off before it says its class is at least of the smaller one.
  const layout: ElfLayout = got < 16 ? { class: 32, endian: "little" } : readLayout(bytes);
  const headerBytes = layout.class === 64 ? 64 : 52;
  if (got < headerBytes) {
    throw new CoregramError("format", `ELF header needs ${headerBytes} bytes, the file has ${got}`, {
      isUnnamed: true,
    });
  }
  const fields = new Fields(bytes.subarray(0, headerBytes), layout);
  const wide = layout.class === 64;
  const counts = wide ? 54 : 42;
  const sectionsOffset = tableOffset(fields.word(wide ? 40 : 32), source, "section headers", warnings);
  const sectionBytes = entryBytes(
    fields.u16(counts + 4),
    SECTION_HEADER_BYTES[layout.class],
    "section header",
  );
  const claimed = {
    segments: fields.u16(counts + 2),
    sections: fields.u16(counts + 6),
    names: fields.u16(counts + 8),
  };
  const numbers = resolveNumbers(source, layout, sectionsOffset, claimed, warnings);
  const segmentsOffset = tableOffset(fields.word(wide ? 32 : 28), source, "program headers", warnings);
  const segmentBytes = entryBytes(fields.u16(counts), PROGRAM_HEADER_BYTES[layout.class], "program header");
  const machine = fields.u16(18);
  return {
    ...layout,
    type: TYPES[fields.u16(16)] ?? "other",
    machine,
    machineName: machineName(machine, layout.class),
    segments: {
      offset: segmentsOffset,
      count: segmentsOffset > 0 ? numbers.segments : 0,
      entryBytes: segmentBytes,
    },
    sections: {
      offset: sectionsOffset,
      count: sectionsOffset > 0 ? numbers.sections : 0,
      entryBytes: sectionBytes,
    },
    sectionNames: numbers.names,
  };
}

function readLayout(bytes: Uint8Array): ElfLayout {
  const [elfClass, data] = [bytes[4], bytes[5]];
  if (elfClass !== 1 && elfClass !== 2) {
    throw new CoregramError("format", `ELF class is ${elfClass}, neither 1 (32 bit) nor 2 (64 bit)`, {
      isUnnamed: true,
    });
  }
  if (data !== 1 && data !== 2) {
    throw new CoregramError("format", `ELF byte order is ${data}, neither 1 (little) nor 2 (big)`, {
      isUnnamed: true,
    });
  }
  return { class: elfClass === 2 ? 64 : 32, endian: data === 1 ? "little" : "big" };
}

/** The table's offset as a number; 0, which means no table, for one that is no safe integer. */
function tableOffset(offset: bigint, source: ByteSource, what: string, warnings: Warnings): number {
  if (offset >= BigInt(source.size)) {
    warnings.add(`${what} offset`, `${what} start at byte ${offset}, the file ends at ${source.size}`);
  }
  return offset <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(offset) : 0;
}

function entryBytes(claimed: number, least: number, what: string): number {
  if (claimed === 0) return least;
  if (claimed >= least && claimed <= MOST_ENTRY_BYTES) return claimed;
  throw new CoregramError("format", `${what} has ${claimed} bytes, not ${least}`, { isUnnamed: true });
}

interface Numbers {
  readonly segments: number | null;
  readonly sections: number | null;
  readonly names: number;
}

/**
 * Numbers too large for the header's 16 bits stand in section header 0: sh_info has the program headers,
 * sh_size the sections, sh_link the index of the names (gABI, "Special Section Indexes"; elf(5), PN_XNUM).
 */
function resolveNumbers(
  source: ByteSource,
  layout: ElfLayout,
  sectionsOffset: number,
  claimed: { segments: number; sections: number; names: number },
  warnings: Warnings,
): Numbers {
  const extended = claimed.segments === PN_XNUM || claimed.names === SHN_XINDEX || claimed.sections === 0;
  if (!extended) return claimed;
  const bytes = new Uint8Array(SECTION_HEADER_BYTES[layout.class]);
  const known = sectionsOffset > 0 && source.read(sectionsOffset, bytes) === bytes.length;
  if (!known) {
    if (claimed.segments === PN_XNUM) {
      warnings.add(
        "extended count",
        "number of program headers, 65,535 or more, stood in a section header that is missing",
      );
    }
    return {
      segments: claimed.segments === PN_XNUM ? null : claimed.segments,
      sections: claimed.sections,
      names: claimed.names === SHN_XINDEX ? 0 : claimed.names,
    };
  }
  const first = new Fields(bytes, layout);
  const wide = layout.class === 64;
  const sections = first.word(wide ? 32 : 20);
  return {
    segments: claimed.segments === PN_XNUM ? first.u32(wide ? 44 : 28) : claimed.segments,
    // More than any file holds is as good as unknown; the reader stops at the end of the file.
    sections: claimed.sections === 0 ? Number(BigInt.asUintN(48, sections)) : claimed.sections,
    names: claimed.names === SHN_XINDEX ? first.u32(wide ? 40 : 24) : claimed.names,
  };
}
