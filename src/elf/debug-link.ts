import type { ByteSource } from "../bytes/index.ts";
import type { Extent } from "../terms/index.ts";
import { Fields } from "./fields.ts";
import type { ElfHeader } from "./header.ts";
import { type Section, SectionType } from "./sections.ts";

/** Where a stripped file says its symbols are (gdb manual, "Separate Debug Files"). */
export interface DebugLink {
  /** A file name without a directory. Untrusted, but never empty, `.`, `..` or with a `/` in it. */
  readonly name: string;
  /** CRC-32 (zlib's) of that file. */
  readonly crc32: number;
}

const MOST_LINK_BYTES = 4096;

/** Reads `.gnu_debuglink`: a name, its NUL, padding to 4 bytes, the CRC. Null where there is no usable one. */
export function readDebugLink(
  source: ByteSource,
  header: ElfHeader,
  sections: readonly Section[],
): DebugLink | null {
  const section = sections.find(({ name }) => name === ".gnu_debuglink");
  if (section === undefined || section.extent.bytes > MOST_LINK_BYTES) return null;
  const bytes = new Uint8Array(section.extent.bytes);
  const fields = new Fields(bytes.subarray(0, source.read(section.extent.offset, bytes)), header);
  const nul = fields.bytes.indexOf(0);
  if (nul <= 0) return null;
  const crc = Math.ceil((nul + 1) / 4) * 4;
  const name = fields.text(0, nul);
  if (crc + 4 > fields.length || name.includes("/") || name === "." || name === "..") return null;
  return { name, crc32: fields.u32(crc) };
}

/** Where `.gnu_debugdata` lies: an xz-compressed ELF file with the `.symtab` that was stripped ("MiniDebugInfo"). */
export function findDebugData(sections: readonly Section[]): Extent | null {
  const section = sections.find(({ name, type }) => name === ".gnu_debugdata" && type !== SectionType.NOBITS);
  return section && section.extent.bytes > 0 ? section.extent : null;
}
