import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { HexField, skipBlanks, skipField } from "./fields.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";

const COLON = 0x3a;
const LESS = 0x3c;
const GREATER = 0x3e;

/**
 * `objdump -d` and llvm-objdump's: a label `ADDR <NAME>:` before each function, an instruction a line, `ADDR:` and its bytes.
 * What stands between them (headings, lines of the source with `-S`) says nothing. Sizes are unknown.
 */
export const disassembly: MapFormat = {
  name: "objdump -d",
  open: (builder) => new DisassemblyReader(builder),
};

class DisassemblyReader implements LineReader {
  readonly #builder: SymbolTableBuilder;
  readonly #address = new HexField();
  readonly #code = new HexField();

  constructor(builder: SymbolTableBuilder) {
    this.#builder = builder;
  }

  read(bytes: Uint8Array, start: number, end: number): Verdict {
    const address = this.#address;
    const isWhole = address.read(bytes, skipBlanks(bytes, start, end), end);
    if (!isWhole) return this.#isInstruction(bytes, end) ? Verdict.understood : Verdict.neutral;
    const nameAt = skipBlanks(bytes, address.end, end) + 1;
    const nameEnd = end - 2;
    const isLabel = bytes[nameAt - 1] === LESS && bytes[nameEnd] === GREATER && bytes[end - 1] === COLON;
    if (!isLabel || nameAt >= nameEnd || address.hasPrefix) return Verdict.neutral;
    this.#builder.add(address.high, address.low, 0, 0, bytes, nameAt, nameEnd);
    return Verdict.understood;
  }

  /** Whether a colon follows the address, and two digits to the byte, or eight to the word, follow that. */
  #isInstruction(bytes: Uint8Array, end: number): boolean {
    const { digits, end: colon } = this.#address;
    if (digits === 0 || digits > 16 || bytes[colon] !== COLON) return false;
    const codeAt = skipBlanks(bytes, colon + 1, end);
    const code = this.#code;
    const isHex = code.read(bytes, codeAt, skipField(bytes, codeAt, end)) && !code.hasPrefix;
    return isHex && (code.digits === 2 || code.digits === 4 || code.digits === 8);
  }
}
