import type { ByteSource } from "../bytes/index.ts";
import { type Address, address, type Extent } from "../terms/index.ts";
import type { ElfHeader } from "./header.ts";
import { ELF_LIMITS, type ElfLimits } from "./limits.ts";
import { StringTable } from "./string-table.ts";
import { entriesInFile, visitEntries } from "./table.ts";
import type { Warnings } from "./warnings.ts";

/** sh_type of the sections that coregram looks at (gABI, "Section Header Table"). */
export const SectionType = { SYMTAB: 2, STRTAB: 3, NOTE: 7, NOBITS: 8, DYNSYM: 11 } as const;

/** One section header, checked against the file. */
export interface Section {
  readonly index: number;
  /** Empty where the file has no names or the name is outside of them. */
  readonly name: string;
  /** sh_type. */
  readonly type: number;
  /** sh_flags. */
  readonly flags: bigint;
  /** sh_addr; 0 for what is not loaded. */
  readonly start: Address;
  /** sh_size, as claimed. */
  readonly memoryBytes: bigint;
  /** What of it the file really holds. */
  readonly extent: Extent;
  /** sh_link: another section's index; of symbols, their strings. */
  readonly link: number;
  /** sh_addralign. */
  readonly alignment: bigint;
  /** sh_entsize, as claimed. */
  readonly entryBytes: bigint;
}

/** Reads the section headers, in the file's order. What the file does not hold is said in `warnings`. */
export function readSections(
  source: ByteSource,
  header: ElfHeader,
  warnings: Warnings,
  limits: ElfLimits = ELF_LIMITS,
): Section[] {
  const table = header.sections;
  const count = entriesInFile(source, table, limits.sections);
  const found: { section: Omit<Section, "name">; name: number }[] = [];
  const size = BigInt(source.size);
  const wide = header.class === 64;
  visitEntries(source, header, table, count, (fields, at, index) => {
    const type = fields.u32(at + 4);
    const offset = fields.word(at + (wide ? 24 : 16));
    const claimed = fields.word(at + (wide ? 32 : 20));
    const held = offset >= size || type === SectionType.NOBITS ? 0n : size - offset;
    const bytes = claimed < held ? claimed : held;
    found.push({
      name: fields.u32(at),
      section: {
        index,
        type,
        flags: fields.word(at + 8),
        start: address(fields.word(at + (wide ? 16 : 12))),
        memoryBytes: claimed,
        extent: { offset: bytes > 0n ? Number(offset) : 0, bytes: Number(bytes) },
        link: fields.u32(at + (wide ? 40 : 24)),
        alignment: fields.word(at + (wide ? 48 : 32)),
        entryBytes: fields.word(at + (wide ? 56 : 36)),
      },
    });
    return true;
  });
  if (table.count !== null && found.length < table.count) {
    warnings.add("section headers", `${found.length} of ${table.count} section headers read`);
  }
  const namesExtent = found[header.sectionNames]?.section.extent ?? { offset: 0, bytes: 0 };
  const names = StringTable.read(source, namesExtent, MOST_NAMES_BYTES);
  return found.map(({ section, name }) => ({ ...section, name: names.textAt(name, MOST_NAME_BYTES) }));
}

const MOST_NAMES_BYTES = 16 << 20;
/** Section names repeat one string's tail at will: a short bound keeps 2^19 of them small. */
const MOST_NAME_BYTES = 256;
