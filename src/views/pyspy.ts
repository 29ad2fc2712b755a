import type { Result, StackRow, StackThread } from "../answers/results/index.ts";
import { CoregramError, printable } from "../terms/index.ts";
import { gatherLines } from "./chunks.ts";
import type { TextFormat } from "./format.ts";

const UNKNOWN = "?";

/** Stacks as `py-spy dump --full-filenames` prints them (py-spy, src/dump.rs and src/stack_trace.rs). */
export const pyspy: TextFormat = {
  name: "pyspy",
  render: ({ dump }) => {
    if (dump === undefined)
      throw new CoregramError(
        "usage",
        "--format pyspy is for stacks of threads: without --tasks and --generators",
      );
    return gatherLines(dump);
  },
};

/** The lines of a process's stacks: each thread by itself, the most recent call first. */
export function* dumpLines({ totals, rows }: Result<"coregram/stacks@1">): Generator<string> {
  const { pid, command, runtime, threads } = totals;
  yield printable(`Process ${pid ?? UNKNOWN}: ${command ?? UNKNOWN}`);
  yield `Python v${runtime.replace(/^CPython /, "")}`;
  yield "";
  const stacks = new Map<number, StackRow[]>();
  for (const row of rows) {
    const stack = stacks.get(row.stack);
    if (stack === undefined) stacks.set(row.stack, [row]);
    else stack.push(row);
  }
  for (const thread of threads) {
    yield printable(threadLine(thread, pid));
    const frames = [...(stacks.get(thread.stack) ?? [])].sort((a, b) => a.depth - b.depth);
    for (const frame of frames) yield printable(frameLine(frame));
  }
}

/** What no number of the system is known of has pthread_self(). */
function threadLine({ thread, ident, name, call, gil }: StackThread, pid: number | null): string {
  const number = thread ?? `0x${ident.slice(2).toUpperCase()}`;
  const state = call !== null || gil === "waits" ? "idle" : gil === "holds" ? "active+gil" : "active";
  const known = name ?? (thread !== null && thread === pid ? "MainThread" : null);
  return `Thread ${number} (${state})${known === null ? "" : `: "${known}"`}`;
}

function frameLine({ function: name, file, line }: StackRow): string {
  const place = line === null ? (file ?? UNKNOWN) : `${file ?? UNKNOWN}:${line}`;
  return `    ${name ?? UNKNOWN} (${place})`;
}
