import { closeSync, fstatSync, read as readCallback } from "node:fs";
import { Socket } from "node:net";
import { isatty, ReadStream as TerminalStream } from "node:tty";
import { promisify } from "node:util";
import { ioError } from "./errno.ts";

const read = promisify(readCallback);

/** Enough for full speed from the page cache, and small against every memory budget. */
const CHUNK_BYTES = 256 * 1024;

/** Bytes that come in order, each chunk a fresh one. Iterating throws CoregramError `io`. */
export interface Feed {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Gives the descriptor up where it is the feed's to close. Once is enough, twice does no harm. */
  close(): void;
}

/**
 * A regular file (or a device that never makes one wait) from an offset on.
 * @param start null for the descriptor's own offset, which then moves
 * @param owned whether `close` closes the descriptor
 */
export function feedFile(name: string, fd: number, start: number | null, owned: boolean): Feed {
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = start; ; ) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const { bytesRead } = await read(fd, chunk, 0, chunk.length, at).catch((error: unknown) => {
        throw ioError(name, error);
      });
      if (bytesRead === 0) return;
      if (at !== null) at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  }
  let open = owned;
  return {
    chunks: chunks(),
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}

/**
 * Whatever can make one wait: a pipe, a FIFO, a socket, a terminal. `close` closes the descriptor.
 *
 * It is polled, never read by the thread pool: node joins the pool's threads when it exits, so one of them
 * waiting in read(2) for a silent writer would keep `process.exit` in a signal handler waiting as well.
 */
export function feedStream(name: string, fd: number): Feed {
  const terminal = isatty(fd);
  // /dev/null and its like cannot be polled, and need not be.
  if (!terminal && fstatSync(fd).isCharacterDevice()) return feedFile(name, fd, null, false);
  const stream = terminal ? new TerminalStream(fd) : new Socket({ fd, readable: true, writable: false });
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const chunk of stream) yield chunk as Uint8Array;
    } catch (error) {
      throw ioError(name, error);
    }
  }
  return {
    chunks: chunks(),
    close() {
      stream.destroy();
    },
  };
}
