import { versionStart } from "../modules/elf-names.ts";
import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { HexField, isDecimal, readDecimal, skipBlanks, skipField, trimEnd } from "./fields.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";
import { isPlaced } from "./nm-types.ts";

const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const [ABSOLUTE, TEXT] = [0x41, 0x54];
const HEADING = /^\s*(?:Symbol table '|Num:|Histogram for )/;

/**
 * `readelf -sW` (and `eu-readelf -s`): `NUM: VALUE SIZE TYPE BIND VIS NDX NAME`, the value hex, the size decimal
 * or, from 100,000 on, hex with `0x`. Some machines put `[…]` after the visibility. Undefined symbols and those
 * that are no places in the image (TLS, sections, files) name nothing. A version after the name is left out.
 */
export const readelf: MapFormat = {
  name: "readelf -sW",
  open: (builder) => new ReadelfReader(builder),
};

class ReadelfReader implements LineReader {
  readonly #builder: SymbolTableBuilder;
  readonly #value = new HexField();
  readonly #size = new HexField();

  constructor(builder: SymbolTableBuilder) {
    this.#builder = builder;
  }

  read(bytes: Uint8Array, start: number, end: number): Verdict {
    const first = skipBlanks(bytes, start, end);
    const numberEnd = skipField(bytes, first, end);
    if (!isDecimal(bytes, first, numberEnd - 1) || bytes[numberEnd - 1] !== COLON) {
      return HEADING.test(latin1(bytes, start, Math.min(end, start + 80)))
        ? Verdict.neutral
        : Verdict.skipped;
    }
    if (!this.#value.read(bytes, skipBlanks(bytes, numberEnd, end), end)) return Verdict.skipped;
    const sizeAt = skipBlanks(bytes, this.#value.end, end);
    const sizeEnd = skipField(bytes, sizeAt, end);
    if (!this.#readSize(bytes, sizeAt, sizeEnd)) return Verdict.skipped;
    const typeAt = skipBlanks(bytes, sizeEnd, end);
    const typeEnd = skipField(bytes, typeAt, end);
    const bindEnd = skipField(bytes, skipBlanks(bytes, typeEnd, end), end);
    let sectionAt = skipBlanks(bytes, skipField(bytes, skipBlanks(bytes, bindEnd, end), end), end);
    while (bytes[sectionAt] === OPENING_BRACKET && sectionAt < end) {
      while (sectionAt < end && bytes[sectionAt] !== CLOSING_BRACKET) sectionAt++;
      sectionAt = skipBlanks(bytes, sectionAt + 1, end);
    }
    if (sectionAt >= end) return Verdict.skipped;
    const sectionEnd = skipField(bytes, sectionAt, end);
    const nameAt = skipBlanks(bytes, sectionEnd, end);
    const kind = sectionKind(bytes, sectionAt, sectionEnd);
    const type = latin1(bytes, typeAt, typeEnd);
    if (kind === null || !PLACED_TYPES.has(type) || nameAt >= end) return Verdict.understood;
    if (!isPlaced(kind, this.#value.high, this.#value.low)) return Verdict.understood;
    const nameEnd = trimEnd(bytes, nameAt, versionStart(bytes, nameAt, end));
    const { high, low } = this.#value;
    this.#builder.add(high, low, this.#size.high, this.#size.low, bytes, nameAt, nameEnd);
    return Verdict.understood;
  }

  /** The size in bytes [start, end), decimal or, from 10^5 on, hex with its prefix, into `#size`. */
  #readSize(bytes: Uint8Array, start: number, end: number): boolean {
    const size = this.#size;
    if (size.read(bytes, start, end) && size.hasPrefix) return true;
    return readDecimal(size, bytes, start, end);
  }
}

const PLACED_TYPES: ReadonlySet<string> = new Set(["NOTYPE", "OBJECT", "FUNC", "IFUNC", "GNU_IFUNC"]);

/** The section as nm's letter for a place or a constant; null where there is none. */
function sectionKind(bytes: Uint8Array, start: number, end: number): number | null {
  if (isDecimal(bytes, start, end)) return TEXT;
  return latin1(bytes, start, end) === "ABS" ? ABSOLUTE : null;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}
