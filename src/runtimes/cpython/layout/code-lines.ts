import type { MemoryReader } from "../../../blocks/index.ts";
import type { Layout } from "./layout.ts";

const MOST_TABLE_BYTES = 2 ** 20;

/**
 * The source line of an instruction, `offset` bytes into the code's; the first line of the code where its table makes
 * no sense. Formats: Objects/lnotab_notes.txt (3.9, and 3.10's PEP 626), Objects/locations.md (3.11 on).
 */
export function lineAt(reader: MemoryReader, layout: Layout, code: number, offset: number): number {
  const { PyCodeObject, PyVarObject, PyBytesObject } = layout.structs;
  const first = reader.i32(code + PyCodeObject.co_firstlineno);
  const place = reader.u64(code + layout.code.lines);
  const length = reader.u64(place + PyVarObject.ob_size);
  if (!(length <= MOST_TABLE_BYTES && offset >= 0)) return first;
  const table = reader.bytes(place + PyBytesObject.ob_sval, length);
  if (layout.lines === "locations") return locationLine(table, first, offset);
  return layout.lines === "pep 626" ? pep626Line(table, first, offset) : lnotabLine(table, first, offset);
}

/** Pairs: bytes of code, signed change of line. */
function lnotabLine(table: Uint8Array, first: number, offset: number): number {
  let line = first;
  let at = 0;
  for (let i = 0; i + 1 < table.length; i += 2) {
    at += table[i] ?? 0;
    if (at > offset) break;
    line += ((table[i + 1] ?? 0) << 24) >> 24;
  }
  return line;
}

/** The same, but the change of line comes before the code; -128 is code without a line. */
function pep626Line(table: Uint8Array, first: number, offset: number): number {
  let line = first;
  let end = 0;
  for (let i = 0; i + 1 < table.length; i += 2) {
    const change = ((table[i + 1] ?? 0) << 24) >> 24;
    end += table[i] ?? 0;
    if (change !== -128) line += change;
    if (end > offset) break;
  }
  return line;
}

const NO_LINE = 15;
const LONG = 14;
const NO_COLUMNS = 13;
const ONE_LINE = 10;

/** Entries begin with a byte whose top bit is set: 4 bits of form, 3 of length in code units. */
function locationLine(table: Uint8Array, first: number, offset: number): number {
  let line = first;
  let end = 0;
  for (let i = 0; i < table.length; ) {
    const head = table[i] ?? 0;
    const form = (head >> 3) & 15;
    if (form === LONG || form === NO_COLUMNS) line += signedVarint(table, i + 1);
    else if (form >= ONE_LINE && form < NO_COLUMNS) line += form - ONE_LINE;
    end += ((head & 7) + 1) * 2;
    if (end > offset && form !== NO_LINE) return line;
    i += 1;
    while (i < table.length && ((table[i] ?? 0) & 0x80) === 0) i += 1;
  }
  return line;
}

/** Six bits a byte, the low ones first; the lowest of all is the sign. */
function signedVarint(table: Uint8Array, start: number): number {
  let value = 0;
  for (let i = start, shift = 1; i < table.length && shift < 2 ** 31; i += 1, shift *= 64) {
    const byte = table[i] ?? 0;
    value += (byte & 63) * shift;
    if ((byte & 64) === 0) break;
  }
  return value % 2 === 1 ? -(value - 1) / 2 : value / 2;
}
