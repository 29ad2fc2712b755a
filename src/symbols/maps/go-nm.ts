import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { HexField, isBlank, readDecimal, skipBlanks, skipField } from "./fields.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";
import { isPlaced, isSymbolType } from "./nm-types.ts";

/** `%8x %10d %c %s` (Go's cmd/nm/nm.go): how wide the columns are at least. */
const ADDRESS_COLUMNS = 8;
const SIZE_COLUMNS = 10;

/**
 * `go tool nm -size`: `ADDR SIZE TYPE NAME`, the address hex and the size decimal, both filled up with blanks, by which it
 * is told from nm's form, which fills up with zeros and has hex sizes. Undefined symbols have blanks for an address.
 */
export const goNm: MapFormat = {
  name: "go tool nm -size",
  open: (builder) => new GoNmReader(builder),
};

class GoNmReader implements LineReader {
  readonly #builder: SymbolTableBuilder;
  readonly #address = new HexField();
  readonly #size = new HexField();

  constructor(builder: SymbolTableBuilder) {
    this.#builder = builder;
  }

  read(bytes: Uint8Array, start: number, end: number): Verdict {
    const address = this.#address;
    const addressEnd = Math.max(start + ADDRESS_COLUMNS, skipField(bytes, start, end));
    const addressAt = skipBlanks(bytes, start, addressEnd);
    const isDefined = addressAt < addressEnd;
    if (isDefined && !(address.read(bytes, addressAt, end) && address.end === addressEnd))
      return Verdict.skipped;
    const sizeAt = skipBlanks(bytes, addressEnd + 1, end);
    const sizeEnd = skipField(bytes, sizeAt, end);
    // Filled up with blanks, and to the column.
    const isRight = sizeEnd === Math.max(addressEnd + 1 + SIZE_COLUMNS, sizeEnd);
    const hasZeros = bytes[sizeAt] === 0x30 && sizeEnd > sizeAt + 1;
    if (!isRight || hasZeros || !readDecimal(this.#size, bytes, sizeAt, sizeEnd)) return Verdict.skipped;
    const typeAt = sizeEnd + 1;
    const nameAt = typeAt + 2;
    if (nameAt >= end || !isSymbolType(bytes[typeAt]) || !isBlank(bytes[typeAt + 1])) return Verdict.skipped;
    if (isDefined && isPlaced(bytes[typeAt], address.high, address.low)) {
      const { high, low } = this.#size;
      this.#builder.add(address.high, address.low, high, low, bytes, nameAt, end);
    }
    return Verdict.understood;
  }
}
