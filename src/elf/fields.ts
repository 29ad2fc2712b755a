import { CoregramError } from "../terms/index.ts";
import { addressBytes, type ElfLayout } from "./layout.ts";

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The numbers in a piece of an ELF file, by their byte offset in that piece.
 * Every read throws CoregramError `format` where it would leave the piece.
 */
export class Fields {
  readonly bytes: Uint8Array;
  readonly layout: ElfLayout;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, layout: ElfLayout) {
    this.bytes = bytes;
    this.layout = layout;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = layout.endian === "little";
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.#view.getUint8(this.#inside(at, 1));
  }

  u16(at: number): number {
    return this.#view.getUint16(this.#inside(at, 2), this.#little);
  }

  u32(at: number): number {
    return this.#view.getUint32(this.#inside(at, 4), this.#little);
  }

  i32(at: number): number {
    return this.#view.getInt32(this.#inside(at, 4), this.#little);
  }

  u64(at: number): bigint {
    return this.#view.getBigUint64(this.#inside(at, 8), this.#little);
  }

  /** An address, an offset or a C `long`: 4 or 8 bytes by the file's class. */
  word(at: number): bigint {
    return this.layout.class === 64 ? this.u64(at) : BigInt(this.u32(at));
  }

  /** Bytes of what `word` reads. */
  get wordBytes(): 4 | 8 {
    return addressBytes(this.layout);
  }

  /** UTF-8 text of at most `limit` bytes, up to the first NUL or the end of the piece. */
  text(at: number, limit: number): string {
    const end = Math.min(this.bytes.length, at + limit);
    const nul = this.bytes.subarray(at, end).indexOf(0);
    return UTF8.decode(this.bytes.subarray(at, nul < 0 ? end : at + nul));
  }

  #inside(at: number, bytes: number): number {
    if (at >= 0 && at + bytes <= this.bytes.length) return at;
    throw new CoregramError("format", `field at byte ${at} leaves its ${this.bytes.length} bytes`, {
      isUnnamed: true,
    });
  }
}
