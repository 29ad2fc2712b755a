import type { Kernel } from "./interface.ts";

/** What a thread works with. */
export interface Thread {
  readonly kernel: Kernel;
  readonly memory: WebAssembly.Memory;
  /** 0 is the main thread. */
  readonly index: number;
}

/** Takes the next item of a job; null when none is left, or when another thread has failed. */
export type Take = () => number | null;
