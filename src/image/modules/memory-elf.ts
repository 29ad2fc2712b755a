import {
  type ElfHeader,
  readBuildId,
  readHeader,
  readSegments,
  type Segment,
  SegmentType,
  Warnings,
} from "../../elf/index.ts";
import { CoregramError, type Range } from "../../terms/index.ts";
import type { Image } from "../image.ts";
import { memorySource } from "../memory-source.ts";

/** What the first page of an ELF file says, read where it is mapped. */
export interface MemoryElf {
  readonly header: ElfHeader;
  readonly segments: readonly Segment[];
  readonly buildId: string | null;
}

/** More modules than any program loads; a hostile core could map one page as a million of them. */
const MOST_FILES = 8192;
/** A page of 4096 bytes has room for 72. */
const MOST_SEGMENTS = 128;
const MOST_NOTE_SEGMENTS = 4;

/** Reads the ELF files that are mapped in an image, a bounded number of them. */
export class MemoryElfReader {
  readonly #image: Image;
  readonly #warnings: Warnings;
  #left = MOST_FILES;

  constructor(image: Image, warnings: Warnings) {
    this.#image = image;
    this.#warnings = warnings;
  }

  /**
   * The ELF file that is mapped in the range, its offset 0 at the range's start. `unknown` where that is not
   * saved, null where it is no ELF file or a broken one.
   */
  read(range: Range): MemoryElf | null | "unknown" {
    const magic = new Uint8Array(4);
    if (this.#image.read(range.start, magic) < magic.length) return "unknown";
    if (String.fromCharCode(...magic) !== "\x7fELF") return null;
    if (this.#left === 0) {
      this.#warnings.add("modules", `modules in memory are more than ${MOST_FILES}; the rest are not read`);
      return "unknown";
    }
    this.#left -= 1;
    const source = memorySource(this.#image, range, "memory");
    const warnings = new Warnings();
    try {
      const header = readHeader(source, warnings);
      if (header === null) return null;
      const segments = readSegments(source, header, warnings, MOST_SEGMENTS);
      const notes = segments.filter(({ type }) => type === SegmentType.NOTE).slice(0, MOST_NOTE_SEGMENTS);
      return { header, segments, buildId: readBuildId(source, header, notes) };
    } catch (error) {
      if (error instanceof CoregramError && error.code === "format") return null;
      throw error;
    }
  }
}
