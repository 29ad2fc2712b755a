import type { ByteSource } from "../bytes/index.ts";
import { Fields } from "./fields.ts";
import type { ElfLayout } from "./layout.ts";

const WINDOW_BYTES = 1 << 16;

/** Small reads that go forward through a file, from one buffer: a system call a window, not one a field. */
export class Window {
  readonly #source: ByteSource;
  readonly #layout: ElfLayout;
  readonly #buffer = new Uint8Array(WINDOW_BYTES);
  #start = 0;
  #end = 0;

  constructor(source: ByteSource, layout: ElfLayout) {
    this.#source = source;
    this.#layout = layout;
  }

  /** The `bytes` (at most 64 KiB) at `position`, valid until the next call; fewer where the file ends. */
  at(position: number, bytes: number): Fields {
    const want = Math.min(bytes, WINDOW_BYTES);
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
