import { setTimeout as sleep } from "node:timers/promises";
import { CoregramError, type Listener } from "../../terms/index.ts";
import { startTimeOf } from "./start-time.ts";

const TICK_MILLIS = 250;

/**
 * Waits while a process goes on.
 * @throws CoregramError `changed` where it ends meanwhile
 */
export async function waitBesides(pid: number, millis: number, listener: Listener): Promise<void> {
  const startTime = startTimeOf(pid);
  const start = performance.now();
  for (let waited = 0; waited < millis; waited = performance.now() - start) {
    const target = `--pid ${pid}`;
    listener({ kind: "progress", target, stage: "waiting", done: waited, all: millis, bytes: null });
    await sleep(Math.min(TICK_MILLIS, millis - waited));
    if (startTime === null || startTimeOf(pid) !== startTime)
      throw new CoregramError("changed", `pid ${pid} ended after ${Math.floor(waited / 1000)} s of the wait`);
  }
}
