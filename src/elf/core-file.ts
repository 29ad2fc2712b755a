import type { Machine } from "./machine.ts";
import { SegmentType } from "./segments.ts";

/** A load segment to write: [start, end) of memory, of which the file holds the first `savedBytes` at `offset`. */
export interface SegmentToWrite {
  readonly start: number;
  readonly end: number;
  /** p_flags. */
  readonly flags: number;
  readonly offset: number;
  readonly savedBytes: number;
}

/** What a core has beside memory: its first bytes, and those that follow all memory. */
export interface CoreFrame {
  /** ELF_HEADER_BYTES, from offset 0 on. */
  readonly head: Uint8Array;
  /** Notes, program headers, and where these are too many for the header, section header 0. */
  readonly tail: Uint8Array;
}

/** Machines whose cores are written: all of 64 bits, little-endian. */
export type WrittenMachine = typeof Machine.X86_64 | typeof Machine.AARCH64;

export const ELF_HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const SECTION_HEADER_BYTES = 64;
const ET_CORE = 4;
/** Numbers from here on stand in section header 0 (elf(5)). */
const PN_XNUM = 0xffff;

/**
 * The parts of a core (gABI, "ELF Header", "Program Header") that say what its memory is.
 * @param tailOffset where the tail stands in the file, a multiple of 8
 */
export function frameCore(
  machine: WrittenMachine,
  segments: readonly SegmentToWrite[],
  notes: Uint8Array,
  tailOffset: number,
  pageBytes: number,
): CoreFrame {
  const count = segments.length + 1;
  const isExtended = count >= PN_XNUM;
  const headers = Math.ceil(notes.length / 8) * 8;
  const sections = headers + count * PROGRAM_HEADER_BYTES;
  const tail = new Uint8Array(sections + (isExtended ? SECTION_HEADER_BYTES : 0));
  tail.set(notes);
  const view = new DataView(tail.buffer);
  putHeader(view, headers, SegmentType.NOTE, 0, [tailOffset, 0, notes.length, 0, 4]);
  segments.forEach(({ start, end, flags, offset, savedBytes }, index) => {
    const at = headers + (index + 1) * PROGRAM_HEADER_BYTES;
    putHeader(view, at, SegmentType.LOAD, flags, [offset, start, savedBytes, end - start, pageBytes]);
  });
  // sh_info has the number of program headers.
  if (isExtended) view.setUint32(sections + 44, count, true);
  const head = new Uint8Array(ELF_HEADER_BYTES);
  const fields = new DataView(head.buffer);
  // Class 2 is 64 bits, data 1 little-endian, version 1.
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  fields.setUint16(16, ET_CORE, true);
  fields.setUint16(18, machine, true);
  fields.setUint32(20, 1, true);
  fields.setBigUint64(32, BigInt(tailOffset + headers), true);
  if (isExtended) fields.setBigUint64(40, BigInt(tailOffset + sections), true);
  fields.setUint16(52, ELF_HEADER_BYTES, true);
  fields.setUint16(54, PROGRAM_HEADER_BYTES, true);
  fields.setUint16(56, Math.min(count, PN_XNUM), true);
  fields.setUint16(58, SECTION_HEADER_BYTES, true);
  fields.setUint16(60, isExtended ? 1 : 0, true);
  return { head, tail };
}

/** p_offset, p_vaddr, p_filesz, p_memsz, p_align. */
type Places = readonly [number, number, number, number, number];

function putHeader(view: DataView, at: number, type: number, flags: number, places: Places): void {
  view.setUint32(at, type, true);
  view.setUint32(at + 4, flags, true);
  const [offset, start, fileBytes, memoryBytes, alignment] = places;
  view.setBigUint64(at + 8, BigInt(offset), true);
  view.setBigUint64(at + 16, BigInt(start), true);
  view.setBigUint64(at + 32, BigInt(fileBytes), true);
  view.setBigUint64(at + 40, BigInt(memoryBytes), true);
  view.setBigUint64(at + 48, BigInt(alignment), true);
}
