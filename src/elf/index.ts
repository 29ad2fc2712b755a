// The ELF format, 32 and 64 bit, both byte orders: header, segments, notes, sections, symbols, build IDs.
// in: a ByteSource, none of whose numbers is believed
// out: plain structures, with warnings for what is broken or missing; nothing about processes or paths; and back: the
//      frame and the notes of a core, of what is known of a process
export { type AuxiliaryVector, readAuxiliaryVector } from "./auxv.ts";
export { readBuildId } from "./build-id.ts";
export {
  type CoreFrame,
  ELF_HEADER_BYTES,
  frameCore,
  type SegmentToWrite,
  type WrittenMachine,
} from "./core-file.ts";
export { type CoreNotes, readCoreNotes } from "./core-notes.ts";
export { type DebugLink, findDebugData, readDebugLink } from "./debug-link.ts";
export { type ElfFile, readElfFile } from "./elf-file.ts";
export { Fields } from "./fields.ts";
export type { FileMapping } from "./file-note.ts";
export { type ElfHeader, type ElfTable, type ElfType, readHeader } from "./header.ts";
export { addressBytes, type ElfLayout } from "./layout.ts";
export { ELF_LIMITS, type ElfLimits } from "./limits.ts";
export { Machine } from "./machine.ts";
export { type Note, noteAlignment, readNotes } from "./notes.ts";
export type { ProcessStatus } from "./prpsinfo.ts";
export type { ThreadStatus } from "./prstatus.ts";
export { readSections, type Section, SectionType } from "./sections.ts";
export { readSegments, type Segment, SegmentFlag, SegmentType, visitSegments } from "./segments.ts";
export type { SignalInfo } from "./siginfo.ts";
export { StringTable } from "./string-table.ts";
export {
  type ElfSymbols,
  readSymbols,
  SymbolSection,
  SymbolType,
} from "./symbols.ts";
export { type SystemCall, systemCall } from "./system-calls.ts";
export { Warnings } from "./warnings.ts";
export {
  type MappingToWrite,
  type NotesToWrite,
  type ThreadRegisters,
  type ThreadToWrite,
  writeNotes,
} from "./write-notes.ts";
