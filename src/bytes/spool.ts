import { closeSync, openSync, statfs as statfsCallback, unlinkSync, write as writeCallback } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { CoregramError, formatBytes, printable } from "../terms/index.ts";
import { errnoCode, explainErrno } from "./errno.ts";
import { fileSource } from "./file.ts";
import type { FileSource } from "./source.ts";

const statfs = promisify(statfsCallback);
const write = promisify(writeCallback);

const BUFFER_BYTES = 1024 * 1024;

/** What stops a write because there is no more room, in words. */
const NO_ROOM: Readonly<Record<string, string>> = {
  ENOSPC: "is full",
  EDQUOT: "is full for this user (disk quota)",
  EFBIG: "takes no larger file (see ulimit -f)",
};

/** Bytes that an ordinary user may still write in a folder; null where its file system does not tell. */
export type FreeBytes = (folder: string) => Promise<number | null>;

/** statfs(2). A file system without blocks (ramfs) has no number to give. */
const freeBytes: FreeBytes = async (folder) => {
  const { bavail, blocks, bsize } = await statfs(folder);
  return blocks === 0 ? null : bavail * bsize;
};

/** A temporary file that already has no name: whatever ends the process, nothing of it is left behind. */
export class Spool {
  readonly folder: string;
  readonly #fd: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #buffered = 0;
  #written = 0;

  private constructor(folder: string, fd: number) {
    this.folder = folder;
    this.#fd = fd;
  }

  /**
   * @param leastBytes how many bytes will be written at least, as far as that is known
   * @throws CoregramError `limit` where they cannot fit, `io` where no file can be made
   */
  static async create(folder: string, leastBytes: number, free: FreeBytes = freeBytes): Promise<Spool> {
    try {
      const available = await free(folder);
      if (available !== null && available < leastBytes) {
        throw new CoregramError(
          "limit",
          `temporary files need at least ${formatBytes(leastBytes)}, ${printable(folder)} has ${formatBytes(available)} free; set TMPDIR to a folder with more`,
        );
      }
      // Loaded here: it takes 10 ms, which runs without a spool need not wait for.
      const { randomUUID } = await import("node:crypto");
      const path = join(folder, `coregram-${randomUUID()}`);
      // `wx` follows no link that somebody laid there. Both calls are synchronous: no handler runs between them.
      const fd = openSync(path, "wx+", 0o600);
      unlinkSync(path);
      return new Spool(folder, fd);
    } catch (error) {
      if (error instanceof CoregramError) throw error;
      throw new CoregramError(
        "io",
        `no temporary file in ${printable(folder)}: ${explainErrno(error)}; TMPDIR names another folder`,
        { cause: error },
      );
    }
  }

  /** Bytes appended so far. */
  get size(): number {
    return this.#written + this.#buffered;
  }

  /**
   * Appends the bytes; they may be overwritten once the promise has resolved.
   * @throws CoregramError `limit` where there is no more room, `io`
   */
  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length >= BUFFER_BYTES) {
      await this.#flush();
      await this.#write(bytes);
      return;
    }
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + BUFFER_BYTES - this.#buffered);
      this.#buffer.set(part, this.#buffered);
      this.#buffered += part.length;
      at += part.length;
      if (this.#buffered === BUFFER_BYTES) await this.#flush();
    }
  }

  /** Ends the writing. The source owns the file from here on. */
  async finish(name: string): Promise<FileSource> {
    await this.#flush();
    return fileSource(name, this.#fd, this.#written);
  }

  /** Gives the file up. */
  discard(): void {
    closeSync(this.#fd);
  }

  async #flush(): Promise<void> {
    const bytes = this.#buffer.subarray(0, this.#buffered);
    this.#buffered = 0;
    await this.#write(bytes);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await write(this.#fd, bytes, at, bytes.length - at, this.#written).catch(
        (error: unknown) => {
          throw this.#stopped(error);
        },
      );
      at += bytesWritten;
      this.#written += bytesWritten;
    }
  }

  #stopped(error: unknown): CoregramError {
    const noRoom = NO_ROOM[errnoCode(error) ?? ""];
    const advice = "set TMPDIR to another folder";
    return new CoregramError(
      noRoom === undefined ? "io" : "limit",
      `${printable(this.folder)} ${noRoom ?? `failed (${explainErrno(error)})`} after ${this.#written} bytes of a temporary file; ${advice}`,
      { cause: error },
    );
  }
}
