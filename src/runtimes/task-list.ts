import type { StackFrame } from "./thread-stacks.ts";

/** A task that has not ended: a function that an event loop runs bit by bit. */
export interface PendingTask {
  readonly address: number;
  /** What the program calls it; null where it has no name (before 3.8). Untrusted. */
  readonly name: string | null;
  /** `created`: none of it has run; `running`: its thread is in it; `waiting` for something; `ready`: to be run by its loop. */
  readonly state: "created" | "running" | "waiting" | "ready";
  /** The future or task that it waits for; null where it waits for none. */
  readonly waitsFor: { readonly address: number; readonly type: string } | null;
  /** Tasks that wait for it. */
  readonly awaitedBy: readonly number[];
  /** Its coroutine and what that awaits, the outermost first: as far as they are functions. */
  readonly frames: readonly StackFrame[];
}

/** The tasks of a process. */
export interface TaskList {
  readonly pending: readonly PendingTask[];
  /** Those that have ended, and are still there. */
  readonly finished: number;
  readonly cancelled: number;
  /** Whether who waits for whom is told by callbacks and closures, as the tasks themselves do not say (before 3.14). */
  readonly isInferred: boolean;
  /** Whether where a task has its function was not as its version is known to have it, and was told by what most have. */
  readonly isGuessed: boolean;
  /** Whether there are more than what is read. */
  readonly isCut: boolean;
}
