import type { ByteSource } from "../bytes/index.ts";
import type { Extent } from "../terms/index.ts";
import type { ElfHeader } from "./header.ts";
import { noteAlignment, readNotes } from "./notes.ts";
import { type Section, SectionType } from "./sections.ts";
import { type Segment, SegmentType } from "./segments.ts";
import { Warnings } from "./warnings.ts";

const NT_GNU_BUILD_ID = 3;
/** A build ID is 16 or 20 bytes by default; `--build-id=0x…` may choose others. */
const MOST_BUILD_ID_BYTES = 64;
/** Notes before it are few: ABI tag, property, package metadata. */
const MOST_NOTES = 32;

/**
 * The build ID in lower-case hex, from the notes that are loaded (PT_NOTE) or else from the note sections,
 * which a separate debug file has alone. Null where there is none. Works on a file, and on its first page in
 * memory, which the kernel saves for this (Linux Documentation/filesystems/proc.rst, coredump_filter bit 4).
 */
export function readBuildId(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
  sections: readonly Section[] = [],
): string | null {
  for (const segment of segments) {
    if (segment.type !== SegmentType.NOTE) continue;
    const found = findBuildId(source, header, segment.extent, noteAlignment(segment.alignment));
    if (found !== null) return found;
  }
  for (const section of sections) {
    if (section.type !== SectionType.NOTE) continue;
    const found = findBuildId(source, header, section.extent, noteAlignment(section.alignment));
    if (found !== null) return found;
  }
  return null;
}

/** The build ID among the notes of one extent. */
function findBuildId(source: ByteSource, header: ElfHeader, extent: Extent, alignment: 4 | 8): string | null {
  for (const note of readNotes(source, header, extent, alignment, new Warnings(), MOST_NOTES)) {
    const { offset, bytes } = note.descriptor;
    if (note.owner !== "GNU" || note.type !== NT_GNU_BUILD_ID) continue;
    if (bytes === 0 || bytes > MOST_BUILD_ID_BYTES) return null;
    const id = new Uint8Array(bytes);
    if (source.read(offset, id) < bytes) return null;
    return Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  return null;
}
