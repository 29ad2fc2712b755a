import type { Address } from "../terms/index.ts";
import type { Core } from "./core.ts";
import { executablePath } from "./modules/modules.ts";

/** The process that the core is of. Null for what it does not say; all text is untrusted. */
export interface Process {
  readonly pid: number | null;
  readonly ppid: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
  /** `R`, `S`, `T`, … */
  readonly state: string | null;
  /** The command's short name. */
  readonly name: string | null;
  /** At most 79 bytes: that is all the kernel keeps. */
  readonly commandLine: string | null;
  /** The path that it was started by. */
  readonly executable: string | null;
  /** The signal that ended it, or that the debugger stopped it with; null for none. */
  readonly signal: number | null;
  readonly faultAddress: Address | null;
}

/** Puts together what the notes and the stack say of the process. */
export function readProcess(core: Core): Process {
  const { process, threads, signal } = core.notes;
  const number = signal?.signal || threads[0]?.signal || null;
  return {
    pid: process?.pid ?? threads[0]?.pid ?? null,
    ppid: process?.ppid ?? null,
    uid: process?.uid ?? null,
    gid: process?.gid ?? null,
    state: process?.state ?? null,
    name: process?.name || null,
    commandLine: process?.arguments || null,
    executable: executablePath(core) || null,
    signal: number,
    faultAddress: signal?.faultAddress ?? null,
  };
}

const RANDOM_BYTES = 16;

/** The bytes of AT_RANDOM, which the kernel made up when the program started; null where they are not saved. */
export function randomOf({ notes, image }: Core): Uint8Array | null {
  const at = notes.auxiliary?.random ?? null;
  const bytes = new Uint8Array(RANDOM_BYTES);
  return at === null || image.read(at, bytes) < RANDOM_BYTES ? null : bytes;
}
