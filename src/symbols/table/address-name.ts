import { HexField, hasDecimal, isBlank, skipBlanks } from "../maps/fields.ts";
import { type LineReader, type MapFormat, Verdict } from "../maps/format.ts";
import { isSymbolType } from "../maps/nm-types.ts";
import type { SymbolTableBuilder } from "./table-builder.ts";

const HASH = 0x23;

/**
 * `ADDRESS NAME`: hex with or without `0x`, blanks, and the rest of the line as the name, which may hold
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
    if (!address.read(bytes, skipBlanks(bytes, start, end), end)) return Verdict.skipped;
    const nameStart = skipBlanks(bytes, address.end, end);
    const nameEnd = commentStart(bytes, nameStart, end);
    if (nameStart >= nameEnd) return Verdict.skipped;
    this.#builder.add(address.high, address.low, 0, 0, bytes, nameStart, nameEnd);
    return this.#looksForeign(bytes, nameStart, nameEnd) ? Verdict.weak : Verdict.understood;
  }

  /** `ADDR T NAME` and `ADDR SIZE …` would read as names with a blank; `add the two` is prose. */
  #looksForeign(bytes: Uint8Array, start: number, end: number): boolean {
    const { hasPrefix, digits, end: addressEnd } = this.#address;
    if (!hasPrefix && digits < 8 && !hasDecimal(bytes, addressEnd - digits, addressEnd)) return true;
    if (start + 1 < end && isBlank(bytes[start + 1]) && isSymbolType(bytes[start])) return true;
    const field = this.#field;
    return field.read(bytes, start, end) && field.end < end && hasDecimal(bytes, start, field.end);
  }
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
