import type { Target } from "../image/index.ts";
import type { Crew } from "../kernel/index.ts";
import type { PendingTask, RuntimeObjects } from "../runtimes/index.ts";
import { CoregramError, formatAddress, formatCount, type Listener, printable } from "../terms/index.ts";
import type { ModuleOptions, ThreadOptions } from "./options.ts";
import type { Frame, TaskRow } from "./results/index.ts";
import { withRuntime } from "./runtime.ts";
import { inputOf } from "./subject.ts";

export interface TasksOptions extends ModuleOptions, ThreadOptions {}

/**
 * The tasks of event loops that have not ended, of all threads, and which waits for which. All objects are found for that.
 * @throws CoregramError as `answerTypes` does
 */
export async function answerTasks(
  target: Target,
  options: TasksOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/tasks@1">> {
  return withRuntime(target, options, listener, (crew, found) => {
    const frame = tasksFrame(target, crew, found, listener);
    if (frame !== null) return frame;
    throw new CoregramError("format", `${printable(target.name)}: ${found.runtime} has no tasks`);
  });
}

/** The same of objects that the crew found and still has; null where their runtime has no tasks. */
export function tasksFrame(
  target: Target,
  crew: Crew,
  found: RuntimeObjects,
  listener: Listener,
): Frame<"coregram/tasks@1"> | null {
  if (found.tasks === null) return null;
  const { pending, finished, cancelled, isInferred, isGuessed, isCut } = found.tasks(crew);
  const say = (kind: "note" | "warning", text: string) => listener({ kind, target: target.name, text });
  if (isCut)
    say("warning", `tasks: more than ${formatCount(pending.length)} are there, the rest were not read`);
  if (isGuessed)
    say(
      "warning",
      "tasks are not laid out as in the release that is known: where each has its function was told by what most have",
    );
  if (isInferred && pending.length > 0)
    say("note", "who waits for whom is told by callbacks and closures: before 3.14 tasks do not say it");
  return {
    schema: "coregram/tasks@1",
    input: inputOf(target),
    totals: { runtime: found.runtime, pending: pending.length, finished, cancelled, isInferred, isCut },
    rows: inTree(pending),
  };
}

/** Each task below the first that waits for it. Those that wait for each other begin with the first of them. */
function inTree(tasks: readonly PendingTask[]): TaskRow[] {
  const awaited = new Map<number, PendingTask[]>();
  const pending = new Set(tasks.map(({ address }) => address));
  const roots: PendingTask[] = [];
  for (const task of tasks) {
    const by = task.awaitedBy.filter((address) => pending.has(address));
    if (by.length === 0) roots.push(task);
    for (const address of by) {
      const known = awaited.get(address);
      if (known === undefined) awaited.set(address, [task]);
      else known.push(task);
    }
  }
  const rows: TaskRow[] = [];
  const told = new Set<number>();
  // Those that no root leads to are in a circle.
  for (const root of [...roots, ...tasks]) {
    const open = [{ task: root, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { task, depth } = next;
      if (told.has(task.address)) continue;
      told.add(task.address);
      rows.push(rowOf(task, depth));
      for (const child of (awaited.get(task.address) ?? []).toReversed())
        open.push({ task: child, depth: depth + 1 });
    }
  }
  return rows;
}

function rowOf({ address, waitsFor, awaitedBy, frames, ...task }: PendingTask, depth: number): TaskRow {
  return {
    depth,
    address: formatAddress(BigInt(address)),
    name: task.name,
    state: task.state,
    waitsFor: waitsFor && { ...waitsFor, address: formatAddress(BigInt(waitsFor.address)) },
    awaitedBy: awaitedBy.map((by) => formatAddress(BigInt(by))),
    frames: frames.map(({ function: name, file, line }) => ({ function: name, file, line })),
  };
}
