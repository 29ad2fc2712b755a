import { parentPort, workerData } from "node:worker_threads";
import { CoregramError } from "../terms/index.ts";
import { CELL, type JobMessage, takeFrom, type WorkerMessage } from "./crew.ts";
import { instantiate } from "./kernel.ts";
import { tasks } from "./tasks.ts";
import type { Thread } from "./thread.ts";

const { module, memory, index } = workerData as {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  index: number;
};
const thread: Thread = { kernel: instantiate(module, memory), memory, index };

function work({ task, args, items, cells }: JobMessage): unknown {
  const steps = tasks[task](thread, args as never, takeFrom(cells, items)) as Generator<void, unknown>;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

parentPort?.on("message", (job: JobMessage) => {
  // Another thread may have grown the memory, and this one's view of it is renewed only now and then by itself.
  memory.grow(0);
  Atomics.add(job.cells, CELL.joined, 1);
  let message: WorkerMessage;
  try {
    message = { id: job.id, out: work(job) };
  } catch (error) {
    Atomics.store(job.cells, CELL.stop, 1);
    const code = error instanceof CoregramError ? error.code : null;
    message = {
      id: job.id,
      error: { code, message: error instanceof Error ? error.message : String(error) },
    };
  }
  parentPort?.postMessage(message);
});
