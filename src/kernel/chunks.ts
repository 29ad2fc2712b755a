import { readAt, type SharedBytes, sharedBytes } from "../bytes/index.ts";
import type { Extent, WordShape } from "../terms/index.ts";
import type { Kernel } from "./interface.ts";

/** Read at once: large enough that the system call is free, small enough to stay in the L2 cache until counted. */
export const CHUNK_BYTES = 262_144;

/** Where the words come from; plain data, so that it can be posted to a worker. */
export interface Chunk {
  readonly offset: number;
  readonly bytes: number;
}

/** Parts of a file, cut into chunks of whole words that threads take in turn; plain data for worker threads. */
export class Chunks {
  /** Where the file's bytes are read. */
  readonly from: SharedBytes;
  readonly shape: WordShape;
  /** Bytes of the file in a chunk; a chunk never spans two extents. */
  readonly chunkBytes: number;
  readonly extents: readonly Extent[];
  /** firsts[i] is the number of chunks in the extents before extent i; one more entry holds all. */
  private readonly firsts: Float64Array;

  /** The extents' words, each extent's last one padded with zero bytes. */
  constructor(from: SharedBytes, extents: readonly Extent[], shape: WordShape, chunkBytes = CHUNK_BYTES) {
    this.from = sharedBytes(from);
    this.shape = shape;
    this.extents = extents;
    // Words of 4 bytes are widened to 8 where they lie, in the upper half of the same buffer.
    this.chunkBytes = shape.bytes === 8 ? chunkBytes : chunkBytes / 2;
    this.firsts = new Float64Array(extents.length + 1);
    extents.forEach(({ bytes }, i) => {
      this.firsts[i + 1] = (this.firsts[i] ?? 0) + Math.ceil(bytes / this.chunkBytes);
    });
  }

  /** The same chunks after a structured clone has taken the methods away. */
  static revive(data: Chunks): Chunks {
    return new Chunks(
      data.from,
      data.extents,
      data.shape,
      data.shape.bytes === 8 ? data.chunkBytes : data.chunkBytes * 2,
    );
  }

  get count(): number {
    return this.firsts[this.extents.length] ?? 0;
  }

  /** Of the file, padding not included. */
  get bytes(): number {
    return this.extents.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Whole words, the padded ones included. */
  get words(): number {
    return this.extents.reduce((sum, { bytes }) => sum + Math.ceil(bytes / this.shape.bytes), 0);
  }

  /** Chunk `index`, 0 <= index < count. */
  at(index: number): Chunk {
    let low = 0;
    let high = this.extents.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.firsts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const extent = this.extents[low];
    if (!extent) throw new RangeError(`chunk ${index} of ${this.count}`);
    const into = (index - (this.firsts[low] ?? 0)) * this.chunkBytes;
    return { offset: extent.offset + into, bytes: Math.min(this.chunkBytes, extent.bytes - into) };
  }

  /**
   * Reads a chunk to `at` in the kernel's memory (room for the constructor's `chunkBytes`) as 8-byte
   * little-endian words. Returns how many.
   * @throws CoregramError `changed` where the file has become shorter, `io` on a read error
   */
  read(chunk: Chunk, kernel: Kernel, memory: WebAssembly.Memory, at: number): number {
    const { bytes: wordBytes, endian } = this.shape;
    const start = wordBytes === 8 ? at : at + this.chunkBytes;
    const words = Math.ceil(chunk.bytes / wordBytes);
    const buffer = new Uint8Array(memory.buffer, start, words * wordBytes);
    readAt(this.from, chunk.offset, buffer.subarray(0, chunk.bytes));
    buffer.fill(0, chunk.bytes);
    if (wordBytes === 8) {
      if (endian === "big") kernel.byteSwap8(start, words);
    } else {
      if (endian === "big") kernel.byteSwap4(start, words);
      kernel.widen(start, words, at);
    }
    return words;
  }
}
