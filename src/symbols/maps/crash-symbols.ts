import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { HexField, skipBlanks, trimEnd } from "./fields.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";
import { isPlaced, isSymbolType } from "./nm-types.ts";

const OPENING = 0x28;
const CLOSING = 0x29;
const MODULE = Buffer.from("MODULE ");

/**
 * crash's `sym -l`: `ADDR (TYPE) NAME` (crash's symbols.c, show_symbol), the type as nm's letter; `ADDR MODULE START: NAME` and
 * its like say where a module is. Sizes are unknown.
 */
export const crashSymbols: MapFormat = {
  name: "crash sym -l",
  open: (builder) => new CrashReader(builder),
};

class CrashReader implements LineReader {
  readonly #builder: SymbolTableBuilder;
  readonly #address = new HexField();

  constructor(builder: SymbolTableBuilder) {
    this.#builder = builder;
  }

  read(bytes: Uint8Array, start: number, end: number): Verdict {
    const address = this.#address;
    if (!address.read(bytes, start, end)) return Verdict.skipped;
    const at = skipBlanks(bytes, address.end, end);
    if (MODULE.equals(bytes.subarray(at, at + MODULE.length))) return Verdict.neutral;
    const type = bytes[at + 1];
    const nameAt = skipBlanks(bytes, at + 3, end);
    const isType = bytes[at] === OPENING && bytes[at + 2] === CLOSING && isSymbolType(type);
    if (!isType || nameAt >= end) return Verdict.skipped;
    if (isPlaced(type, address.high, address.low)) {
      this.#builder.add(address.high, address.low, 0, 0, bytes, nameAt, trimEnd(bytes, nameAt, end));
    }
    return Verdict.understood;
  }
}
