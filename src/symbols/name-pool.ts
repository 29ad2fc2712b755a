import { CoregramError, formatBytes } from "../terms/index.ts";

const PAGE_BITS = 22;
const PAGE_BYTES = 2 ** PAGE_BITS;
const SHORT = 64;
/** Offsets are u32, so that a symbol pays 4 bytes for its name beside the name itself. */
export const MAX_NAME_BYTES = 2 ** 32;

/** Symbol names as NUL-terminated bytes in pages that never move: growing copies nothing. */
export class NamePool {
  readonly #pages: Uint8Array[] = [new Uint8Array(PAGE_BYTES)];
  readonly #maxBytes: number;
  #page: Uint8Array;
  #into: DataView;
  /** The bytes that names came from last, and a view of them: most come from one chunk. */
  #lastBytes: Uint8Array = new Uint8Array(0);
  #from: DataView = new DataView(new ArrayBuffer(0));
  /** Offset 0 stays the empty name. */
  #next = 1;

  constructor(maxBytes = MAX_NAME_BYTES) {
    this.#maxBytes = Math.min(maxBytes, MAX_NAME_BYTES);
    this.#page = this.#pages[0] ?? new Uint8Array(PAGE_BYTES);
    this.#into = new DataView(this.#page.buffer);
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
        this.#into = new DataView(this.#page.buffer);
        this.#pages.push(this.#page);
      }
      inPage = 0;
    }
    if (this.#next + length >= this.#maxBytes) {
      throw new CoregramError("limit", `symbol names fill more than ${formatBytes(this.#maxBytes)}`);
    }
    this.#copy(bytes, start, end, inPage);
    const offset = this.#next;
    this.#next = offset + length + 1;
    return offset;
  }

  /** Names are short: a loop over 4 bytes at a time beats the call into the engine that `set` is. */
  #copy(bytes: Uint8Array, start: number, end: number, to: number): void {
    const page = this.#page;
    if (end - start >= SHORT) {
      page.set(bytes.subarray(start, end), to);
      return;
    }
    if (bytes !== this.#lastBytes) {
      this.#lastBytes = bytes;
      this.#from = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const from = this.#from;
    const into = this.#into;
    let i = start;
    let j = to;
    for (; i + 4 <= end; i += 4, j += 4) into.setUint32(j, from.getUint32(i, true), true);
    for (; i < end; i++, j++) page[j] = bytes[i] ?? 0;
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
