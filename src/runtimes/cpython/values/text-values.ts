import type { MemoryReader } from "../../../blocks/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { readStr } from "../layout/text.ts";
import { hasFlag, type TypeObject } from "../types/type-objects.ts";
import type { Reading, Value } from "./reading.ts";

/** A longer text's or buffer's length makes no sense. */
const MOST_LENGTH = 2 ** 47;

/** The value of str, bytes and bytearray, and of what derives from them, cut where it is long; null for others. */
export function textValue({ memory, layout, mostText }: Reading, type: TypeObject, at: number): Value | null {
  const { reader } = memory;
  const length = reader.u64(at + layout.structs.PyVarObject.ob_size);
  let text = readText(reader, layout, type, at, mostText);
  if (text === null && [...memory.namesOf(type)].includes("builtins.bytearray")) {
    const quoted = quoteBytes(
      reader,
      reader.u64(at + layout.structs.PyByteArrayObject.ob_start),
      length,
      mostText,
    );
    text = quoted === null ? null : `bytearray(b${quoted})`;
  }
  return text === null ? null : { text, length, held: [] };
}

/** A str or bytes as repr has it, at most `most` characters of it; null where it is neither, or not saved. */
export function readText(
  reader: MemoryReader,
  layout: Layout,
  type: TypeObject,
  at: number,
  most: number,
): string | null {
  // A str's length stands there as well.
  const length = reader.u64(at + layout.structs.PyVarObject.ob_size);
  if (hasFlag(type, FLAG.str)) {
    const text = readStr(reader, layout, at, most);
    return text === null ? null : cut(quote(text), most < length);
  }
  if (!hasFlag(type, FLAG.bytes)) return null;
  const quoted = quoteBytes(reader, at + layout.structs.PyBytesObject.ob_sval, length, most);
  return quoted === null ? null : `b${quoted}`;
}

function quoteBytes(reader: MemoryReader, data: number, length: number, most: number): string | null {
  if (!(length < MOST_LENGTH)) return null;
  const count = Math.min(length, most);
  const bytes = reader.bytes(data, count);
  if (bytes.length < count) return null;
  let text = "";
  for (const byte of bytes) text += ESCAPES.get(byte) ?? plainByte(byte);
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  return cut(`${mark}${mark === "'" ? text.replace(/'/g, "\\'") : text}${mark}`, count < length);
}

function plainByte(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [9, "\\t"],
  [10, "\\n"],
  [13, "\\r"],
  [0x5c, "\\\\"],
]);

/** What repr escapes: all that Python takes for not printable, spaces other than the plain one included. */
const NOT_PRINTABLE = /(?! )[\p{C}\p{Z}]/gu;

/** A text in quotes, as repr has it (Objects/unicodeobject.c, unicode_repr). */
export function quote(text: string): string {
  const escaped = text
    .replace(/\\/g, "\\\\")
    .replace(NOT_PRINTABLE, (character) => ESCAPES.get(character.charCodeAt(0)) ?? escapeOf(character));
  return text.includes("'") && !text.includes('"') ? `"${escaped}"` : `'${escaped.replace(/'/g, "\\'")}'`;
}

function escapeOf(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x100) return `\\x${point.toString(16).padStart(2, "0")}`;
  if (point < 0x10000) return `\\u${point.toString(16).padStart(4, "0")}`;
  return `\\U${point.toString(16).padStart(8, "0")}`;
}

function cut(quoted: string, isCut: boolean): string {
  return isCut ? `${quoted}…` : quoted;
}
