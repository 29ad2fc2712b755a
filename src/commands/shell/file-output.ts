import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  type Stats,
  unlinkSync,
  write,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Output } from "./output.ts";
import { describeFailure, hasErrorCode, outputError } from "./output-error.ts";

const writeAsync = promisify(write);

/** As many symbolic links as Linux follows in one path (path_resolution(7)). */
const MOST_LINKS = 40;
/** Links below these are open descriptors, not names: what they show cannot be replaced by a rename. */
const DESCRIPTOR_LINKS = /^\/(proc|dev\/fd)\//;

/**
 * What the path stands for once every symbolic link is followed, whether it exists or not. Null where a
 * link is a descriptor (`/dev/stderr`). Throws `io` where a folder is missing or the links go round.
 */
export function resolveTarget(path: string): string | null {
  try {
    let target = path;
    for (let links = 0; links <= MOST_LINKS; links++) {
      // The folder first: `..` behind a linked folder is not the folder before it in the path.
      target = join(realpathSync(dirname(target)), basename(target));
      if (DESCRIPTOR_LINKS.test(target)) return null;
      const link = readLink(target);
      if (link === null) return target;
      target = resolve(dirname(target), link);
    }
  } catch (error) {
    throw outputError(path, describeFailure(error), error);
  }
  throw outputError(path, `more than ${MOST_LINKS} symbolic links`);
}

function readLink(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return null;
    throw error;
  }
}

/**
 * A new file beside `target` that `finish` renames onto it: readers see the old content or all of the new.
 * It is not synced: the answer can be had again, and a sync takes longer than counting. Throws `io`.
 *
 * @param path as the user gave it, for errors
 * @param target the path with all links followed
 * @param existing what is there now, whose permissions stay; null where nothing is
 * @param mode the permissions of what is new, less the umask
 */
export function openFileOutput(path: string, target: string, existing: Stats | null, mode = 0o666): Output {
  // Not made from the target's name: that may be as long as a name can be. The name need not be secret,
  // for the file is made exclusively, and node:crypto would take 2 ms to load.
  const temporaryPath = join(dirname(target), `.coregram-${Math.random().toString(36).slice(2)}`);
  const fd = openTemporary(path, target, temporaryPath, existing, mode);
  let position = 0;
  let isOpen = true;
  let isTemporary = true;
  let underway = 0;

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    // A thread that still writes must not meet another file of the same number.
    if (underway === 0) closeSync(fd);
  }

  function abandon(): void {
    try {
      close();
    } catch {
      // The file goes anyway.
    }
    if (!isTemporary) return;
    isTemporary = false;
    unlinkIfThere(temporaryPath);
  }

  /** @throws CoregramError `io` */
  function put(bytes: Uint8Array, at: number): void {
    if (!isOpen) throw outputError(path, "it is closed");
    try {
      for (let written = 0; written < bytes.length; )
        written += writeSync(fd, bytes, written, bytes.length - written, at + written);
    } catch (error) {
      throw outputError(path, describeFailure(error), error);
    }
  }

  async function putByThread(bytes: Uint8Array, at: number): Promise<void> {
    if (!isOpen) throw outputError(path, "it is closed");
    underway += 1;
    try {
      for (let written = 0; written < bytes.length; )
        written += (await writeAsync(fd, bytes, written, bytes.length - written, at + written)).bytesWritten;
    } catch (error) {
      throw outputError(path, describeFailure(error), error);
    } finally {
      underway -= 1;
    }
  }

  function read(at: number, into: Uint8Array): void {
    try {
      for (let done = 0; done < into.length; ) {
        const got = readSync(fd, into, done, into.length - done, at + done);
        // Zeros at the end are not there yet.
        if (got === 0) {
          into.fill(0, done);
          return;
        }
        done += got;
      }
    } catch (error) {
      throw outputError(path, describeFailure(error), error);
    }
  }

  return {
    get temporaryPath() {
      return isTemporary ? temporaryPath : null;
    },
    write(chunk) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      put(bytes, position);
      position += bytes.length;
      return undefined;
    },
    skip(bytes) {
      position += bytes;
    },
    places: { write: putByThread, read },
    finish() {
      if (!isTemporary) return;
      try {
        // Zeros at the end are not there yet.
        ftruncateSync(fd, position);
        // A network file system may say only now that there is no space (close(2)).
        close();
        renameSync(temporaryPath, target);
        isTemporary = false;
      } catch (error) {
        abandon();
        throw outputError(path, describeFailure(error), error);
      }
    },
    abandon,
  };
}

function openTemporary(
  path: string,
  target: string,
  temporaryPath: string,
  existing: Stats | null,
  mode: number,
): number {
  try {
    // A rename would also replace a file that its owner has made read-only.
    if (existing) accessSync(target, constants.W_OK);
    const fd = openSync(temporaryPath, "wx+", mode);
    if (existing) fchmodSync(fd, existing.mode & 0o777);
    return fd;
  } catch (error) {
    unlinkIfThere(temporaryPath);
    throw outputError(path, describeFailure(error), error);
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already, or the folder is: there is nobody to tell and nothing left to do.
  }
}
