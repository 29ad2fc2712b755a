import { CoregramError, formatBytes } from "../../terms/index.ts";
import { PAGE_BITS, PAGE_BYTES } from "../maps/pages.ts";

/** Offsets are u32, so that a symbol pays 4 bytes for its name beside the name itself. */
export const MAX_NAME_BYTES = 2 ** 32;

/**
 * Symbol names as NUL-terminated bytes. Text that names stand in already, a page of a map or a string table,
 * is taken over as it is: to copy a million names one by one takes as long as all the rest of reading them.
 */
export class NamePool {
  /** What can be reached from each page's first byte on: of a text longer than a page, all that follows. */
  readonly #pages: Uint8Array[] = [];
  readonly #maxPages: number;
  #text: Uint8Array | null = null;
  /** Where `#text` lies; 0 while no name in it was asked for. */
  #base = 0;
  /** Empty until a name is copied: to tell a map's format makes a pool for every reader. */
  #own = new Uint8Array(0);
  #ownBase = 0;
  /** Offset 0 stays the empty name, wherever pages begin. */
  #ownUsed = 1;

  constructor(maxBytes = MAX_NAME_BYTES) {
    this.#maxPages = Math.floor(Math.min(maxBytes, MAX_NAME_BYTES) / PAGE_BYTES);
    this.#ownBase = this.#place(new Uint8Array(1));
  }

  /** From now on, names in this text are not copied. It is the pool's, until the next one where none was used. */
  adopt(text: Uint8Array): void {
    this.#text = text;
    this.#base = 0;
  }

  /**
   * The offset of the name in bytes [start, end); 0 for the empty name. In the adopted text the byte at `end`
   * becomes a NUL; of other bytes a copy is made. A name ends at its first NUL.
   * @throws CoregramError `limit` past the limit, or for a name to copy that is longer than a page (1 MiB)
   */
  add(bytes: Uint8Array, start: number, end: number): number {
    if (end <= start) return 0;
    if (bytes !== this.#text) return this.#copy(bytes, start, end);
    if (this.#base === 0) this.#base = this.#place(bytes);
    if (end < bytes.length) bytes[end] = 0;
    return this.#base + start;
  }

  /** The adopted text, for whoever ends its names with a NUL himself, and the offset of its first byte. */
  adopted(): { text: Uint8Array; base: number } {
    const text = this.#text ?? new Uint8Array(0);
    if (this.#base === 0) this.#base = this.#place(text);
    return { text, base: this.#base };
  }

  /** The name at an offset that `add` returned. Bytes that are not UTF-8 become U+FFFD. */
  get(offset: number): string {
    const page = this.#pages[offset >>> PAGE_BITS];
    if (!page || offset === 0) return "";
    const start = offset & (PAGE_BYTES - 1);
    const end = page.indexOf(0, start);
    return UTF8.decode(page.subarray(start, end < 0 ? page.length : end));
  }

  #copy(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length >= PAGE_BYTES) {
      throw new CoregramError("limit", `symbol name has ${length} bytes, the limit is ${PAGE_BYTES - 1}`, {
        isUnnamed: true,
      });
    }
    if (this.#own.length === 0) {
      this.#own = new Uint8Array(PAGE_BYTES);
      this.#pages[0] = this.#own;
    }
    if (this.#ownUsed + length >= PAGE_BYTES) {
      this.#own = new Uint8Array(PAGE_BYTES);
      this.#ownBase = this.#place(this.#own);
      this.#ownUsed = 0;
    }
    this.#own.set(bytes.subarray(start, end), this.#ownUsed);
    const offset = this.#ownBase + this.#ownUsed;
    this.#ownUsed += length + 1;
    return offset;
  }

  #place(text: Uint8Array): number {
    const first = this.#pages.length;
    const pages = Math.ceil(text.length / PAGE_BYTES);
    if (first + pages > this.#maxPages) {
      const limit = formatBytes(this.#maxPages * PAGE_BYTES);
      throw new CoregramError(
        "limit",
        `symbol names and the text that they stand in fill more than ${limit}`,
        { isUnnamed: true },
      );
    }
    for (let page = 0; page < pages; page++) this.#pages.push(text.subarray(page * PAGE_BYTES));
    return first * PAGE_BYTES;
  }
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
