import { formatWord, printable } from "../../terms/index.ts";
import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { HexField, hasDecimal, isBlank, skipBlanks } from "./fields.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";
import { isSymbolType } from "./nm-types.ts";

const NEWLINE = 0x0a;

/**
 * What JIT compilers write to /tmp/perf-PID.map for perf (Linux tools/perf/Documentation/jit-interface.txt):
 * `START SIZE NAME`, both hex without `0x`, and the rest of the line as the name. They are only ever added to: where memory is
 * used for other code, the later line is the true one.
 */
export const perfMap: MapFormat = {
  name: "perf map",
  isLog: true,
  shape: { size: "always", types: null, stop: NEWLINE },
  open: (builder) => new PerfMapReader(builder),
};

/**
 * A line of a map as coregram prints it, without its newline: in this format, which perf reads and `readSymbolMap` does.
 * Sizes are 0 where they are unknown.
 */
export function perfMapLine(symbol: { address: bigint; size: bigint; name: string }): string {
  return `${formatWord(symbol.address)} ${symbol.size.toString(16).padStart(2, "0")} ${printable(symbol.name)}`;
}

class PerfMapReader implements LineReader {
  readonly #builder: SymbolTableBuilder;
  readonly #start = new HexField();
  readonly #size = new HexField();

  constructor(builder: SymbolTableBuilder) {
    this.#builder = builder;
  }

  read(bytes: Uint8Array, start: number, end: number): Verdict {
    const at = this.#start;
    const size = this.#size;
    if (!at.read(bytes, start, end)) return Verdict.skipped;
    const sizeStart = skipBlanks(bytes, at.end, end);
    if (!size.read(bytes, sizeStart, end)) return Verdict.skipped;
    const nameStart = skipBlanks(bytes, size.end, end);
    if (nameStart >= end) return Verdict.skipped;
    // nm's form has a type there; and `0x1000 add two` is a name, since perf writes no `0x`.
    const isNm = nameStart + 1 < end && isBlank(bytes[nameStart + 1]) && isSymbolType(bytes[nameStart]);
    const isName = at.hasPrefix && !hasDecimal(bytes, sizeStart, size.end);
    this.#builder.add(at.high, at.low, size.high, size.low, bytes, nameStart, end);
    return isNm || isName ? Verdict.weak : Verdict.understood;
  }
}
