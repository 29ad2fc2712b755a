import type { ThreadStack } from "./thread-stacks.ts";

/** The greenlets of a process: stacks that a thread switches between. */
export interface GreenletList {
  /** Those that wait to be switched to, by address. */
  readonly waiting: readonly GreenletStack[];
  /** Those that run, have not begun, or have ended. */
  readonly others: number;
  /** Whether there are more than what is read. */
  readonly isCut: boolean;
}

/** See `ThreadStack`. */
export interface GreenletStack extends Pick<ThreadStack, "frames" | "isWhole" | "isCut"> {
  readonly address: number;
}
