import { CoregramError, printable } from "../terms/index.ts";
import { subjectOf } from "./errno.ts";

/** A compressed stream as a decompressor takes it: piece by piece, at a known offset, never past its end. */
export class CompressedInput {
  readonly #name: string;
  readonly #subject: string;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);
  #offset = 0;
  #isCut = false;

  /** @param format its name in messages: `gzip` */
  constructor(name: string, format: string, chunks: AsyncIterable<Uint8Array>) {
    this.#name = name;
    this.#subject = `${subjectOf(name)}: ${format} data`;
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Compressed bytes consumed so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether it was found to break off at the end of the input: what was decompressed until then is right. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The next bytes, at least one, not yet consumed; null at the end. */
  async peek(): Promise<Uint8Array | null> {
    while (this.#piece.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return null;
      this.#piece = next.value;
    }
    return this.#piece;
  }

  /** Steps over bytes that `peek` has shown. */
  consume(bytes: number): void {
    this.#piece = this.#piece.subarray(bytes);
    this.#offset += bytes;
  }

  /** What is packed in it in another format. */
  inner(format: string, chunks: AsyncIterable<Uint8Array>): CompressedInput {
    return new CompressedInput(this.#name, format, chunks);
  }

  /**
   * Exactly so many bytes, consumed. Callers bound the number.
   * @throws CoregramError `format` where the stream ends before
   */
  async take(bytes: number): Promise<Uint8Array> {
    const first = await this.peek();
    if (first !== null && first.length >= bytes) {
      const whole = first.subarray(0, bytes);
      this.consume(bytes);
      return whole;
    }
    const whole = new Uint8Array(bytes);
    for (let at = 0; at < bytes; ) {
      const piece = await this.peek();
      if (piece === null) throw this.endsEarly();
      const part = piece.subarray(0, bytes - at);
      whole.set(part, at);
      at += part.length;
      this.consume(part.length);
    }
    return whole;
  }

  /** Steps over bytes that nobody wants. @throws CoregramError `format` where the stream ends before */
  async skip(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) {
      const piece = await this.peek();
      if (piece === null) throw this.endsEarly();
      const part = Math.min(left, piece.length);
      this.consume(part);
      left -= part;
    }
  }

  /** The error for a stream that breaks off at the end of the input. */
  endsEarly(): CoregramError {
    this.#isCut = true;
    return new CoregramError("format", `${this.#subject} ends early at byte ${this.#offset}`);
  }

  /** The error for a stream that contradicts itself. @param offset in compressed bytes */
  corrupt(why: string, offset = this.#offset): CoregramError {
    return new CoregramError("format", `${this.#subject} is corrupt at byte ${offset}: ${printable(why)}`);
  }

  /** The same where the decoder only knows up to which offset all was well. */
  corruptAfter(offset: number, why: string): CoregramError {
    return new CoregramError("format", `${this.#subject} is corrupt after byte ${offset}: ${printable(why)}`);
  }

  /** The error for a stream that may be whole, but asks for more than we give. */
  refused(code: "format" | "limit", why: string): CoregramError {
    return new CoregramError(code, `${this.#subject} ${why}; decompress it with its own tool first`);
  }
}

/** What the file of a compressed format exports. */
export interface Decompressor {
  /**
   * The decompressed bytes; each piece is good until the next one is asked for.
   * @throws CoregramError `format` where the stream is corrupt or ends early, `limit` where it wants too much memory
   */
  decompress(input: CompressedInput): AsyncIterable<Uint8Array>;
  /**
   * How many decompressed bytes the file holds at least by its own word, where it says so.
   * @param head its first bytes @param tail its last bytes @param size all its bytes
   */
  statedBytes?(head: Uint8Array, tail: Uint8Array, size: number): number;
}
