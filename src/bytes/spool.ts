import { closeSync, write as writeCallback } from "node:fs";
import { promisify } from "node:util";
import { CoregramError, printable } from "../terms/index.ts";
import { errnoCode, explainErrno } from "./errno.ts";
import { fileSource } from "./file.ts";
import type { SharedSource } from "./source.ts";
import { type FreeBytes, freeBytes, openTemporaryFile, requireRoom } from "./temporary-file.ts";

const write = promisify(writeCallback);

const BUFFER_BYTES = 1024 * 1024;

/** What stops a write because there is no more room, in words. */
const NO_ROOM: Readonly<Record<string, string>> = {
  ENOSPC: "is full",
  EDQUOT: "is full for this user (disk quota)",
  EFBIG: "takes no larger file (see ulimit -f)",
};

/**
 * Bytes that come one after the other: up to BUFFER_BYTES stay in memory, more go to a temporary file that already has
 * no name: whatever ends the process, nothing of it is left behind.
 */
export class Spool {
  readonly folder: string;
  readonly #buffer = new SharedArrayBuffer(BUFFER_BYTES);
  readonly #bytes = new Uint8Array(this.#buffer);
  #fd: number | null = null;
  #buffered = 0;
  #written = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * @param leastBytes how many bytes will be written at least, as far as that is known
   * @throws CoregramError `limit` where they cannot fit, `io` where the folder does not say
   */
  static async create(folder: string, leastBytes: number, free: FreeBytes = freeBytes): Promise<Spool> {
    if (leastBytes > BUFFER_BYTES) await requireRoom(folder, leastBytes, free);
    return new Spool(folder);
  }

  /** Whether a temporary file was needed. */
  get isFile(): boolean {
    return this.#fd !== null;
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
      if (this.#buffered === BUFFER_BYTES) await this.#flush();
      const part = bytes.subarray(at, at + BUFFER_BYTES - this.#buffered);
      this.#bytes.set(part, this.#buffered);
      this.#buffered += part.length;
      at += part.length;
    }
  }

  /** Ends the writing. The source owns the file from here on, or the memory. */
  async finish(name: string): Promise<SharedSource> {
    if (this.#fd === null) return heldSource(name, this.#buffer, this.#buffered);
    await this.#flush();
    return fileSource(name, this.#fd, this.#written);
  }

  /** Gives the file up. */
  discard(): void {
    if (this.#fd !== null) closeSync(this.#fd);
  }

  async #flush(): Promise<void> {
    const bytes = this.#bytes.subarray(0, this.#buffered);
    this.#buffered = 0;
    await this.#write(bytes);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#fd ??= await openTemporaryFile(this.folder);
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

/** The first `size` bytes of shared memory as a source. */
export function heldSource(name: string, held: SharedArrayBuffer, size: number): SharedSource {
  return {
    name,
    size,
    held,
    read(position, into) {
      const bytes = Math.max(0, Math.min(into.length, size - position));
      into.set(new Uint8Array(held, position < size ? position : 0, bytes));
      return bytes;
    },
    close() {},
  };
}
