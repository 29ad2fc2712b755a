import { readModules, readThreads, type Target } from "../image/index.ts";
import { type ThreadStack, type ThreadStacks, threadStacks } from "../runtimes/index.ts";
import { formatAddress, formatCount, type Listener } from "../terms/index.ts";
import { noRuntime } from "./no-runtime.ts";
import { type ModuleOptions, rootOf } from "./options.ts";
import type { Frame, StackRow } from "./results/index.ts";
import { inputOf, requireElfCore } from "./subject.ts";

export interface StacksOptions extends ModuleOptions {
  /** Whether the most recent call comes last. */
  readonly reverse?: boolean | undefined;
  /** Whether each thread has rows of its own. Otherwise threads with the same stack are one. */
  readonly unfold?: boolean | undefined;
}

/**
 * What each Python thread was doing. No heap is read: it takes as long for a large core as for a small one.
 * @throws CoregramError `format` where the target is no ELF core, or no threads of a Python are found in it; `io` or
 * `changed` where it cannot be read
 */
export async function answerStacks(
  target: Target,
  options: StacksOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/stacks@1">> {
  return target.ask(async (contents) => {
    const core = requireElfCore(contents);
    const found = await threadStacks(core, rootOf(options));
    if (found === null) throw noRuntime(target.name, "no threads of a Python", core, readModules(core));
    const processThreads = readThreads(core).length;
    for (const text of remarksOn(found, processThreads))
      listener({ kind: "warning", target: target.name, text });
    const numbers = numberStacks(found.threads, options.unfold === true);
    const stacks = new Map<number, ThreadStack[]>();
    found.threads.forEach((thread, index) => {
      const stack = numbers[index] ?? 0;
      const same = stacks.get(stack);
      if (same === undefined) stacks.set(stack, [thread]);
      else same.push(thread);
    });
    return {
      schema: "coregram/stacks@1",
      input: inputOf(target),
      totals: {
        runtime: found.runtime,
        processThreads,
        isCut: found.isCut,
        threads: found.threads.map(({ ident, frames, ...thread }, index) => ({
          ...thread,
          ident: formatAddress(BigInt(ident)),
          frames: frames.length,
          stack: numbers[index] ?? 0,
        })),
      },
      rows: [...stacks].flatMap(([stack, threads]) => rowsOf(stack, threads, options.reverse === true)),
    };
  });
}

function* remarksOn({ threads, isCut }: ThreadStacks, processThreads: number): Generator<string> {
  const torn = threads.filter(({ isWhole }) => !isWhole).length;
  if (torn > 0)
    yield `${formatCount(torn)} of ${formatCount(threads.length)} stacks were put together without the threads' C stacks, which are not saved: frames of generators can be missing`;
  if (threads.some((thread) => thread.isCut)) yield "frames: not all were read, there are too many";
  if (isCut) yield "the list of threads is damaged: there may be more";
  if (processThreads === 0) yield "the core names no threads: their numbers are not known";
}

/** Of each thread, the number of its stack: threads that are at the same places share one. */
function numberStacks(threads: readonly ThreadStack[], unfold: boolean): number[] {
  const known = new Map<string, number>();
  return threads.map(({ frames }, index) => {
    const text = frames.map((frame) => [frame.function, frame.file, frame.line].join("\0")).join("\n");
    const key = unfold ? String(index) : text;
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    return number;
  });
}

function rowsOf(stack: number, threads: readonly ThreadStack[], reverse: boolean): StackRow[] {
  const [first] = threads;
  const rows = (first?.frames ?? []).map((frame, depth) => ({
    stack,
    thread: first?.thread ?? null,
    name: first?.name ?? null,
    threads: threads.length,
    depth,
    ...frame,
  }));
  return reverse ? rows.reverse() : rows;
}
