import { FLAG } from "./layout.ts";
import { readStr } from "./text.ts";
import { hasFlag, type TypeObject } from "./type-objects.ts";
import type { Reading, Value } from "./value.ts";

/** A longer text's or buffer's length makes no sense. */
const MOST_LENGTH = 2 ** 47;
/** PyBytesObject.ob_sval behind its hash; PyByteArrayObject.ob_start. */
const BYTES_DATA = 32;
const BYTEARRAY_DATA = 40;

/** The value of str, bytes and bytearray, and of what derives from them, cut where it is long; null for others. */
export function textValue(reading: Reading, type: TypeObject, at: number): Value | null {
  const { memory, layout, mostText } = reading;
  const { reader } = memory;
  const length = reader.u64(at + 16);
  if (hasFlag(type, FLAG.str)) {
    const text = readStr(reader, layout, at, mostText);
    return text === null ? null : { text: cut(quote(text), text.length < length), length, held: [] };
  }
  if (hasFlag(type, FLAG.bytes)) return bytesValue(reading, at + BYTES_DATA, length, "b", "");
  for (const name of memory.namesOf(type))
    if (name === "builtins.bytearray")
      return bytesValue(reading, reader.u64(at + BYTEARRAY_DATA), length, "bytearray(b", ")");
  return null;
}

function bytesValue(
  { memory: { reader }, mostText }: Reading,
  data: number,
  length: number,
  before: string,
  after: string,
): Value | null {
  if (!(length < MOST_LENGTH)) return null;
  const most = Math.min(length, mostText);
  const bytes = reader.bytes(data, most);
  if (bytes.length < most) return null;
  let text = "";
  for (const byte of bytes) text += ESCAPES.get(byte) ?? plainByte(byte);
  const quoted = `'${text}'`;
  return { text: before + cut(quoted, most < length) + after, length, held: [] };
}

function plainByte(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [9, "\\t"],
  [10, "\\n"],
  [13, "\\r"],
  [0x27, "\\'"],
  [0x5c, "\\\\"],
]);

/** A text in quotes, as repr has it; what else is not printable is whoever prints it to escape. */
export function quote(text: string): string {
  const escaped = text
    .replace(/\\/g, "\\\\")
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\t/g, "\\t");
  return text.includes("'") && !text.includes('"') ? `"${escaped}"` : `'${escaped.replace(/'/g, "\\'")}'`;
}

function cut(quoted: string, isCut: boolean): string {
  return isCut ? `${quoted}…` : quoted;
}
