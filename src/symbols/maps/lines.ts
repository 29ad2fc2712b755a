import { isBlank } from "./fields.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const HASH = 0x23;

/**
 * Steps through the lines of a page that say something: not blank, and not a comment, which starts with `#`.
 * After `next`, the line is bytes [start, end), without its newline and the blanks at its end.
 */
export class LineCursor {
  readonly #bytes: Uint8Array;
  /** The same bytes: a Buffer finds a newline twice as fast as a typed array does, or a loop. */
  readonly #search: Buffer;
  readonly #end: number;
  #next: number;
  start = 0;
  end = 0;
  /** From 1. */
  number: number;

  /** `number` is the line's that ends before `start`. */
  constructor(bytes: Uint8Array, start: number, end: number, number: number) {
    this.#bytes = bytes;
    this.#search = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#next = start;
    this.#end = end;
    this.number = number;
  }

  /** Where the next line begins. */
  get position(): number {
    return this.#next;
  }

  /** Goes to the next such line; false where there is none. */
  next(): boolean {
    const bytes = this.#bytes;
    const limit = this.#end;
    let at = this.#next;
    while (at < limit) {
      const start = at;
      const newline = this.#search.indexOf(NEWLINE, at);
      let end = newline < 0 || newline > limit ? limit : newline;
      at = end + 1;
      if (end > start && bytes[end - 1] === RETURN) end--;
      while (end > start && isBlank(bytes[end - 1])) end--;
      this.number++;
      let first = start;
      while (first < end && isBlank(bytes[first])) first++;
      if (first === end || bytes[first] === HASH) continue;
      this.start = start;
      this.end = end;
      this.#next = at;
      return true;
    }
    this.#next = at;
    return false;
  }
}
