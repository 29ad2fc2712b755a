import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";

const TAB = 0x09;
const ZERO = 0x30;
/** Longer fields are none: the pattern may take the square of the length on hostile ones. */
const MOST_FIELD_BYTES = 4096;
/** An address as gdb prints it with its symbol (gdb/printcmd.c, print_address_symbolic). */
const PLACE = /^0x([0-9a-f]{1,16})(?: <(.+?)(?:\+(\d{1,20}))?>)?(:?)$/s;
const ARROW = /^(?:\(gdb\) *)*(?:=>)? */;

/**
 * What gdb's `x/a`, `x/i` and the like print: `ADDR <NAME+OFFSET>:`, a tab, and values apart by tabs, of which `x/a` writes
 * those that have a name as `0x… <NAME>`. Each address is named as gdb names it, and so is the start that an offset implies,
 * unless gdb called that something else.
 */
export const gdbExamine: MapFormat = {
  name: "gdb x/a",
  open: (builder) => new ExamineReader(builder),
};

class ExamineReader implements LineReader {
  readonly #builder: SymbolTableBuilder;
  /** Those with an offset, by their index in the builder: their starts come last. */
  readonly #inside: number[] = [];

  constructor(builder: SymbolTableBuilder) {
    this.#builder = builder;
  }

  read(bytes: Uint8Array, start: number, end: number): Verdict {
    // Cheaply, since every map is looked at so: nothing but a tab follows the place's colon.
    let tab = start;
    while (tab < end && bytes[tab] !== TAB) tab++;
    if (bytes[tab - 1] !== 0x3a || tab - start > MOST_FIELD_BYTES || tab >= end) return Verdict.skipped;
    const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
    const [head = "", ...values] = line.split("\t");
    const place = PLACE.exec(head.replace(ARROW, ""));
    if (place === null || place[4] !== ":") return Verdict.skipped;
    this.#name(place);
    for (const value of values) {
      if (value.charCodeAt(0) !== ZERO || value.length > MOST_FIELD_BYTES) continue;
      const known = PLACE.exec(value);
      if (known?.[4] === "") this.#name(known);
    }
    return Verdict.understood;
  }

  finish(): void {
    for (const index of this.#inside) this.#builder.addStartOf(index);
  }

  #name([, digits = "0", name, offset]: RegExpExecArray): void {
    if (name === undefined) return;
    const into = BigInt(offset ?? 0);
    if (into !== 0n) this.#inside.push(this.#builder.length);
    this.#builder.addSymbol(BigInt(`0x${digits}`), 0n, Buffer.from(name, "latin1"), into);
  }
}
