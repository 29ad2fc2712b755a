import { readSync } from "node:fs";
import { CoregramError, formatAddress, printable } from "../terms/index.ts";
import { subjectOf } from "./errno.ts";
import type { NamedDescriptor, ScatteredBytes, SharedBytes } from "./source.ts";

/**
 * Fills `into` from a position of what is known to have that many bytes there.
 * @throws CoregramError `changed` where the file has become shorter, `io` on a read error
 */
export function readAt(file: SharedBytes, position: number, into: Uint8Array): void {
  if ("held" in file) {
    into.set(new Uint8Array(file.held, position, into.length));
    return;
  }
  if ("scattered" in file) readScattered(file, position, into);
  else readRun(file, position, into);
}

function readScattered(file: ScatteredBytes, position: number, into: Uint8Array): void {
  const { name, scattered: fd, runs, head, tail, tailAt } = file;
  into.fill(0);
  copyPart(head, 0, position, into);
  copyPart(tail, tailAt, position, into);
  const end = position + into.length;
  for (let run = 3 * runsBefore(runs, position); run < runs.length; run += 3) {
    const [start = 0, stop = 0, place = 0] = runs.subarray(run, run + 3);
    if (start >= end) return;
    const from = Math.max(start, position);
    const to = Math.min(stop, end);
    readRun({ name, fd }, place + from - start, into.subarray(from - position, to - position));
  }
}

/** What of a part that begins at `at` is in [position, position + into.length). */
function copyPart(part: SharedArrayBuffer, at: number, position: number, into: Uint8Array): void {
  const from = Math.max(at, position);
  const to = Math.min(at + part.byteLength, position + into.length);
  if (from < to) into.set(new Uint8Array(part, from - at, to - from), from - position);
}

/** How many runs end at or before a position. */
function runsBefore(runs: Float64Array, position: number): number {
  let low = 0;
  let high = runs.length / 3;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[3 * middle + 1] ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readRun(file: NamedDescriptor, position: number, into: Uint8Array): void {
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
