import type { ByteSource } from "../bytes/index.ts";
import { type Extent, printable } from "../terms/index.ts";
import type { Fields } from "./fields.ts";
import type { ElfHeader, ElfTable } from "./header.ts";
import { ELF_LIMITS, type ElfLimits } from "./limits.ts";
import type { Section } from "./sections.ts";
import { MOST_NAME_BYTES, StringTable } from "./string-table.ts";
import { findCovering } from "./symbols-covering.ts";
import { entriesInFile, visitEntries } from "./table.ts";
import type { Warnings } from "./warnings.ts";

/** st_info's low half (gABI, "Symbol Table"; 10 is GNU's). */
export const SymbolType = {
  NOTYPE: 0,
  OBJECT: 1,
  FUNC: 2,
  SECTION: 3,
  FILE: 4,
  COMMON: 5,
  TLS: 6,
  IFUNC: 10,
} as const;
/** Special st_shndx: not defined here; an absolute value. */
export const SymbolSection = { UNDEFINED: 0, ABSOLUTE: 0xfff1 } as const;

/** A symbol table in flat arrays: a large program has millions of symbols. */
export interface ElfSymbols {
  readonly count: number;
  /** st_value: in a loaded file an address before the load bias; of TLS an offset. */
  readonly values: BigUint64Array;
  /** st_size; 0 for unknown. */
  readonly sizes: BigUint64Array;
  readonly types: Uint8Array;
  readonly bindings: Uint8Array;
  /** st_shndx. */
  readonly sections: Uint16Array;
  /** st_name, an offset in `names`. */
  readonly nameOffsets: Uint32Array;
  readonly names: StringTable;
}

const SYMBOL_BYTES = { 32: 16, 64: 24 } as const;

/**
 * Reads the symbol table in `.symtab` or `.dynsym`, whichever the section is, with its strings.
 * No more symbols than the file holds, and never more than the limit, which is said in `warnings`.
 * @param covering only those symbols that can name one of these addresses, which ascend: a fraction of the work
 */
export function readSymbols(
  source: ByteSource,
  header: ElfHeader,
  sections: readonly Section[],
  section: Section,
  warnings: Warnings,
  limits: ElfLimits = ELF_LIMITS,
  covering: readonly bigint[] | null = null,
): ElfSymbols {
  const least = SYMBOL_BYTES[header.class];
  const claimed = section.entryBytes;
  const entryBytes = claimed >= BigInt(least) && claimed <= 4096n ? Number(claimed) : least;
  const wanted = Math.floor(section.extent.bytes / entryBytes);
  const table = { offset: section.extent.offset, count: wanted, entryBytes };
  const all = entriesInFile(source, table, limits.symbols);
  if (all < wanted)
    warnings.add("symbols", `${printable(section.name)} has ${wanted} symbols, ${all} are read`);
  const picked = covering && findCovering(source, header, table, all, covering);
  const count = picked?.length ?? all;
  const symbols = {
    values: new BigUint64Array(count),
    sizes: new BigUint64Array(count),
    types: new Uint8Array(count),
    bindings: new Uint8Array(count),
    sections: new Uint16Array(count),
    nameOffsets: new Uint32Array(count),
  };
  const wide = header.class === 64;
  let read = 0;
  const take = (fields: Fields, at: number, index: number) => {
    const info = fields.u8(at + (wide ? 4 : 12));
    symbols.nameOffsets[index] = fields.u32(at);
    symbols.types[index] = info & 0xf;
    symbols.bindings[index] = info >> 4;
    symbols.sections[index] = fields.u16(at + (wide ? 6 : 14));
    symbols.values[index] = fields.word(at + (wide ? 8 : 4));
    symbols.sizes[index] = fields.word(at + (wide ? 16 : 8));
    read = index + 1;
    return true;
  };
  if (picked) {
    for (const [index, entry] of picked.entries())
      visitEntries(source, header, entryOf(table, entry), 1, (fields, at) => take(fields, at, index));
  } else visitEntries(source, header, table, count, take);
  const strings = sections[section.link]?.extent ?? { offset: 0, bytes: 0 };
  if (strings.bytes > limits.stringBytes) {
    warnings.add(
      "strings",
      `strings of ${printable(section.name)} have ${strings.bytes} bytes, ${limits.stringBytes} are read`,
    );
  }
  const names = picked
    ? readNames(source, strings, symbols.nameOffsets)
    : StringTable.read(source, strings, limits.stringBytes);
  return { ...symbols, count: read, names };
}

/** One entry of a table, as a table. */
function entryOf({ offset, entryBytes }: ElfTable, entry: number): ElfTable {
  return { offset: offset + entry * entryBytes, count: 1, entryBytes };
}

/** Nearly all names are shorter; mangled C++ ones may be as long as any. */
const USUAL_NAME_BYTES = 256;

/** A table of just these names; `offsets` are changed to be theirs in it. */
function readNames(source: ByteSource, strings: Extent, offsets: Uint32Array): StringTable {
  const pieces: Uint8Array[] = [];
  let used = 0;
  for (const [index, offset] of offsets.entries()) {
    let name = new Uint8Array(0);
    for (let most = USUAL_NAME_BYTES; most <= MOST_NAME_BYTES; most = MOST_NAME_BYTES) {
      const extent = { offset: strings.offset + offset, bytes: Math.max(0, strings.bytes - offset) };
      name = Uint8Array.from(StringTable.read(source, extent, most).bytesAt(0));
      if (name.length < most || most === MOST_NAME_BYTES) break;
    }
    pieces.push(name, Uint8Array.of(0));
    offsets[index] = used;
    used += name.length + 1;
  }
  return new StringTable(Buffer.concat(pieces));
}
