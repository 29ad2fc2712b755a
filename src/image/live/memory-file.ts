import { closeSync, openSync, read, readSync } from "node:fs";
import { promisify } from "node:util";
import { errnoCode } from "../../bytes/index.ts";
import { accessError, endedError } from "./no-access.ts";
import { procFolder } from "./proc-file.ts";

const readAsync = promisify(read);

/** A living process's memory, by /proc/PID/mem: reads of another program's memory take 0.25 s a GiB. */
export class MemoryFile {
  readonly #pid: number;
  /** Of /proc/PID/mem, whose positions are addresses. */
  readonly descriptor: number;
  readonly pagemap: number;

  /** @throws CoregramError `io` where it may not be read */
  constructor(pid: number) {
    this.#pid = pid;
    try {
      this.descriptor = openSync(`${procFolder(pid)}/mem`, "r");
    } catch (error) {
      throw accessError(pid, error);
    }
    try {
      this.pagemap = openSync(`${procFolder(pid)}/pagemap`, "r");
    } catch (error) {
      closeSync(this.descriptor);
      throw accessError(pid, error);
    }
  }

  /**
   * Fills `into` from the address on. Returns the bytes read: up to the first page that cannot be read; 0 where that is
   * the first.
   * @throws CoregramError `changed` where the process ended or became another program
   */
  read(at: number, into: Uint8Array): number {
    let done = 0;
    while (done < into.length) {
      const got = this.#readSome(at + done, into.subarray(done));
      if (got === null) break;
      done += got;
    }
    return done;
  }

  /** The same, by a thread of Node's. */
  async readByThread(at: number, into: Uint8Array): Promise<number> {
    let done = 0;
    while (done < into.length) {
      const got = await this.#readSomeByThread(at + done, into.subarray(done));
      if (got === null) break;
      done += got;
    }
    return done;
  }

  close(): void {
    closeSync(this.descriptor);
    closeSync(this.pagemap);
  }

  #readSome(at: number, into: Uint8Array): number | null {
    try {
      return this.#some(readSync(this.descriptor, into, 0, into.length, at));
    } catch (error) {
      return this.#none(error);
    }
  }

  async #readSomeByThread(at: number, into: Uint8Array): Promise<number | null> {
    try {
      return this.#some((await readAsync(this.descriptor, into, 0, into.length, at)).bytesRead);
    } catch (error) {
      return this.#none(error);
    }
  }

  #some(got: number): number {
    // Where nobody has the memory any more, mem_rw reads nothing.
    if (got === 0) throw endedError(this.#pid);
    return got;
  }

  #none(error: unknown): null {
    // EIO is a page that is not there, or not memory (Linux fs/proc/base.c, mem_rw); EFAULT the same in older ones.
    if (errnoCode(error) === "EIO" || errnoCode(error) === "EFAULT") return null;
    throw accessError(this.#pid, error);
  }
}
