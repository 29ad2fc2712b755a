import { closeSync, fstatSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { isatty, WriteStream } from "node:tty";
import type { Output } from "./output.ts";
import { describeFailure, hasErrorCode, isBrokenPipe, outputError } from "./output-error.ts";

/**
 * Writes to a descriptor that is open already. Blocking writes are the fastest way into a pipe, a file or
 * /dev/null, and wait for a slow reader by themselves. A pipe or a terminal that another process (or our own
 * stderr, for `2>&1 |`) made non-blocking answers EAGAIN instead: from then on the event loop says when
 * there is room.
 *
 * @param name how errors call it
 * @param ownsDescriptor whether to close it in the end; standard output stays open
 */
export function openDescriptorOutput(fd: number, name: string, ownsDescriptor: boolean): Output {
  let stream: NodeJS.WritableStream | null = null;
  let open = true;

  function fail(error: unknown): unknown {
    return isBrokenPipe(error) ? error : outputError(name, describeFailure(error), error);
  }

  function writeWaiting(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      try {
        stream ??= openStream(fd);
      } catch (error) {
        reject(fail(error));
        return;
      }
      stream.write(bytes, (error) => (error ? reject(fail(error)) : resolve()));
    });
  }

  function close(): void {
    if (!open) return;
    open = false;
    if (ownsDescriptor) closeSync(fd);
  }

  return {
    temporaryPath: null,
    write(chunk) {
      if (!open) throw outputError(name, "it is closed");
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      if (stream) return writeWaiting(bytes);
      try {
        const written = writeUntilFull(fd, bytes);
        return written === bytes.length ? undefined : writeWaiting(bytes.subarray(written));
      } catch (error) {
        throw fail(error);
      }
    },
    finish() {
      try {
        close();
      } catch (error) {
        throw fail(error);
      }
    },
    abandon() {
      try {
        close();
      } catch {
        // What was written is there already; there is nothing to take back.
      }
    },
  };
}

/** Writes until all is written or the descriptor would block; returns the bytes that went out. */
function writeUntilFull(fd: number, bytes: Uint8Array): number {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      if (hasErrorCode(error, "EAGAIN")) break;
      throw error;
    }
  }
  return written;
}

/** A stream over the descriptor, whose event loop handle waits for room. Only called after an EAGAIN. */
function openStream(fd: number): NodeJS.WritableStream {
  const stats = fstatSync(fd);
  const stream =
    stats.isFIFO() || stats.isSocket()
      ? new Socket({ fd, readable: false, writable: true })
      : isatty(fd)
        ? new WriteStream(fd)
        : null;
  if (!stream) throw new Error("it would block and cannot be waited for");
  // Every failure comes to the write's own callback; without a listener it would end the process as well.
  stream.on("error", () => undefined);
  return stream;
}
