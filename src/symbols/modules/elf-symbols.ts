import {
  type ElfHeader,
  type ElfSymbols,
  Machine,
  type Section,
  SymbolSection,
  SymbolType,
} from "../../elf/index.ts";
import { sortOrder } from "../table/order.ts";
import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { halves } from "../table/wide.ts";
import { versionStart } from "./elf-names.ts";

/** sh_flags (gABI, "Section Attribute Flags"). */
const SHF_ALLOC = 0x2n;
const SHF_TLS = 0x400n;
/** The section's number did not fit (gABI, "Special Section Indexes"). */
const SHN_XINDEX = 0xffff;
const DOLLAR = 0x24;

const PLACED_TYPES: ReadonlySet<number> = new Set([
  SymbolType.NOTYPE,
  SymbolType.OBJECT,
  SymbolType.FUNC,
  SymbolType.COMMON,
  SymbolType.IFUNC,
]);

/**
 * Adds the symbols of an ELF symbol table that are places in memory, `bias` above where the file has them. Left out:
 * undefined and absolute ones, thread-local ones, sections and files, those of sections that are not loaded or that
 * they lie outside of (`_end` is no part of what follows), ARM's mapping symbols (`$x`). Versions are not part of a
 * name. Of several symbols at one address only that one is added which gdb names the address by: of those with a
 * size, or else of all, the last in the order of bytes (gdb/minsyms.c, minimal_symbol_is_less_than and
 * lookup_minimal_symbol_by_pc_section), so `malloc` and not `__libc_malloc`.
 */
export function addElfSymbols(
  builder: SymbolTableBuilder,
  header: ElfHeader,
  sections: readonly Section[],
  symbols: ElfSymbols,
  bias: bigint,
): void {
  const { values, sizes, count } = symbols;
  const places = new Places(sections);
  const order = sortOrder(halves(values.subarray(0, count)));
  let best: { readonly value: bigint; readonly size: bigint; readonly name: Uint8Array } | null = null;
  const flush = () => {
    if (best) builder.addSymbol(BigInt.asUintN(header.class, best.value + bias), best.size, best.name);
  };
  for (let i = 0; i < count; i++) {
    const index = order ? (order[i] ?? 0) : i;
    const type = symbols.types[index] ?? 0;
    let value = values[index] ?? 0n;
    // Bit 0 of a function's value says that it is Thumb code (ELF for the Arm Architecture, 5.5.3).
    if (header.machine === Machine.ARM && type === SymbolType.FUNC) value -= value & 1n;
    if (!PLACED_TYPES.has(type) || !places.has(symbols.sections[index] ?? 0, value)) continue;
    const raw = symbols.names.bytesAt(symbols.nameOffsets[index] ?? 0);
    const name = raw.subarray(0, versionStart(raw, 0, raw.length));
    if (name.length === 0 || isMappingSymbol(name)) continue;
    const symbol = { value, size: sizes[index] ?? 0n, name };
    if (best?.value === value) {
      if (isBetter(symbol, best)) best = symbol;
      continue;
    }
    flush();
    best = symbol;
  }
  flush();
}

interface Candidate {
  readonly size: bigint;
  readonly name: Uint8Array;
}

function isBetter(a: Candidate, b: Candidate): boolean {
  if ((a.size === 0n) !== (b.size === 0n)) return a.size !== 0n;
  return Buffer.compare(a.name, b.name) > 0;
}

/** `$a`, `$d`, `$t`, `$x`, alone or before a dot or an instruction set (AAELF64 5.5.4, RISC-V psABI). */
function isMappingSymbol(name: Uint8Array): boolean {
  const letter = name[1] ?? 0;
  return name[0] === DOLLAR && (letter === 0x61 || letter === 0x64 || letter === 0x74 || letter === 0x78);
}

/** Which values lie in a section that is loaded. */
class Places {
  readonly #starts: BigUint64Array;
  readonly #sizes: BigUint64Array;

  constructor(sections: readonly Section[]) {
    this.#starts = new BigUint64Array(sections.length);
    this.#sizes = new BigUint64Array(sections.length);
    for (const { index, flags, start, memoryBytes } of sections) {
      if ((flags & SHF_ALLOC) === 0n || (flags & SHF_TLS) !== 0n) continue;
      this.#starts[index] = start;
      this.#sizes[index] = memoryBytes;
    }
  }

  has(section: number, value: bigint): boolean {
    if (section === SymbolSection.UNDEFINED || value === 0n) return false;
    if (section === SHN_XINDEX) return true;
    return (
      value - (this.#starts[section] ?? 0n) < (this.#sizes[section] ?? 0n) &&
      value >= (this.#starts[section] ?? 0n)
    );
  }
}
