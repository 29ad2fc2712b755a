import type { ByteSource } from "../bytes/index.ts";
import { Fields } from "./fields.ts";
import type { ElfLayout } from "./layout.ts";

const MOST_BYTES = 1 << 16;

/** Small reads that go forward through a file, from one buffer: a system call a window, not one a field. */
export class Window {
  readonly #source: ByteSource;
  readonly #layout: ElfLayout;
  readonly #buffer: Uint8Array;
  #start = 0;
  #end = 0;

  /** `bytes`: how many there are to read in all; at most 64 KiB are read at once. */
  constructor(source: ByteSource, layout: ElfLayout, bytes: number) {
    this.#source = source;
    this.#layout = layout;
    this.#buffer = new Uint8Array(Math.min(bytes, MOST_BYTES));
  }

  /** The `bytes` at `position`, valid until the next call; fewer where the file ends or the buffer does. */
  at(position: number, bytes: number): Fields {
    const want = Math.min(bytes, this.#buffer.length);
    if (position < this.#start || position + want > this.#end) {
      this.#start = position;
      this.#end = position + this.#source.read(position, this.#buffer);
    }
    const from = position - this.#start;
    return new Fields(
      this.#buffer.subarray(from, Math.min(from + want, this.#end - this.#start)),
      this.#layout,
    );
  }
}
