import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { CoregramError, formatAddress, printable } from "../terms/index.ts";
import { ioError, subjectOf } from "./errno.ts";
import type { ByteSource } from "./source.ts";

/** What a path leads to, or null for a regular file. */
export function irregularKind(stats: Stats): string | null {
  if (stats.isFile()) return null;
  if (stats.isDirectory()) return "directory";
  if (stats.isBlockDevice()) return "block device";
  if (stats.isCharacterDevice()) return "character device";
  if (stats.isFIFO()) return "pipe";
  return stats.isSocket() ? "socket" : "special file";
}

/** @throws CoregramError `io` where there is nothing by that name, or it may not be looked at */
export function statPath(name: string): Stats {
  try {
    return statSync(name);
  } catch (error) {
    throw ioError(name, error);
  }
}

/**
 * Opens a path for reading, without waiting for a FIFO's writer and without adopting a terminal.
 * @throws CoregramError `io`
 */
export function openForReading(name: string): number {
  try {
    return openSync(name, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    throw ioError(name, error);
  }
}

/**
 * Opens a regular file as it is, compressed or not; anything else is refused before it is opened,
 * for opening a device or a FIFO can already do something.
 * @throws CoregramError `io`
 */
export function openFile(name: string): ByteSource {
  refuseIrregular(name, statPath(name));
  const fd = openForReading(name);
  try {
    // Once more on the descriptor: the path may lead elsewhere by now.
    const stats = fstatSync(fd);
    refuseIrregular(name, stats);
    return fileSource(name, fd, stats.size);
  } catch (error) {
    closeSync(fd);
    throw ioError(name, error);
  }
}

/** @throws CoregramError `io`: `core.1 is a directory` */
export function refuseIrregular(name: string, stats: Stats): void {
  const kind = irregularKind(stats);
  if (kind !== null) throw new CoregramError("io", `${printable(name)} is a ${kind}`);
}

/**
 * A source over an open descriptor that can be read by position.
 * @param size bytes, as they were when it was opened; what a file grows by later is not read
 * @param owned whether `close` closes the descriptor
 */
export function fileSource(name: string, fd: number, size: number, owned = true): ByteSource {
  let open = owned;
  return {
    name,
    size,
    fd,
    read(position, into) {
      const wanted = Math.max(0, Math.min(into.length, size - position));
      let done = 0;
      while (done < wanted) {
        const got = readAt(name, fd, into, done, wanted - done, position + done);
        if (got === 0) throw shrunk(name, position + done, size);
        done += got;
      }
      return done;
    },
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}

/**
 * The error for a file that ended before the size it was opened with; workers that read `fd` throw it too.
 * @param end the offset at which a read found nothing
 */
export function shrunk(name: string, end: number, size: number): CoregramError {
  return new CoregramError(
    "changed",
    `${subjectOf(name)} became shorter while it was read: no more bytes at ${formatAddress(BigInt(end))} of ${size} bytes`,
  );
}

function readAt(
  name: string,
  fd: number,
  into: Uint8Array,
  at: number,
  bytes: number,
  position: number,
): number {
  try {
    return readSync(fd, into, at, bytes, position);
  } catch (error) {
    throw ioError(`${subjectOf(name)} at ${formatAddress(BigInt(position))}`, error);
  }
}
