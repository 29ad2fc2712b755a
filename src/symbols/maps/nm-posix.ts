import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { fieldStart, HexField, trimEnd } from "./fields.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";
import { isPlaced, isSymbolType, isUndefinedType } from "./nm-types.ts";

/**
 * The form of POSIX, `nm -P`: `NAME TYPE ADDR [SIZE]`, both hex; undefined symbols have neither. Read from
 * the end, since a demangled name holds blanks. `FILE:` or `LIBRARY[MEMBER]:` heads the symbols of a file.
 */
export const nmPosix: MapFormat = {
  name: "nm -P",
  open: (builder) => new NmPosixReader(builder),
};

class NmPosixReader implements LineReader {
  readonly #builder: SymbolTableBuilder;
  readonly #last = new HexField();
  readonly #before = new HexField();

  constructor(builder: SymbolTableBuilder) {
    this.#builder = builder;
  }

  read(bytes: Uint8Array, start: number, end: number): Verdict {
    const last = fieldStart(bytes, start, end);
    if (last === start) return bytes[end - 1] === 0x3a ? Verdict.neutral : Verdict.skipped;
    const beforeEnd = trimEnd(bytes, start, last);
    const before = fieldStart(bytes, start, beforeEnd);
    if (this.#last.read(bytes, last, end)) {
      // With a size first: in `f T 401000 a` the size would pass for a type.
      if (this.#before.read(bytes, before, beforeEnd)) {
        const typeEnd = trimEnd(bytes, start, before);
        if (isTypeField(bytes, start, typeEnd)) {
          return this.#define(bytes, start, typeEnd - 1, this.#before, this.#last);
        }
      }
      if (isTypeField(bytes, start, beforeEnd)) {
        return this.#define(bytes, start, beforeEnd - 1, this.#last, null);
      }
    }
    const isUndefined = last + 1 === end && last > start && isUndefinedType(bytes[last]);
    return isUndefined ? Verdict.understood : Verdict.skipped;
  }

  finish(): void {
    this.#builder.settleRadix();
  }

  /** The name is bytes [start, typeAt) less the blanks at its end. */
  #define(bytes: Uint8Array, start: number, typeAt: number, at: HexField, size: HexField | null): Verdict {
    const nameEnd = trimEnd(bytes, start, typeAt);
    if (isPlaced(bytes[typeAt], at.high, at.low)) {
      this.#builder.add(at.high, at.low, size?.high ?? 0, size?.low ?? 0, bytes, start, nameEnd);
    }
    return looksLikeAddress(bytes, start, nameEnd) ? Verdict.weak : Verdict.understood;
  }
}

/** Whether the field that ends at `end` is a type, with a name before it. */
function isTypeField(bytes: Uint8Array, start: number, end: number): boolean {
  const at = end - 1;
  const nameEnd = trimEnd(bytes, start, at);
  return isSymbolType(bytes[at]) && nameEnd < at && nameEnd > start;
}

const NAME = new HexField();

/** `0000000000401000 T add` is BSD form: no name starts with a digit, hardly one is 8 hex digits or more. */
function looksLikeAddress(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  return (first >= 0x30 && first <= 0x39) || (NAME.read(bytes, start, end) && NAME.digits >= 8);
}
