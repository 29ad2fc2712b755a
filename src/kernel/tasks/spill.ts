import { writeSync } from "node:fs";
import { readAt } from "../../bytes/index.ts";
import { CoregramError, printable } from "../../terms/index.ts";

/** An unlinked temporary file that all threads append to; plain data, so that it can be posted to a worker. */
export interface Spill {
  readonly fd: number;
  /** The folder it was made in, for messages. */
  readonly folder: string;
  /** One cell, shared: the bytes taken so far. */
  readonly bytes: BigInt64Array;
}

/** Places below are addresses in the kernel's memory; from here on, positions in the spill file plus this. */
export const MEMORY_END = 2 ** 32;

/** Makes `bytes` more of the file the caller's. Returns their place. */
export function takeSpill(spill: Spill, bytes: number): number {
  return MEMORY_END + Number(Atomics.add(spill.bytes, 0, BigInt(bytes)));
}

/**
 * Writes [from, from + bytes) of the kernel's memory to a place in memory or in the spill file.
 * @throws CoregramError `limit` where the disk has no room
 */
export function writePlace(
  memory: WebAssembly.Memory,
  spill: Spill | null,
  place: number,
  from: number,
  bytes: number,
): void {
  const all = new Uint8Array(memory.buffer);
  if (place < MEMORY_END) {
    all.copyWithin(place, from, from + bytes);
    return;
  }
  if (!spill) throw new RangeError(`place ${place} without a spill file`);
  const position = place - MEMORY_END;
  try {
    for (let done = 0; done < bytes; )
      done += writeSync(spill.fd, all, from + done, Math.min(bytes - done, 2 ** 26), position + done);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CoregramError(
      "limit",
      `temporary file of ${position + bytes} bytes does not fit in ${printable(spill.folder)} (${reason}): set TMPDIR to a larger disk, or --memory to more`,
      { cause },
    );
  }
}

/** Reads `bytes` bytes at a place to `to` in the kernel's memory. */
export function readPlace(
  memory: WebAssembly.Memory,
  spill: Spill | null,
  place: number,
  bytes: number,
  to: number,
): void {
  const all = new Uint8Array(memory.buffer);
  if (place < MEMORY_END) {
    all.copyWithin(to, place, place + bytes);
    return;
  }
  if (!spill) throw new RangeError(`place ${place} without a spill file`);
  readAt({ name: "temporary file", fd: spill.fd }, place - MEMORY_END, all.subarray(to, to + bytes));
}
