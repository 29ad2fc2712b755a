import type { ByteSource } from "../bytes/index.ts";
import {
  type CoreNotes,
  ELF_LIMITS,
  type ElfHeader,
  type ElfLimits,
  readCoreNotes,
  readHeader,
  type Segment,
  SegmentType,
  visitSegments,
  Warnings,
} from "../elf/index.ts";
import { Image } from "./image.ts";
import { SavedMemory } from "./saved-memory.ts";
import { SegmentTableBuilder } from "./segment-table.ts";

/** An ELF core, opened: its structure is read, its memory is not. */
export interface Core {
  readonly header: ElfHeader;
  readonly image: Image;
  readonly notes: CoreNotes;
  /** Above 0 where it was cut short: bytes that its segments, notes and section headers claim beyond its end. */
  readonly missingBytes: bigint;
  /** What is broken and can be lived with; later readers of this core add to it. */
  readonly warnings: Warnings;
  /** The process that it is a copy of, while that is there; null where it is a file. */
  readonly process: LiveProcess | null;
}

/** Where a living process has its files. */
export interface LiveProcess {
  readonly pid: number;
  /** Its folder in /proc. */
  readonly folder: string;
  /** What stands for its `/`. */
  readonly root: string;
}

/**
 * Reads the header, the segments and the notes of a core. Null where the file is not an ELF core.
 * A core that was cut short, or is wrong in parts, gives what can still be said, with warnings.
 * @throws CoregramError `format` where the header itself makes no sense
 */
export function openCore(source: ByteSource, limits: ElfLimits = ELF_LIMITS): Core | null {
  const warnings = new Warnings();
  const header = readHeader(source, warnings);
  if (header?.type !== "core") return null;
  const builder = new SegmentTableBuilder();
  const notes: Segment[] = [];
  let end = segmentsEnd(header);
  if (sectionsEnd(header) > end) end = sectionsEnd(header);
  const visit = (segment: Segment) => {
    const segmentEnd = segment.fileOffset + BigInt(segment.extent.bytes) + segment.missingBytes;
    if (segmentEnd > end) end = segmentEnd;
    if (segment.type === SegmentType.LOAD) builder.add(segment);
    else if (segment.type === SegmentType.NOTE && notes.length < MOST_NOTE_SEGMENTS) notes.push(segment);
  };
  visitSegments(source, header, warnings, visit, limits.segments);
  const size = BigInt(source.size);
  const missingBytes = end > size ? end - size : 0n;
  if (missingBytes > 0n) {
    // gcore writes the notes behind all memory.
    const lost = notes.some((note) => note.missingBytes > 0n)
      ? "; the notes stood there: names of files, threads and the process are lost"
      : "";
    warnings.add(
      "truncated",
      `core has ${size} bytes and should have at least ${end}: ${missingBytes} are missing${lost}`,
    );
  }
  const table = builder.build(warnings);
  const coreNotes = readCoreNotes(source, header, notes, warnings, limits);
  const image = new Image(new SavedMemory(source, table), header, coreNotes.mappings ?? []);
  return { header, image, notes: coreNotes, missingBytes, warnings, process: null };
}

/** The folder that a core's modules are looked for under: of a living process, its own `/` for ours. */
export function rootFor({ process }: Core, root: string): string {
  return root === "/" ? (process?.root ?? root) : root;
}

/** Where the program headers end; 0 where their number is lost. */
function segmentsEnd({ segments }: ElfHeader): bigint {
  return segments.count ? BigInt(segments.offset) + BigInt(segments.entryBytes) * BigInt(segments.count) : 0n;
}

/** gcore writes section headers last of all, so they tell a whole file from one that lost its end. */
function sectionsEnd({ sections }: ElfHeader): bigint {
  if (sections.offset === 0) return 0n;
  return BigInt(sections.offset) + BigInt(sections.entryBytes) * BigInt(Math.max(1, sections.count ?? 0));
}

/** Every writer makes one. */
const MOST_NOTE_SEGMENTS = 64;
