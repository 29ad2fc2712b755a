import { TextDecoder } from "node:util";
import type { ByteSource } from "../../bytes/index.ts";

const PIECE_BYTES = 2 ** 20;

/** UTF-16 by its byte order mark, which what PowerShell redirects begins with; null for anything else. */
export function wideEncoding(head: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : null;
}

/** The bytes that tell the encoding of a text. */
export function headOf(text: ByteSource): Uint8Array {
  const head = new Uint8Array(2);
  return head.subarray(0, text.read(0, head));
}

/** A source in pieces. */
export function* piecesOf(text: ByteSource): Generator<Uint8Array> {
  for (let at = 0; at < text.size; ) {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, text.size - at));
    const bytes = text.read(at, piece);
    if (bytes === 0) return;
    yield piece.subarray(0, bytes);
    at += bytes;
  }
}

/** A text in pieces, as it is, or, where its mark says that it is UTF-16, in UTF-8. */
export async function* asUtf8(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = new Uint8Array(0);
  let decoder: TextDecoder | null = null;
  const encoder = new TextEncoder();
  for await (const piece of pieces) {
    let next = piece;
    if (head !== null) {
      next = head.length === 0 ? piece : Buffer.concat([head, piece]);
      // A pipe may hand its first bytes over one by one.
      head = next.length < 2 ? next.slice() : null;
      if (head !== null) continue;
      const encoding = wideEncoding(next);
      // Node is built with all encodings that the standard names.
      if (encoding !== null) decoder = new TextDecoder(encoding);
    }
    yield decoder === null ? next : encoder.encode(decoder.decode(next, { stream: true }));
  }
  if (head !== null) yield head;
  if (decoder !== null) yield encoder.encode(decoder.decode());
}
