import { formatUniqCount } from "../terms/index.ts";
import type { Histogram, RowBatch } from "./histogram.ts";

/** Text that is collected before it is handed on. */
const BUFFER_BYTES = 2 ** 18;

/** A row without its name is shorter: a count of up to 16 digits, a space, 16 digits, a line feed. */
const ROW_BYTES = 48;

/** Rows that one call formats at the most, so that a buffer takes them. */
const ROWS_AT_ONCE = Math.floor(BUFFER_BYTES / ROW_BYTES);

/**
 * Rows of a histogram as `uniq -c` prints them, made by the kernel in a buffer of its memory. What comes out is valid
 * until more is asked for.
 */
export class RowText {
  private readonly memory: WebAssembly.Memory;
  private readonly kernel: Histogram["crew"]["kernel"];
  private readonly wide: 0 | 1;
  private readonly rowTail: number;
  private readonly prefix: number;
  private readonly buffer: number;
  private prefixBytes = 0;
  private filled = 0;

  constructor({ crew }: Histogram, wordBytes: 4 | 8) {
    this.memory = crew.memory.wasm;
    this.kernel = crew.kernel;
    this.wide = wordBytes === 8 ? 1 : 0;
    this.rowTail = 2 * wordBytes + 1;
    this.prefix = crew.memory.place(32);
    this.buffer = crew.memory.place(BUFFER_BYTES + 64);
  }

  /** The count of the rows that follow. */
  startCount(count: number): void {
    const text = `${formatUniqCount(count)} `;
    this.prefixBytes = text.length;
    new Uint8Array(this.memory.buffer, this.prefix, 32).set(new TextEncoder().encode(text));
  }

  /** Rows [first, end) of the batch. */
  *rows({ at }: RowBatch, first: number, end: number): Generator<Uint8Array> {
    for (let row = first; row < end; ) {
      const some = Math.min(end - row, ROWS_AT_ONCE);
      if (this.filled + some * ROW_BYTES > BUFFER_BYTES) yield* this.flush();
      this.format(at + row * 8, some);
      row += some;
    }
  }

  /** One row of the batch, and behind it `behind` where that is not empty. */
  *row(batch: RowBatch, index: number, behind: string): Generator<Uint8Array> {
    yield* this.rows(batch, index, index + 1);
    if (behind === "") return;
    // Over the row's line feed.
    const text = Buffer.from(`${behind}\n`);
    if (this.filled - 1 + text.length > BUFFER_BYTES) {
      const last = new Uint8Array(this.memory.buffer, this.buffer, this.filled - 1);
      yield last;
      yield text;
      this.filled = 0;
      return;
    }
    new Uint8Array(this.memory.buffer, this.buffer + this.filled - 1, text.length).set(text);
    this.filled += text.length - 1;
  }

  /** What is left in the buffer. */
  *flush(): Generator<Uint8Array> {
    if (this.filled > 0) yield new Uint8Array(this.memory.buffer, this.buffer, this.filled);
    this.filled = 0;
  }

  private format(words: number, rows: number): void {
    const { kernel, prefix, prefixBytes, wide, buffer, filled } = this;
    kernel.formatRows({ words, rows, prefix, prefixBytes, wide, to: buffer + filled });
    this.filled += rows * (prefixBytes + this.rowTail);
  }
}
