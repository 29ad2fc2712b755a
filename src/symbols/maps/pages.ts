import type { ByteSource } from "../../bytes/index.ts";

/** A name is found by an u32: the page's number and the place in it. Pages of whole lines are this long. */
export const PAGE_BITS = 20;
export const PAGE_BYTES = 2 ** PAGE_BITS;

/** Longer lines are not understood: no symbol is that long, and a map may be hostile. */
export const MAX_LINE_BYTES = 2 ** 16;

const NEWLINE = 0x0a;

/**
 * Lines in bytes [0, end) of a page that is the receiver's to keep and to change. The last line of all may
 * lack its newline; a byte follows `end` in any case.
 */
export type OnPage = (page: Uint8Array, end: number) => void;

/**
 * Cuts chunks of any size into pages of whole lines, copying each byte once. Of a line that fills a page only
 * the start is kept, more of it than MAX_LINE_BYTES.
 */
export class PageCutter {
  readonly #onPage: OnPage;
  #page = new Uint8Array(PAGE_BYTES);
  #used = 0;
  #isInLongLine = false;

  constructor(onPage: OnPage) {
    this.#onPage = onPage;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#isInLongLine) {
        at = chunk.indexOf(NEWLINE, at);
        if (at < 0) return;
        this.#isInLongLine = false;
      }
      const bytes = Math.min(chunk.length - at, PAGE_BYTES - 1 - this.#used);
      this.#page.set(chunk.subarray(at, at + bytes), this.#used);
      this.#used += bytes;
      at += bytes;
      if (this.#used === PAGE_BYTES - 1) this.#turn();
    }
  }

  /** Reads a source to its end, straight into the pages. @throws CoregramError as the source does */
  pull(source: ByteSource): void {
    let at = 0;
    while (at < source.size) {
      if (this.#isInLongLine) {
        const piece = new Uint8Array(PAGE_BYTES);
        const bytes = source.read(at, piece);
        this.push(piece.subarray(0, bytes));
        at += bytes;
        continue;
      }
      const bytes = source.read(at, this.#page.subarray(this.#used, PAGE_BYTES - 1));
      if (bytes === 0) return;
      this.#used += bytes;
      at += bytes;
      if (this.#used === PAGE_BYTES - 1) this.#turn();
    }
  }

  /** The last page. */
  finish(): void {
    if (this.#used > 0) this.#onPage(this.#page.slice(0, this.#used + 1), this.#used);
    this.#used = 0;
  }

  #turn(): void {
    const page = this.#page;
    const end = page.lastIndexOf(NEWLINE, this.#used - 1) + 1;
    if (end === 0) {
      this.#used = MAX_LINE_BYTES + 1;
      this.#isInLongLine = true;
      return;
    }
    this.#page = new Uint8Array(PAGE_BYTES);
    this.#page.set(page.subarray(end, this.#used));
    this.#used -= end;
    this.#onPage(page, end);
  }
}
