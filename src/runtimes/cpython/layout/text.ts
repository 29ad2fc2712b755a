import type { MemoryReader } from "../../../blocks/index.ts";
import type { Layout } from "./layout.ts";

const ASCII_AND_COMPACT = 0x60;
const COMPACT = 0x20;
const LATIN1 = new TextDecoder("latin1");

/**
 * The text of the str object at the address, at most its first `most` characters; null where its fields make no
 * sense or it is not saved. Its type is the caller's to check.
 */
export function readStr(reader: MemoryReader, layout: Layout, at: number, most = 512): string | null {
  const { PyASCIIObject, PyCompactUnicodeObject, PyUnicodeObject } = layout.structs;
  const length = reader.u64(at + PyASCIIObject.length);
  const state = reader.u8(at + PyASCIIObject.state);
  if (!(length < 2 ** 40)) return null;
  const kind = (state >> 2) & 7;
  const ascii = (state & ASCII_AND_COMPACT) === ASCII_AND_COMPACT;
  const compact = (state & COMPACT) !== 0;
  if (kind !== 1 && kind !== 2 && kind !== 4) return null;
  const data = ascii
    ? at + PyASCIIObject.sizeof
    : compact
      ? at + PyCompactUnicodeObject.sizeof
      : reader.u64(at + PyUnicodeObject.data);
  const count = Math.min(length, most);
  const bytes = reader.bytes(data, count * kind);
  if (bytes.length < count * kind) return null;
  if (kind === 1) return latin1(bytes);
  // A TextDecoder would drop a byte order mark and replace lone surrogates.
  if (kind === 2) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf16le");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = "";
  for (let i = 0; i < count; i += 1) {
    const point = view.getUint32(4 * i, true);
    if (point > 0x10ffff) return null;
    text += String.fromCodePoint(point);
  }
  return text;
}

/** TextDecoder's "latin1" is windows-1252, which differs from it in 0x80 to 0x9f. */
function latin1(bytes: Uint8Array): string {
  return bytes.some((byte) => byte >= 0x80 && byte < 0xa0)
    ? Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")
    : LATIN1.decode(bytes);
}
