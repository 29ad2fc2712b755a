import { HexField, hasDecimal, isBlank, skipBlanks } from "../maps/fields.ts";
import { type LineReader, type MapFormat, Verdict } from "../maps/format.ts";
import { isSymbolType } from "../maps/nm-types.ts";
import type { SymbolTableBuilder } from "./table-builder.ts";

const HASH = 0x23;
const COLON = 0x3a;
const TAB = 0x09;
const [OPENING, CLOSING] = [0x28, 0x29];
const [LESS, GREATER] = [0x3c, 0x3e];

/**
 * `ADDRESS NAME` and `ADDRESS: NAME`: hex with or without `0x`, blanks, and the rest of the line as the name, which may hold
 * blanks (C++). A `#` after a blank starts a comment. Sizes are unknown.
 */
export const addressName: MapFormat = {
  name: "ADDRESS NAME",
  shape: { size: "never", types: null, stop: HASH },
  open: (builder) => new AddressNameReader(builder),
};

class AddressNameReader implements LineReader {
  readonly #builder: SymbolTableBuilder;
  readonly #address = new HexField();
  readonly #field = new HexField();

  constructor(builder: SymbolTableBuilder) {
    this.#builder = builder;
  }

  read(bytes: Uint8Array, start: number, end: number): Verdict {
    const address = this.#address;
    const isWhole = address.read(bytes, skipBlanks(bytes, start, end), end);
    const isMarked = bytes[address.end] === COLON && address.digits > 0 && address.digits <= 16;
    if (!isWhole && !(isMarked && isBlank(bytes[address.end + 1]))) return Verdict.skipped;
    const nameStart = skipBlanks(bytes, isWhole ? address.end : address.end + 1, end);
    const nameEnd = commentStart(bytes, nameStart, end);
    if (nameStart >= nameEnd) return Verdict.skipped;
    this.#builder.add(address.high, address.low, 0, 0, bytes, nameStart, nameEnd);
    return this.#looksForeign(bytes, nameStart, nameEnd) ? Verdict.weak : Verdict.understood;
  }

  /** `ADDR T NAME`, `ADDR SIZE …`, `ADDR (T) NAME` and `ADDR <NAME>:` would read as names; `add the two` is prose. */
  #looksForeign(bytes: Uint8Array, start: number, end: number): boolean {
    const { hasPrefix, digits, end: addressEnd } = this.#address;
    if (!hasPrefix && digits < 8 && !hasDecimal(bytes, addressEnd - digits, addressEnd)) return true;
    if (start + 1 < end && isBlank(bytes[start + 1]) && isSymbolType(bytes[start])) return true;
    if (bytes[start] === OPENING && bytes[start + 2] === CLOSING && isSymbolType(bytes[start + 1]))
      return true;
    if (bytes[start] === LESS && isLabel(bytes, start, end)) return true;
    const field = this.#field;
    return field.read(bytes, start, end) && field.end < end && hasDecimal(bytes, start, field.end);
  }
}

/** Whether `>:` stands before a tab or at the end: what debuggers and disassemblers write before what is there. */
function isLabel(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && bytes[at] !== TAB) at++;
  return bytes[at - 1] === COLON && bytes[at - 2] === GREATER;
}

/** Where the name ends: before the blanks before a `#` that follows a blank (`{lambda()#1}` has none). */
function commentStart(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    if (bytes[i] !== HASH || !(i === start || isBlank(bytes[i - 1]))) continue;
    let here = i;
    while (here > start && isBlank(bytes[here - 1])) here--;
    return here;
  }
  return end;
}
