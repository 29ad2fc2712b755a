import { closeSync, constants, fstatSync, openSync, type Stats, statSync } from "node:fs";
import { CoregramError, printable } from "../terms/index.ts";
import { ioError } from "./errno.ts";
import { readAt } from "./read-at.ts";
import type { FileSource } from "./source.ts";

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
export function openFile(name: string): FileSource {
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
export function fileSource(name: string, fd: number, size: number, owned = true): FileSource {
  let open = owned;
  return {
    name,
    size,
    fd,
    read(position, into) {
      const wanted = Math.max(0, Math.min(into.length, size - position));
      readAt({ name, fd }, position, into.subarray(0, wanted));
      return wanted;
    },
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}
