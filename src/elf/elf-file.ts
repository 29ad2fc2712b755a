import type { ByteSource } from "../bytes/index.ts";
import { readBuildId } from "./build-id.ts";
import { type ElfHeader, readHeader } from "./header.ts";
import { readSections, type Section } from "./sections.ts";
import { readSegments, type Segment } from "./segments.ts";
import { Warnings } from "./warnings.ts";

/** An ELF file whose tables are read. */
export interface ElfFile {
  readonly source: ByteSource;
  readonly header: ElfHeader;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  /** In lower-case hex; null where it has none. */
  readonly buildId: string | null;
  /** What is broken in it; readers of its symbols add to it. */
  readonly warnings: Warnings;
}

/**
 * Reads the tables of an ELF file. Null where it is none.
 * @throws CoregramError `format` where its header makes no sense
 */
export function readElfFile(source: ByteSource): ElfFile | null {
  const warnings = new Warnings();
  const header = readHeader(source, warnings);
  if (header === null) return null;
  const segments = readSegments(source, header, warnings);
  const sections = readSections(source, header, warnings);
  return {
    source,
    header,
    segments,
    sections,
    buildId: readBuildId(source, header, segments, sections),
    warnings,
  };
}
