import { bytesSource, decompressBytes } from "../../bytes/index.ts";
import {
  ELF_LIMITS,
  type ElfFile,
  findDebugData,
  readElfFile,
  readSymbols,
  type Section,
  SectionType,
} from "../../elf/index.ts";
import { CoregramError, printable } from "../../terms/index.ts";
import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { addElfSymbols } from "./elf-symbols.ts";

/** A mini symbol table of libpython takes half a megabyte. */
const MOST_DEBUG_DATA_BYTES = 128 << 20;

/** Which of its tables a file's symbols are from; a full `.symtab` has all that the others have. */
export type SymbolOrigin = "symtab" | "debug file" | "dynsym and debugdata" | "dynsym" | "none";

/**
 * Adds the symbols of an ELF file, `bias` above where it has them: from its `.symtab`; else from its `.dynsym`, and then
 * from the `.symtab` of its separate debug file or of `.gnu_debugdata`. In this order as in gdb, so that exported names
 * win over what the library calls the same things inside. What cannot be read is said in the file's warnings.
 * @param covering only those that can name one of these addresses of the process
 */
export async function addFileSymbols(
  builder: SymbolTableBuilder,
  file: ElfFile,
  debug: ElfFile | null,
  bias: bigint,
  covering: readonly bigint[] | null = null,
): Promise<SymbolOrigin> {
  const addresses = covering && asInFile(covering, file.header.class, bias);
  const add = (from: ElfFile, type: number) => addTables(builder, from, type, bias, addresses);
  if (add(file, SectionType.SYMTAB)) return "symtab";
  const hasDynamic = add(file, SectionType.DYNSYM);
  if (debug && add(debug, SectionType.SYMTAB)) return "debug file";
  const mini = await readDebugData(file);
  if (mini && add(mini, SectionType.SYMTAB)) return "dynsym and debugdata";
  return hasDynamic ? "dynsym" : "none";
}

/** The addresses less the bias, ascending. */
function asInFile(addresses: readonly bigint[], bits: number, bias: bigint): bigint[] {
  return addresses.map((at) => BigInt.asUintN(bits, at - bias)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function addTables(
  builder: SymbolTableBuilder,
  file: ElfFile,
  type: number,
  bias: bigint,
  addresses: readonly bigint[] | null,
): boolean {
  const tables = file.sections.filter(
    (section: Section) => section.type === type && section.extent.bytes > 0,
  );
  for (const table of tables) {
    const { source, header, sections, warnings } = file;
    const symbols = readSymbols(source, header, sections, table, warnings, ELF_LIMITS, addresses);
    addElfSymbols(builder, file.header, file.sections, symbols, bias);
  }
  return tables.length > 0;
}

async function readDebugData(file: ElfFile): Promise<ElfFile | null> {
  const extent = findDebugData(file.sections);
  if (extent === null) return null;
  const name = `.gnu_debugdata of ${printable(file.source.name)}`;
  try {
    if (extent.bytes > MOST_DEBUG_DATA_BYTES) {
      throw new CoregramError("limit", `${name} has ${extent.bytes} bytes`);
    }
    const bytes = new Uint8Array(extent.bytes);
    file.source.read(extent.offset, bytes);
    const mini = await decompressBytes(name, bytes, MOST_DEBUG_DATA_BYTES);
    return mini && readElfFile(bytesSource(name, mini));
  } catch (error) {
    if (!(error instanceof CoregramError)) throw error;
    file.warnings.add("debugdata", error.message);
    return null;
  }
}
