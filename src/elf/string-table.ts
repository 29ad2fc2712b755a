import type { ByteSource } from "../bytes/index.ts";
import type { Extent } from "../terms/index.ts";

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** NUL-terminated strings by offset (gABI, "String Table"). One without an end stops at the table's end. */
export class StringTable {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads at most `limit` bytes of the table. */
  static read(source: ByteSource, extent: Extent, limit: number): StringTable {
    const bytes = new Uint8Array(Math.min(extent.bytes, limit));
    return new StringTable(bytes.subarray(0, source.read(extent.offset, bytes)));
  }

  /** The string's bytes, a view; none where the offset is outside. At most `most` of them. */
  bytesAt(offset: number, most = MOST_NAME_BYTES): Uint8Array {
    if (offset >= this.#bytes.length) return this.#bytes.subarray(0, 0);
    const end = Math.min(this.#bytes.length, offset + most);
    const nul = this.#bytes.indexOf(0, offset);
    return this.#bytes.subarray(offset, nul < 0 || nul > end ? end : nul);
  }

  textAt(offset: number, most = MOST_NAME_BYTES): string {
    return UTF8.decode(this.bytesAt(offset, most));
  }
}

/** Mangled C++ and Rust names of several thousand bytes are real; of more than this, only the start is. */
export const MOST_NAME_BYTES = 1 << 16;
