import { setImmediate as nextTurn } from "node:timers/promises";

/** An open place for text. After `finish` or `abandon` it is closed and takes nothing more. */
export interface Output {
  /**
   * A file that a signal handler must unlink (`abandon` does it) before it lets the process end; null where
   * there is none. Then no handler is needed, and without one a signal ends even a blocked write at once.
   */
  readonly temporaryPath: string | null;
  /**
   * All of the chunk, strings as UTF-8. A promise only where the reader must be waited for: await it before
   * the next write. Fails with `io`, or with what `isBrokenPipe` recognises where the reader went away.
   */
  write(chunk: Uint8Array | string): Promise<void> | undefined;
  /** So many bytes that are zeros, or were put there already, without writing them; undefined where the output is no file of ours. */
  skip?(bytes: number): void;
  /** Undefined where the output is no file of ours. */
  readonly places?: Places;
  /** Makes what was written the file's content. Fails with `io`. */
  finish(): void;
  /** Leaves the target as it was, as far as that can be. Never throws; allowed in a signal handler. */
  abandon(): void;
}

/** A file of ours that is written to, and read, at any place: before `write` and `skip` say what it is from its start on. */
export interface Places {
  /** All of the bytes, from a place on, by a thread: a slow disk keeps nobody else waiting. Fails with `io`. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Fills `into` from a place on; what was not written is zeros. Fails with `io`. */
  read(at: number, into: Uint8Array): void;
}

/** Chunks (of 64 KiB) between two turns of the event loop, in which signals and timers get their say. */
const CHUNKS_A_TURN = 16;

/** Bytes, text as UTF-8, or so many bytes that are zeros, or were put there already. */
export type Chunk = Uint8Array | string | number;

/** Chunks in their order; those of an answer are there at once, others come. */
export type Chunks = Iterable<Chunk> | AsyncIterable<Chunk>;

/**
 * Writes the chunks as they come, waiting for a slow reader. Neither finishes nor abandons the output. Returns whether there
 * was anything in them.
 */
export async function writeChunks(output: Output, chunks: Chunks): Promise<boolean> {
  let written = 0;
  let isEmpty = true;
  for await (const chunk of chunks) {
    const waiting = typeof chunk === "number" ? writeZeros(output, chunk) : output.write(chunk);
    if (waiting) await waiting;
    isEmpty &&= typeof chunk === "number" ? chunk === 0 : chunk.length === 0;
    if (++written % CHUNKS_A_TURN === 0) await nextTurn();
  }
  return !isEmpty;
}

const ZEROS = new Uint8Array(65_536);

async function writeZeros(output: Output, bytes: number): Promise<void> {
  if (output.skip) output.skip(bytes);
  else
    for (let left = bytes; left > 0; left -= ZEROS.length)
      await output.write(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
}
