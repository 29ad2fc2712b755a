import { openSync, statfs as statfsCallback, unlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { CoregramError, formatBytes, printable } from "../terms/index.ts";
import { explainErrno } from "./errno.ts";

const statfs = promisify(statfsCallback);

/** Bytes that an ordinary user may still write in a folder; null where its file system does not tell. */
export type FreeBytes = (folder: string) => Promise<number | null>;

/** statfs(2). A file system without blocks (ramfs) has no number to give. */
export const freeBytes: FreeBytes = async (folder) => {
  const { bavail, blocks, bsize } = await statfs(folder);
  return blocks === 0 ? null : bavail * bsize;
};

/** @throws CoregramError `limit` where that many bytes cannot fit, `io` where the folder does not say */
export async function requireRoom(folder: string, bytes: number, free: FreeBytes): Promise<void> {
  const available = await free(folder).catch((error: unknown) => {
    throw noFile(folder, error);
  });
  if (available === null || available >= bytes) return;
  throw new CoregramError(
    "limit",
    `temporary files need at least ${formatBytes(bytes)}, ${printable(folder)} has ${formatBytes(available)} free; set TMPDIR to a folder with more`,
  );
}

/**
 * The descriptor of a new file that already has no name: whatever ends the process, nothing of it is left behind.
 * @throws CoregramError `io` where none can be made
 */
export async function openTemporaryFile(folder: string): Promise<number> {
  try {
    // Loaded here: it takes 10 ms, which runs without a file need not wait for.
    const { randomUUID } = await import("node:crypto");
    const path = join(folder, `coregram-${randomUUID()}`);
    // `wx` follows no link that somebody laid there. Both calls are synchronous: no handler runs between them.
    const fd = openSync(path, "wx+", 0o600);
    unlinkSync(path);
    return fd;
  } catch (error) {
    throw noFile(folder, error);
  }
}

function noFile(folder: string, error: unknown): CoregramError {
  return new CoregramError(
    "io",
    `no temporary file in ${printable(folder)}: ${explainErrno(error)}; TMPDIR names another folder`,
    { cause: error },
  );
}
