import { CoregramError, formatBytes } from "../terms/index.ts";

const PAGE_BITS = 22;
const PAGE_BYTES = 2 ** PAGE_BITS;
/** Offsets are u32, so that a symbol pays 4 bytes for its name beside the name itself. */
export const MAX_NAME_BYTES = 2 ** 32;

/** Symbol names as NUL-terminated bytes in pages that never move: growing copies nothing. */
export class NamePool {
  readonly #pages: Uint8Array[] = [new Uint8Array(PAGE_BYTES)];
  readonly #maxBytes: number;
  #page: Uint8Array;
  /** Offset 0 stays the empty name. */
  #next = 1;

  constructor(maxBytes = MAX_NAME_BYTES) {
    this.#maxBytes = Math.min(maxBytes, MAX_NAME_BYTES);
    this.#page = this.#pages[0] ?? new Uint8Array(PAGE_BYTES);
  }

  /**
   * Copies bytes [start, end) and returns their offset; 0 for the empty name. A name ends at its first NUL.
   * @throws CoregramError `limit` past the limit, or for a name longer than a page (4 MiB)
   */
  add(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length <= 0) return 0;
    if (length >= PAGE_BYTES) {
      throw new CoregramError("limit", `symbol name has ${length} bytes, the limit is ${PAGE_BYTES - 1}`);
    }
    let inPage = this.#next & (PAGE_BYTES - 1);
    // A full page shows as offset 0 in the next one; the empty pool starts at 1.
    if (inPage === 0 || inPage + length >= PAGE_BYTES) {
      this.#next = this.#pages.length * PAGE_BYTES;
      if (this.#next + length < this.#maxBytes) {
        this.#page = new Uint8Array(PAGE_BYTES);
        this.#pages.push(this.#page);
      }
      inPage = 0;
    }
    if (this.#next + length >= this.#maxBytes) {
      throw new CoregramError("limit", `symbol names fill more than ${formatBytes(this.#maxBytes)}`);
    }
    const page = this.#page;
    // Names are short: a loop beats the call into the engine that `set` is.
    if (length < 64) for (let i = 0; i < length; i++) page[inPage + i] = bytes[start + i] ?? 0;
    else page.set(bytes.subarray(start, end), inPage);
    const offset = this.#next;
    this.#next = offset + length + 1;
    return offset;
  }

  /** The name at an offset that `add` returned. Bytes that are not UTF-8 become U+FFFD. */
  get(offset: number): string {
    const page = this.#pages[Math.floor(offset / PAGE_BYTES)];
    if (!page) return "";
    const start = offset & (PAGE_BYTES - 1);
    const end = page.indexOf(0, start);
    return UTF8.decode(page.subarray(start, end < 0 ? PAGE_BYTES : end));
  }
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
