import { availableParallelism, tmpdir, totalmem } from "node:os";

/** Where the files of the program and its libraries are, which cores leave out: for names, and for read-only data. */
export interface ModuleOptions {
  /** Whether they are looked for at all; true by default. */
  readonly modules?: boolean | undefined;
  /** The folder below which the paths in the core are looked for, `/` by default. */
  readonly sysroot?: string | undefined;
}

export interface ThreadOptions {
  /** Threads to work with, this one included: one a processor by default, 8 at most. More than 64 are 64. */
  readonly threads?: number | undefined;
}

/** What an answer may take. */
export interface ResourceOptions extends ThreadOptions {
  /**
   * Bytes of memory, after which temporary files are used, 32 MiB at the least. A quarter of the machine's by default:
   * in a container that may have less, say so.
   */
  readonly memory?: number | undefined;
  /** Where temporary files go, under no name. The system's own by default: TMPDIR, or /tmp. */
  readonly temporaryFolder?: string | undefined;
}

/** More than 8 threads wait for the memory, not for a processor. */
const MOST_THREADS = 8;

/** A kernel memory ends at 4 GiB, and each thread needs some of it. */
const THREAD_LIMIT = 64;

export function threadsOf({ threads }: ThreadOptions): number {
  return Math.min(threads ?? Math.min(availableParallelism(), MOST_THREADS), THREAD_LIMIT);
}

export function memoryOf({ memory }: ResourceOptions): number {
  return memory ?? Math.floor(totalmem() / 4);
}

export function temporaryFolderOf({ temporaryFolder }: ResourceOptions): string {
  return temporaryFolder ?? tmpdir();
}

/** The folder that modules are looked for under; null for nowhere. */
export function rootOf({ modules, sysroot }: ModuleOptions): string | null {
  return modules === false ? null : (sysroot ?? "/");
}

/** Rows of a result unless more are asked for. */
export const DEFAULT_LIMIT = 10;
