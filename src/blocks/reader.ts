import type { Image, Origin } from "../image/index.ts";
import { USER_SPACE_END } from "../terms/index.ts";

/** Bytes of a cached line: a page, so that segments do not begin or end within one. */
const LINE_BYTES = 4096;
const LINES = 2048;
const UTF8 = new TextDecoder();

/**
 * Words of a little-endian 64-bit image at any address of user space, through a small cache. Addresses and words are
 * numbers: a word from 2^53 up reads as Infinity, and what the image lacks as NaN, so that no comparison holds for it.
 * What it has is the image's choice: saved memory alone, or the pages of modules' files below it.
 */
export class MemoryReader {
  readonly #image: Image;
  readonly #lines: (DataView | undefined)[] = [];
  readonly #starts = new Float64Array(LINES).fill(-1);
  readonly #ends = new Float64Array(LINES);
  readonly #apart = new DataView(new ArrayBuffer(8));
  /** Where in the line that was looked at last its bytes begin. */
  #inside = 0;

  constructor(image: Image) {
    this.#image = image;
  }

  u64(at: number): number {
    const view = this.#view(at, 8);
    if (view === null) return Number.NaN;
    const inside = this.#inside;
    const high = view.getUint32(inside + 4, true);
    return high >= 0x200000 ? Number.POSITIVE_INFINITY : high * 0x100000000 + view.getUint32(inside, true);
  }

  /** A signed word; what a safe integer cannot hold is Infinity. */
  i64(at: number): number {
    const view = this.#view(at, 8);
    if (view === null) return Number.NaN;
    const inside = this.#inside;
    const high = view.getInt32(inside + 4, true);
    if (high >= 0x200000 || high < -0x200000) return Number.POSITIVE_INFINITY;
    return high * 0x100000000 + view.getUint32(inside, true);
  }

  u32(at: number): number {
    const view = this.#view(at, 4);
    return view === null ? Number.NaN : view.getUint32(this.#inside, true);
  }

  i32(at: number): number {
    return this.u32(at) | 0;
  }

  u8(at: number): number {
    const view = this.#view(at, 1);
    return view === null ? Number.NaN : view.getUint8(this.#inside);
  }

  /** The bytes from the address on, as many as the image has. */
  bytes(at: number, most: number): Uint8Array {
    if (!(at >= 0 && at < USER_SPACE_END)) return new Uint8Array(0);
    const into = new Uint8Array(most);
    return into.subarray(0, this.#image.read(BigInt(at), into));
  }

  /** NUL-terminated UTF-8 of at most `most` bytes; null where it does not end by then or is not there. */
  text(at: number, most: number): string | null {
    const bytes = this.bytes(at, most);
    const end = bytes.indexOf(0);
    return end < 0 ? null : UTF8.decode(bytes.subarray(0, end));
  }

  /** Where the byte at the address comes from; null where the image lacks it. */
  originAt(at: number): Origin | null {
    return at >= 0 && at < USER_SPACE_END ? this.#image.originAt(BigInt(at)) : null;
  }

  /** The line that has the bytes, or they alone in #apart where they cross a line's border, or null. */
  #view(at: number, bytes: number): DataView | null {
    if (!(at >= 0 && at < USER_SPACE_END)) return null;
    // Of numbers this large, `%` is a call of fmod(), which takes longer than all else here.
    const line = Math.floor(at / LINE_BYTES);
    const slot = line - LINES * Math.floor(line / LINES);
    const start = line * LINE_BYTES;
    if (this.#starts[slot] !== start) this.#fill(slot, start);
    this.#inside = at - start;
    if (at + bytes <= (this.#ends[slot] ?? 0)) return this.#lines[slot] ?? null;
    this.#inside = 0;
    const into = new Uint8Array(this.#apart.buffer, 0, bytes);
    return this.#image.read(BigInt(at), into) === bytes ? this.#apart : null;
  }

  #fill(slot: number, start: number): void {
    const view = this.#lines[slot] ?? new DataView(new ArrayBuffer(LINE_BYTES));
    this.#lines[slot] = view;
    this.#starts[slot] = start;
    this.#ends[slot] = start + this.#image.read(BigInt(start), new Uint8Array(view.buffer));
  }
}
