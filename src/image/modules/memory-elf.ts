import { type ByteSource, bytesSource } from "../../bytes/index.ts";
import {
  type ElfHeader,
  type FileMapping,
  readBuildId,
  readHeader,
  readSegments,
  type Segment,
  SegmentType,
  Warnings,
} from "../../elf/index.ts";
import { type Address, CoregramError, type Range } from "../../terms/index.ts";
import type { Image } from "../image.ts";
import { memorySource } from "../memory-source.ts";
import { loadBias } from "./load-bias.ts";
import { mappedSource } from "./mapped-source.ts";

/** What the headers of an ELF file say, read where it is mapped. */
export interface MemoryElf {
  readonly header: ElfHeader;
  readonly segments: readonly Segment[];
  /** In lower-case hex; null where it has none or it is not saved: `lacksBuildId` tells. */
  readonly buildId: string | null;
  /** Whether all of its notes are saved and none is a build ID. */
  readonly lacksBuildId: boolean;
}

/** More modules than any program loads; a hostile core could map one page as a million of them. */
const MOST_FILES = 8192;
/** A page of 4096 bytes has room for 72. */
const MOST_SEGMENTS = 128;
/** Linkers make one or two, patchelf(1) one for each note section. */
const MOST_NOTE_SEGMENTS = 16;
const MOST_NOTE_BYTES = 1 << 16;

/** Reads the ELF files that are mapped in an image, a bounded number of them. */
export class MemoryElfReader {
  readonly #image: Image;
  readonly #warnings: Warnings;
  readonly #pageBytes: number;
  #left = MOST_FILES;

  constructor(image: Image, warnings: Warnings, pageBytes: number) {
    this.#image = image;
    this.#warnings = warnings;
    this.#pageBytes = pageBytes;
  }

  /**
   * The ELF file that is mapped in the range, its offset 0 at the range's start. `unknown` where that is not
   * saved, null where it is no ELF file or a broken one.
   * @param mappings of the same file, that one first: what lies behind it is read there. Without them it is one piece.
   */
  read(range: Range, mappings: readonly FileMapping[] = []): MemoryElf | null | "unknown" {
    const magic = new Uint8Array(4);
    if (this.#image.read(range.start, magic) < magic.length) return "unknown";
    if (String.fromCharCode(...magic) !== "\x7fELF") return null;
    if (this.#left === 0) {
      this.#warnings.add("modules", `modules in memory are more than ${MOST_FILES}; the rest are not read`);
      return "unknown";
    }
    this.#left -= 1;
    const source =
      mappings.length === 0
        ? memorySource(this.#image, range, "memory")
        : mappedSource(this.#image, mappings, "memory");
    const warnings = new Warnings();
    try {
      const header = readHeader(source, warnings);
      if (header === null) return null;
      const segments = readSegments(source, header, warnings, MOST_SEGMENTS);
      return { header, segments, ...this.#readBuildId(source, header, segments, range) };
    } catch (error) {
      if (error instanceof CoregramError && error.code === "format") return null;
      throw error;
    }
  }

  /** Notes are read by address: in the file they may lie anywhere, and are loaded where p_vaddr says. */
  #readBuildId(
    source: ByteSource,
    header: ElfHeader,
    segments: readonly Segment[],
    range: Range,
  ): Pick<MemoryElf, "buildId" | "lacksBuildId"> {
    const all = segments.filter(({ type }) => type === SegmentType.NOTE);
    // Where headers are cut off, notes may be among what is not known.
    let isWhole = segments.length === header.segments.count && all.length <= MOST_NOTE_SEGMENTS;
    const bias = firstBias(segments, range, this.#pageBytes);
    for (const note of all.slice(0, MOST_NOTE_SEGMENTS)) {
      const claimed = BigInt(note.extent.bytes) + note.missingBytes;
      const bytes = claimed < BigInt(MOST_NOTE_BYTES) ? Number(claimed) : MOST_NOTE_BYTES;
      const at = bias === null ? null : BigInt.asUintN(header.class, bias + note.start);
      const into = new Uint8Array(bytes);
      const got = at === null ? source.read(Number(note.fileOffset), into) : this.#image.read(at, into);
      if (got < bytes || claimed > BigInt(bytes)) isWhole = false;
      const saved = bytesSource("memory", into.subarray(0, got));
      const buildId = readBuildId(saved, header, [{ ...note, extent: { offset: 0, bytes: got } }]);
      if (buildId !== null) return { buildId, lacksBuildId: false };
    }
    return { buildId: null, lacksBuildId: isWhole };
  }
}

/** How far the file is from where its headers place it, whose offset 0 is at the range's start. */
export function firstBias(segments: readonly Segment[], range: Range, pageBytes: number): bigint | null {
  const first = { start: range.start as Address, end: range.end as Address, fileOffset: 0n };
  return loadBias(segments, [{ ...first, path: "", deleted: false }], pageBytes);
}
