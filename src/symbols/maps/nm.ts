import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { HexField, hasDecimal, isBlank, skipBlanks, skipField, trimEnd } from "./fields.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";
import { IS_PLACED, isPlaced, isSymbolType, isUndefinedType } from "./nm-types.ts";

const TAB = 0x09;
const COLON = 0x3a;
/** In place of an address, of 32 bits at least. */
const LEAST_BLANKS = 8;

/**
 * The BSD form, nm's default, System.map and /proc/kallsyms: `ADDR TYPE NAME`, with `nm -S`
 * `ADDR SIZE TYPE NAME` where the size is known. Undefined symbols have blanks for an address. A tab ends
 * the name: kallsyms' `[module]` or the place in the source of `nm -l` follows. `FILE:` heads the symbols of
 * one of several files, or stands before each address (`nm -A`). With `nm -t d` and `-t o` all numbers are decimal or octal,
 * which only the whole map tells.
 */
export const nm: MapFormat = {
  name: "nm",
  shape: { size: "optional", types: IS_PLACED, stop: TAB },
  open: (builder) => new NmReader(builder),
};

class NmReader implements LineReader {
  readonly #builder: SymbolTableBuilder;
  readonly #address = new HexField();
  readonly #size = new HexField();

  #page: Uint8Array | null = null;
  #pageHasTabs = false;

  constructor(builder: SymbolTableBuilder) {
    this.#builder = builder;
  }

  read(bytes: Uint8Array, start: number, end: number): Verdict {
    const first = skipBlanks(bytes, start, end);
    const isIndented = first > start && first + 1 < end;
    if (isIndented && isUndefinedType(bytes[first]) && isBlank(bytes[first + 1])) return Verdict.understood;
    if (this.#address.read(bytes, first, end)) return this.#readSymbol(bytes, end);
    if (bytes[end - 1] === COLON && skipField(bytes, first, end) === end) return Verdict.neutral;
    return this.#readAfterFile(bytes, first, end);
  }

  finish(): void {
    this.#builder.settleRadix();
  }

  /** `FILE:ADDR …`, `FILE:MEMBER:ADDR …`: paths may hold colons and blanks, so each colon is tried. */
  #readAfterFile(bytes: Uint8Array, start: number, end: number): Verdict {
    for (let at = start; at < end; at++) {
      if (bytes[at] !== COLON) continue;
      const isAddress = this.#address.read(bytes, at + 1, end) && this.#address.digits >= 8;
      if (isAddress) return this.#readSymbol(bytes, end);
      const typeAt = skipBlanks(bytes, at + 1, end);
      const isUndefined = isUndefinedType(bytes[typeAt]) && isBlank(bytes[typeAt + 1]);
      if (typeAt >= at + LEAST_BLANKS && isUndefined && typeAt + 1 < end) return Verdict.understood;
    }
    return Verdict.skipped;
  }

  /** What follows the address. */
  #readSymbol(bytes: Uint8Array, end: number): Verdict {
    const address = this.#address;
    const sizeAt = skipBlanks(bytes, address.end, end);
    let typeAt = sizeAt;
    let hasSize = false;
    // No type is a digit.
    const isSize = !isBlank(bytes[typeAt + 1]) || hasDecimal(bytes, typeAt, typeAt + 1);
    if (isSize && this.#size.read(bytes, typeAt, end)) {
      hasSize = true;
      typeAt = skipBlanks(bytes, this.#size.end, end);
    }
    const type = bytes[typeAt];
    const nameStart = skipBlanks(bytes, typeAt + 1, end);
    if (typeAt + 1 >= end || nameStart >= end || !isBlank(bytes[typeAt + 1]) || !isSymbolType(type)) {
      return Verdict.skipped;
    }
    if (isPlaced(type, address.high, address.low)) {
      let nameEnd = end;
      if (this.#hasTabs(bytes))
        for (nameEnd = nameStart; nameEnd < end && bytes[nameEnd] !== TAB; ) nameEnd++;
      this.#builder.add(
        address.high,
        address.low,
        hasSize ? this.#size.high : 0,
        hasSize ? this.#size.low : 0,
        bytes,
        nameStart,
        trimEnd(bytes, nameStart, nameEnd),
      );
    }
    // Go fills its decimal sizes up with blanks.
    return hasSize && sizeAt > address.end + 1 ? Verdict.weak : Verdict.understood;
  }

  /** Hardly any map has tabs: to look once through a page is faster than through every name. */
  #hasTabs(bytes: Uint8Array): boolean {
    if (bytes !== this.#page) {
      this.#page = bytes;
      this.#pageHasTabs = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(TAB);
    }
    return this.#pageHasTabs;
  }
}
