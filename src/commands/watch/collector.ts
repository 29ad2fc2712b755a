import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What three samples without owners leave. */
const MOST_BYTES = 2 ** 24;

/**
 * Collects what samples leave, which takes some 30 ms. Left alone V8 lets 64 MB of buffers gather before it looks, and malloc
 * gives back only the end of what it has had for them (mallopt(3), M_TRIM_THRESHOLD): a program that makes as many again and
 * again grows for an hour.
 */
export class Collector {
  #kept = 0;

  /** Collects where there is enough of it. */
  collectSome(): void {
    if (process.memoryUsage().external - this.#kept >= MOST_BYTES) this.collect();
  }

  collect(): void {
    setFlagsFromString("--expose-gc");
    const collectNow: unknown = runInNewContext("globalThis.gc");
    if (typeof collectNow === "function") collectNow();
    this.#kept = process.memoryUsage().external;
  }
}
