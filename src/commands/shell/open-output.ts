import { constants, fstatSync, open, type Stats, statSync } from "node:fs";
import { promisify } from "node:util";
import { openDescriptorOutput } from "./descriptor-output.ts";
import { openFileOutput, resolveTarget } from "./file-output.ts";
import type { Output } from "./output.ts";
import { describeFailure, hasErrorCode, outputError } from "./output-error.ts";

/** Where the answer goes. */
export interface OutputTarget {
  /** `--output`; null is standard output. */
  readonly path: string | null;
  /** The descriptor of standard output: 1. */
  readonly stdoutFd: number;
  /** Whether a new file is for its user alone. */
  readonly isSecret?: boolean | undefined;
}

/**
 * Opens the target, before the long work starts. A regular file, or none, is written under a temporary name
 * beside it and renamed by `finish`; a symbolic link's target is what is replaced. Anything else (a FIFO, a
 * device, `/dev/stdout`) is written to directly. Throws `io` where it cannot be written.
 */
export async function openOutput(target: OutputTarget): Promise<Output> {
  const { path, stdoutFd, isSecret } = target;
  if (path === null) return openDescriptorOutput(stdoutFd, "standard output", false);
  const existing = statTarget(path);
  if (existing?.isDirectory() || /(^|\/)$/.test(path)) {
    throw outputError(path, existing ? "it is a directory" : "it names no file");
  }
  // `/dev/stdout`, or the file that the shell has open already: a rename would cut the shell's content off.
  if (existing && isOpenAs(stdoutFd, existing)) {
    return openDescriptorOutput(stdoutFd, "standard output", false);
  }
  const resolved = resolveTarget(path);
  if (resolved === null || (existing && !existing.isFile())) return openDirectly(path);
  return openFileOutput(path, resolved, existing, isSecret ? 0o600 : 0o666);
}

function statTarget(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return null;
    throw outputError(path, describeFailure(error), error);
  }
}

function isOpenAs(fd: number, stats: Stats): boolean {
  try {
    const descriptor = fstatSync(fd);
    // Every program's /dev/null is one device, and opening it once more is as good.
    return descriptor.dev === stats.dev && descriptor.ino === stats.ino && !stats.isCharacterDevice();
  } catch {
    return false;
  }
}

/** Opened off the main thread: a FIFO's open waits until somebody reads. */
async function openDirectly(path: string): Promise<Output> {
  try {
    // What /proc leads to may be a log that others append to; O_APPEND changes nothing elsewhere.
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NOCTTY;
    return openDescriptorOutput(await promisify(open)(path, flags, 0), path, true);
  } catch (error) {
    throw outputError(path, describeFailure(error), error);
  }
}
