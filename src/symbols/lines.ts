import { trimEnd } from "./fields.ts";

/** Longer lines are passed over without being kept: no symbol is that long, and a map may be hostile. */
export const MAX_LINE_BYTES = 2 ** 16;

const NEWLINE = 0x0a;

/** A line in bytes [start, end), without its newline and the blanks at its end; null where it is too long. */
export type OnLine = (bytes: Uint8Array | null, start: number, end: number, number: number) => void;

/** Cuts chunks into lines. Lines inside a chunk are not copied; at most MAX_LINE_BYTES are kept between chunks. */
export class LineCutter {
  readonly #onLine: OnLine;
  readonly #rest = new Uint8Array(MAX_LINE_BYTES);
  #restBytes = 0;
  #isTooLong = false;
  #number = 0;

  constructor(onLine: OnLine) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, at);
      if (newline < 0) break;
      if (this.#restBytes > 0 || this.#isTooLong) {
        this.#keep(chunk, at, newline);
        this.#endRest();
      } else this.#emit(chunk, at, newline);
      at = newline + 1;
    }
    if (at < chunk.length) this.#keep(chunk, at, chunk.length);
  }

  /** The last line, where no newline ends it. */
  finish(): void {
    if (this.#restBytes > 0 || this.#isTooLong) this.#endRest();
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    if (this.#restBytes + end - start > MAX_LINE_BYTES) this.#isTooLong = true;
    if (this.#isTooLong) return;
    this.#rest.set(chunk.subarray(start, end), this.#restBytes);
    this.#restBytes += end - start;
  }

  #endRest(): void {
    const bytes = this.#restBytes;
    const isTooLong = this.#isTooLong;
    this.#restBytes = 0;
    this.#isTooLong = false;
    if (isTooLong) this.#onLine(null, 0, 0, ++this.#number);
    else this.#emit(this.#rest, 0, bytes);
  }

  #emit(bytes: Uint8Array, start: number, end: number): void {
    this.#number++;
    if (end - start > MAX_LINE_BYTES) {
      this.#onLine(null, 0, 0, this.#number);
      return;
    }
    const last = end > start && bytes[end - 1] === 0x0d ? end - 1 : end;
    this.#onLine(bytes, start, trimEnd(bytes, start, last), this.#number);
  }
}
