import {
  type ElfHeader,
  readBuildId,
  readHeader,
  readSegments,
  type Segment,
  Warnings,
} from "../elf/index.ts";
import { CoregramError, type Range } from "../terms/index.ts";
import type { Image } from "./image.ts";
import { memorySource } from "./memory-source.ts";

/** What the first page of an ELF file says, read where it is mapped. */
export interface MemoryElf {
  readonly header: ElfHeader;
  readonly segments: readonly Segment[];
  readonly buildId: string | null;
}

/**
 * Reads the ELF file that is mapped in the range, its offset 0 at the range's start. `unknown` where that is
 * not saved, null where it is no ELF file or a broken one.
 */
export function readMemoryElf(image: Image, range: Range): MemoryElf | null | "unknown" {
  if (image.faultAt(range.start) !== null) return "unknown";
  const source = memorySource(image, range, "memory");
  const warnings = new Warnings();
  try {
    const header = readHeader(source, warnings);
    if (header === null) return null;
    const segments = readSegments(source, header, warnings);
    return { header, segments, buildId: readBuildId(source, header, segments) };
  } catch (error) {
    if (error instanceof CoregramError && error.code === "format") return null;
    throw error;
  }
}
