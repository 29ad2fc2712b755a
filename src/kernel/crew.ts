import { Worker } from "node:worker_threads";
import { CoregramError, type ErrorCode } from "../terms/index.ts";
import { workerUrl } from "./artifacts.ts";
import type { Kernel } from "./interface.ts";
import { compileKernel, instantiate } from "./kernel.ts";
import { KernelMemory } from "./kernel-memory.ts";
import { type TaskArgs, type TaskName, type TaskOut, tasks } from "./tasks.ts";
import type { Take, Thread } from "./thread.ts";

/** Called now and then with the items taken so far and all there are. */
export type Progress = (done: number, all: number) => void;

/** The cells of a job's shared state. */
export const CELL = { next: 0, joined: 1, finished: 2, stop: 3 } as const;
const CELLS = 4;

/** @internal */
export interface JobMessage {
  readonly id: number;
  readonly task: TaskName;
  readonly args: unknown;
  readonly items: number;
  readonly cells: Int32Array;
}

/** @internal */
export type WorkerMessage =
  | { readonly id: number; readonly out: unknown }
  | { readonly id: number; readonly error: { code: ErrorCode | null; message: string } };

/** @internal The items of a job, taken by whichever thread is free. */
export function takeFrom(cells: Int32Array, items: number): Take {
  return () => {
    if (Atomics.load(cells, CELL.stop) !== 0) return null;
    const item = Atomics.add(cells, CELL.next, 1);
    return item < items ? item : null;
  };
}

/** Items after which the main thread lets timers, signals and the progress line have their turn: about 5 ms of chunks. */
const SLICE = 16;

/**
 * The main thread and its workers on one kernel memory. A job is a number of items; every thread takes the next
 * one when it is free, so that the main thread can begin before the workers have started.
 */
export class Crew {
  readonly memory: KernelMemory;
  readonly kernel: Kernel;
  readonly threads: number;
  private readonly workers: Worker[] = [];
  private readonly waiting = new Map<number, (message: WorkerMessage | Error) => void>();
  private readonly owned: (() => void)[] = [];
  private jobs = 0;

  /** Starts `threads - 1` workers. Close it, or they hold their memory. */
  constructor(threads: number) {
    const module = compileKernel();
    this.memory = new KernelMemory();
    const memory = this.memory.wasm;
    this.threads = threads;
    this.kernel = instantiate(module, memory);
    for (let index = 1; index < threads; ++index) {
      const worker = new Worker(workerUrl, { workerData: { module, memory, index }, execArgv: [] });
      worker.on("message", (message: WorkerMessage) => this.waiting.get(message.id)?.(message));
      worker.on("error", (error) => {
        for (const hear of this.waiting.values()) hear(error);
      });
      // After the listeners, which would keep the process alive for an idle worker.
      worker.unref();
      this.workers.push(worker);
    }
  }

  /**
   * Runs a task until its items are used up, on every thread that is there in time, and returns what each of
   * them made of it, the main thread's first. Every thread gets the args of its index.
   * @throws what the first failing thread threw; the others are not waited for, and stop at their next item
   */
  async run<K extends TaskName>(
    task: K,
    items: number,
    args: (thread: number) => TaskArgs<K>,
    progress?: Progress,
  ): Promise<TaskOut<K>[]> {
    const cells = new Int32Array(new SharedArrayBuffer(CELLS * 4));
    const id = ++this.jobs;
    const outs: TaskOut<K>[] = [];
    let failure: unknown;
    let heard: () => void = () => {};
    this.waiting.set(id, (message) => {
      if (message instanceof Error) failure ??= message;
      else if ("error" in message) failure ??= reviveError(message.error);
      else outs.push(message.out as TaskOut<K>);
      heard();
    });
    this.workers.forEach((worker, i) => {
      const message: JobMessage = { id, task, args: args(i + 1), items, cells };
      worker.ref();
      worker.postMessage(message);
    });
    try {
      const own = await this.work(task, args(0), takeFrom(cells, items), () =>
        progress?.(Math.min(items, Atomics.load(cells, CELL.next)), items),
      );
      // A worker that joins after this finds no item left, and touches nothing of the others'.
      while (failure === undefined && outs.length < Atomics.load(cells, CELL.joined))
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      if (failure !== undefined) throw failure;
      return [own, ...outs];
    } finally {
      Atomics.store(cells, CELL.stop, 1);
      this.memory.adopt();
      this.waiting.delete(id);
      for (const worker of this.workers) worker.unref();
    }
  }

  private async work<K extends TaskName>(
    task: K,
    args: TaskArgs<K>,
    take: Take,
    tick: () => void,
  ): Promise<TaskOut<K>> {
    const thread: Thread = { kernel: this.kernel, memory: this.memory.wasm, index: 0 };
    const steps = tasks[task](thread, args as never, take) as Generator<void, TaskOut<K>>;
    for (let items = 1; ; ++items) {
      const step = steps.next();
      if (step.done) return step.value;
      if (items % SLICE === 0) {
        tick();
        await new Promise(setImmediate);
      }
    }
  }

  /** Has `close` called once the workers have ended: for files that they work on. */
  onClose(close: () => void): void {
    this.owned.push(close);
  }

  /** Ends the workers, then closes what they worked on; what runs on the memory's `Kernel` alone can go on. */
  async close(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.terminate()));
    for (const close of this.owned.splice(0)) close();
  }
}

function reviveError(error: { code: ErrorCode | null; message: string }): Error {
  return error.code ? new CoregramError(error.code, error.message) : new Error(error.message);
}
