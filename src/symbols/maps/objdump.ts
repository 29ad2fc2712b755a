import { versionStart } from "../modules/elf-names.ts";
import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { HexField, isBlank, skipBlanks, skipField, trimEnd } from "./fields.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";
import { isPlaced } from "./nm-types.ts";

const TAB = 0x09;
const OPENING = 0x28;
const CLOSING = 0x29;
const [ABSOLUTE, TEXT] = [0x41, 0x54];
const FLAGS = 7;
/** The letters that each flag may be (objdump(1), `--syms`); each may be a blank. */
const FLAG_LETTERS = ["lgu!", "w", "C", "W", "Ii", "dD", "FfO"];
const DEBUGGING = 5;
const HEADING = /^(?:(?:DYNAMIC )?SYMBOL TABLE:$|no symbols$|.*:\s+file format )/;
const MAX_HEADING = 4096;

/**
 * `objdump -t` and `-T`: `VALUE FLAGS SECTION⇥SIZE [VERSION] [VISIBILITY] NAME`, the numbers hex without `0x`, the
 * flags seven columns (binutils bfd/elf.c, bfd_elf_print_symbol). Undefined symbols and those that are no places
 * in the image (sections, files, thread-local ones) name nothing. A version in the name is left out.
 */
export const objdump: MapFormat = {
  name: "objdump -t",
  open: (builder) => new ObjdumpReader(builder),
};

class ObjdumpReader implements LineReader {
  readonly #builder: SymbolTableBuilder;
  readonly #value = new HexField();
  readonly #size = new HexField();

  constructor(builder: SymbolTableBuilder) {
    this.#builder = builder;
  }

  read(bytes: Uint8Array, start: number, end: number): Verdict {
    const value = this.#value;
    if (!value.read(bytes, start, end) || value.digits < 8 || value.hasPrefix) {
      return isHeading(bytes, start, end) ? Verdict.neutral : Verdict.skipped;
    }
    const flags = value.end + 1;
    const sectionAt = flags + FLAGS + 1;
    if (sectionAt >= end || !areFlags(bytes, flags)) return Verdict.skipped;
    let tab = sectionAt;
    while (tab < end && bytes[tab] !== TAB) tab++;
    if (!this.#size.read(bytes, tab + 1, end)) return Verdict.skipped;
    const section = Buffer.from(bytes.buffer, bytes.byteOffset + sectionAt, tab - sectionAt).toString(
      "latin1",
    );
    const isPlace = bytes[flags + DEBUGGING] !== 0x64 && !NO_PLACES.has(section);
    const kind = section === "*ABS*" ? ABSOLUTE : TEXT;
    if (isPlace && isPlaced(kind, value.high, value.low)) {
      const nameAt = nameStart(bytes, this.#size.end, end);
      const nameEnd = trimEnd(bytes, nameAt, versionStart(bytes, nameAt, end));
      if (nameAt >= nameEnd) return Verdict.understood;
      this.#builder.add(value.high, value.low, this.#size.high, this.#size.low, bytes, nameAt, nameEnd);
    }
    return Verdict.understood;
  }
}

const NO_PLACES: ReadonlySet<string> = new Set(["*UND*", "*COM*", ".tdata", ".tbss"]);
const VISIBILITIES = [".hidden ", ".internal ", ".protected "].map((text) => Buffer.from(text));

function areFlags(bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < FLAGS; i++) {
    const flag = bytes[start + i] ?? 0;
    if (flag !== 0x20 && !(FLAG_LETTERS[i] ?? "").includes(String.fromCharCode(flag))) return false;
  }
  return bytes[start - 1] === 0x20 && bytes[start + FLAGS] === 0x20;
}

/** Where the name starts: a version stands two blanks after the size, a hidden one in parentheses after one. */
function nameStart(bytes: Uint8Array, sizeEnd: number, end: number): number {
  let at = sizeEnd + 1;
  if (isBlank(bytes[at])) at = skipField(bytes, at + 1, end);
  else if (bytes[at] === OPENING) {
    while (at < end && bytes[at] !== CLOSING) at++;
    at++;
  }
  // A line may end with the size.
  at = Math.min(end, skipBlanks(bytes, at, end));
  const rest = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at);
  const visibility = VISIBILITIES.find((text) => rest.subarray(0, text.length).equals(text));
  return at + (visibility?.length ?? 0);
}

function isHeading(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > MAX_HEADING) return false;
  return HEADING.test(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1"));
}
