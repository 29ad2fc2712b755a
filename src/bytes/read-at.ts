import { readSync } from "node:fs";
import { CoregramError, formatAddress, printable } from "../terms/index.ts";
import { subjectOf } from "./errno.ts";
import type { NamedDescriptor, SharedBytes } from "./source.ts";

/**
 * Fills `into` from a position of what is known to have that many bytes there.
 * @throws CoregramError `changed` where the file has become shorter, `io` on a read error
 */
export function readAt(file: SharedBytes, position: number, into: Uint8Array): void {
  if ("held" in file) {
    into.set(new Uint8Array(file.held, position, into.length));
    return;
  }
  for (let done = 0; done < into.length; ) {
    const got = readSome(file, position + done, into, done);
    if (got === 0) throw shrunk(file.name, position + done);
    done += got;
  }
}

/** The error for a file that ended before the size it was opened with, at the offset where a read found nothing. */
export function shrunk(name: string, end: number): CoregramError {
  const place = formatAddress(BigInt(end));
  return new CoregramError(
    "changed",
    `${subjectOf(name)}: became shorter while it was read: nothing at ${place}`,
  );
}

function readSome({ name, fd }: NamedDescriptor, position: number, into: Uint8Array, at: number): number {
  try {
    return readSync(fd, into, at, into.length - at, position);
  } catch (cause) {
    const reason = printable(cause instanceof Error ? cause.message : String(cause));
    const place = formatAddress(BigInt(position));
    throw new CoregramError("io", `${subjectOf(name)}: cannot be read at ${place}: ${reason}`, { cause });
  }
}
