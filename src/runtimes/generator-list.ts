import type { StackFrame } from "./thread-stacks.ts";

/** Functions that were begun, or are to begin, and have not ended: those of one kind, in one state, at one place. */
export interface GeneratorGroup {
  readonly kind: "coroutine" | "generator" | "async_generator";
  /** `created`: none of it has run. */
  readonly state: "created" | "suspended" | "running";
  readonly place: StackFrame;
  /** The type of what they await, or yield from; null where they do neither. Untrusted. */
  readonly awaits: string | null;
  readonly count: number;
}

/** The generators, coroutines and async generators of a process. */
export interface GeneratorList {
  /** The most first, then by place. */
  readonly groups: readonly GeneratorGroup[];
  /** Those that have ended, and are still there. */
  readonly finished: number;
  /** Whether there are more than what is read. */
  readonly isCut: boolean;
}
