import type { ScanPlan } from "../edges/scan-plan.ts";
import { areOfTypes } from "../objects/instances.ts";
import type { ObjectTable } from "../objects/object-table.ts";
import { type Python, typeNameOf } from "../python.ts";
import { framePlace } from "../threads/thread-frames.ts";

/** By type, whether its instances are tasks of asyncio's C code. */
export function areTasks(python: Python): boolean[] {
  return areOfTypes(python, TASK);
}

const TASK: ReadonlySet<string> = new Set(["_asyncio.Task"]);

/** What runs functions bit by bit: asyncio's tasks, and the coroutines and generators that they are made of. */
export class Tasks {
  readonly #python: Python;
  readonly #table: ObjectTable;
  readonly #scans: readonly ScanPlan[];
  /** By type, whether its instances are tasks of asyncio's C code. */
  readonly #areTasks: readonly boolean[];

  constructor(python: Python, table: ObjectTable, scans: readonly ScanPlan[]) {
    this.#python = python;
    this.#table = table;
    this.#scans = scans;
    this.#areTasks = areTasks(python);
  }

  /** Whether it is a task whose function has not ended. */
  isPending(node: number): boolean {
    const coroutine = this.#areTasks[this.#table.type(node)] ? this.coroutineOf(node) : null;
    return coroutine !== null && this.#frameOf(coroutine) > 0;
  }

  /** `fetch app.py:12`: where the function of a task is that has not ended; null for what is no such task. */
  placeOf(node: number): string | null {
    const coroutine = this.coroutineOf(node);
    return coroutine === null ? null : this.runningPlace(coroutine);
  }

  /** Where the code of a coroutine or generator at the address stands; null where it has ended, or is none. */
  runningPlace(at: number): string | null {
    const frame = this.#generatorAt(at) < 0 ? 0 : this.#frameOf(at);
    return frame > 0 ? framePlace(this.#python, frame) : null;
  }

  /**
   * The coroutine that a task runs; null for what is no task, or has none. Where task_coro stands differs from version to
   * version (Modules/_asynciomodule.c, TaskObj): it is the only one of its words that is a coroutine or a generator.
   */
  coroutineOf(node: number): number | null {
    const type = this.#table.type(node);
    const scan = this.#scans[type];
    if (scan === undefined || !this.#areTasks[type]) return null;
    const at = this.#table.address(node);
    for (let offset = scan.from; offset < scan.to; offset += 8) {
      const word = this.#python.reader.u64(at + offset);
      if (this.#generatorAt(word) >= 0) return word;
    }
    return null;
  }

  /** The frame object that a coroutine or generator at the address has for its own, up to 3.10; 0 where there is none. */
  frameObjectOf(at: number): number {
    const { reader, layout } = this.#python;
    const fields = layout.structs.PyGenObject;
    return "gi_frame" in fields && this.#generatorAt(at) >= 0 ? reader.u64(at + fields.gi_frame) : 0;
  }

  /** `coroutine`, `generator`: what a coroutine or generator at the address is called; null for what is none. */
  kindAt(at: number): string | null {
    const node = this.#generatorAt(at);
    if (node < 0) return null;
    return typeNameOf(this.#python, this.#table.type(node))
      .replace(/^builtins\./, "")
      .replace("_", " ");
  }

  // 0 where it has ended.
  #frameOf(generator: number): number {
    const { reader, layout } = this.#python;
    const fields = layout.structs.PyGenObject;
    if (!("gi_iframe" in fields)) return reader.u64(generator + fields.gi_frame);
    const hasEnded = (reader.u8(generator + fields.gi_frame_state) << 24) >> 24 >= layout.finishedFrame;
    return hasEnded ? 0 : generator + fields.gi_iframe;
  }

  #generatorAt(at: number): number {
    const node = at > 0 ? this.#table.find(at) : -1;
    return node >= 0 && this.#scans[this.#table.type(node)]?.descent.family === "generator" ? node : -1;
  }
}
