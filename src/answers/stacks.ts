import { readModules, readProcess, readThreads, type Target, type TargetContents } from "../image/index.ts";
import {
  type GreenletStack,
  type StackFrame,
  type ThreadStack,
  type ThreadStacks,
  threadStacks,
} from "../runtimes/index.ts";
import { formatAddress, formatCount, type Listener } from "../terms/index.ts";
import { findDeadlocks } from "./deadlocks.ts";
import { findGreenlets } from "./greenlets.ts";
import { lockPaths } from "./lock-paths.ts";
import { lostStacks } from "./lost-stacks.ts";
import { noRuntime } from "./no-runtime.ts";
import { type ModuleOptions, type ResourceOptions, rootOf } from "./options.ts";
import type { Heap } from "./read-heap.ts";
import type { Frame, StackRow, StackThread } from "./results/index.ts";
import { inputOf, requireElfCore } from "./subject.ts";
import { stateOf } from "./thread-states.ts";

export interface StacksOptions extends ModuleOptions, ResourceOptions {
  /** Whether the most recent call comes last. */
  readonly reverse?: boolean | undefined;
  /** Whether each thread has rows of its own. Otherwise threads with the same stack are one. As `locals` unless said. */
  readonly unfold?: boolean | undefined;
  /**
   * Whether the path of a lock that a thread waits for is looked up, for which the heap is read. False unless said.
   */
  readonly paths?: boolean | undefined;
  /**
   * Whether the variables of frames are told, and what exceptions were made of. Of threads that are one, those of the first.
   */
  readonly locals?: boolean | undefined;
  /**
   * Whether greenlets that wait are told, where the process has any: the heap is read for them. False unless said.
   */
  readonly greenlets?: boolean | undefined;
}

/**
 * What each Python thread was doing. No heap is read, but for the path of a lock that one waits for, and for greenlets: it takes
 * as long for a large core as for a small one.
 * @throws CoregramError `format` where the target is no ELF core, or no threads of a Python are found in it; `io` or
 * `changed` where it cannot be read
 */
export async function answerStacks(
  target: Target,
  options: StacksOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/stacks@1">> {
  return target.ask((contents) => stacksFrame(target, contents, null, options, listener));
}

/**
 * The same of what a target has.
 * @param heap the core's, where it was read already
 */
export async function stacksFrame(
  target: Target,
  contents: TargetContents,
  heap: Heap | null,
  options: StacksOptions,
  listener: Listener,
): Promise<Frame<"coregram/stacks@1">> {
  const core = requireElfCore(contents);
  const root = rootOf(options);
  const found = await threadStacks(core, root, { locals: options.locals === true });
  if (found === null || "reason" in found)
    throw noRuntime(target.name, found?.reason ?? "no threads of a Python", core, readModules(core));
  const { pid, commandLine } = readProcess(core);
  const processThreads = readThreads(core).length;
  const warn = (text: string) => listener({ kind: "warning", target: target.name, text });
  for (const text of remarksOn(found, processThreads)) warn(text);
  const deadlocks = findDeadlocks(found.threads);
  if (options.locals) for (const text of lostLocals(found)) warn(text);
  for (const idents of deadlocks) warn(deadlockText(found.threads, idents));
  const paths = options.paths
    ? await lockPaths(core, target.name, found.threads, { ...options, heap }, listener)
    : null;
  const greenlets = options.greenlets ? await findGreenlets(core, target.name, options, listener) : null;
  const unfold = options.unfold ?? options.locals === true;
  const numbers = numberStacks(found.threads, unfold);
  const threads = found.threads.map((thread, index) => describeThread(thread, numbers[index] ?? 0, paths));
  const stacks = new Map<number, StackedThread[]>();
  threads.forEach((told, index) => {
    const frames = found.threads[index]?.frames ?? [];
    const same = stacks.get(told.stack);
    if (same === undefined) stacks.set(told.stack, [{ told, frames }]);
    else same.push({ told, frames });
  });
  return {
    schema: "coregram/stacks@1",
    input: inputOf(target),
    totals: {
      runtime: found.runtime,
      pid,
      command: commandLine,
      processThreads,
      isCut: found.isCut,
      deadlocks: deadlocks.map((idents) => idents.map(identText)),
      greenlets: greenlets?.length ?? null,
      threads,
    },
    rows: [
      ...[...stacks].flatMap(([stack, alike]) => rowsOf(stack, alike, threads, options.reverse === true)),
      ...greenletRows(greenlets ?? [], stacks.size, unfold, options.reverse === true),
    ],
  };
}

/** A thread as the result has it, and where it is. */
interface StackedThread {
  readonly told: StackThread;
  readonly frames: ThreadStack["frames"];
}

function identText(ident: number): string {
  return formatAddress(BigInt(ident));
}

function describeThread(
  { ident, frames, call, waits, ...thread }: ThreadStack,
  stack: number,
  paths: ReadonlyMap<number, string> | null,
): StackThread {
  return {
    ...thread,
    ident: identText(ident),
    frames: frames.length,
    stack,
    call: call && { ...call, arguments: call.arguments.map((value) => formatAddress(value)) },
    waits: waits && {
      ...waits,
      address: formatAddress(BigInt(waits.address)),
      path: paths?.get(waits.address) ?? null,
      owner: waits.owner === null ? null : identText(waits.owner),
    },
    raises: thread.raises && { ...thread.raises, address: formatAddress(BigInt(thread.raises.address)) },
    handles: thread.handles.map((handled) => ({
      ...handled,
      address: formatAddress(BigInt(handled.address)),
    })),
  };
}

function deadlockText(threads: readonly ThreadStack[], idents: readonly number[]): string {
  const names = idents.map((ident) => {
    const known = threads.find((thread) => thread.ident === ident);
    return known?.thread == null ? identText(ident) : String(known.thread);
  });
  return names.length === 1
    ? `deadlock: thread ${names[0]} waits for what it has itself`
    : `deadlock: each of threads ${names.join(", ")} waits for what the next has, the last for what the first has`;
}

function* remarksOn({ threads, isCut, remarks }: ThreadStacks, processThreads: number): Generator<string> {
  yield* remarks;
  const torn = threads.filter(({ isWhole }) => !isWhole).length;
  if (torn > 0)
    yield `${formatCount(torn)} of ${formatCount(threads.length)} stacks were put together without the threads' C stacks, which are not saved: frames of generators can be missing`;
  const lost = threads.filter(({ isStackSaved }) => isStackSaved === false).length;
  if (lost > 0) yield lostStacks(lost, threads.length);
  if (threads.some((thread) => thread.isCut)) yield "frames: not all were read, there are too many";
  if (isCut) yield "the list of threads is damaged: there may be more";
  if (processThreads === 0) yield "the core names no threads: their numbers are not known";
}

function* lostLocals({ threads }: ThreadStacks): Generator<string> {
  const lost = threads.flatMap(({ frames }) => frames.filter(({ locals }) => locals === null)).length;
  if (lost > 0) yield `variables of ${formatCount(lost)} frames were not read: there are too many`;
}

/** Of each thread, the number of its stack: threads that are at the same places share one. */
function numberStacks(stacks: readonly Pick<ThreadStack, "frames">[], unfold: boolean): number[] {
  const known = new Map<string, number>();
  return stacks.map(({ frames }, index) => {
    const text = frames.map((frame) => [frame.function, frame.file, frame.line].join("\0")).join("\n");
    const key = unfold ? String(index) : text;
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    return number;
  });
}

function rowsOf(
  stack: number,
  alike: readonly StackedThread[],
  threads: readonly StackThread[],
  reverse: boolean,
): StackRow[] {
  const [first] = alike;
  const state = stateOf(
    alike.map(({ told }) => told),
    threads,
  );
  const rows = (first?.frames ?? []).map((frame, depth) => ({
    stack,
    thread: first?.told.thread ?? null,
    name: first?.told.name ?? null,
    threads: alike.length,
    greenlets: 0,
    depth,
    ...frame,
    locals: localsOf(frame),
    state: depth === 0 ? state : null,
  }));
  return reverse ? rows.reverse() : rows;
}

/** The stacks of greenlets, those at the same places as one unless `unfold`, from number `first` on. */
function greenletRows(
  greenlets: readonly GreenletStack[],
  first: number,
  unfold: boolean,
  reverse: boolean,
): StackRow[] {
  const alike = new Map<number, { readonly one: GreenletStack; count: number }>();
  const numbers = numberStacks(greenlets, unfold);
  greenlets.forEach((one, index) => {
    const number = numbers[index] ?? 0;
    const known = alike.get(number);
    if (known === undefined) alike.set(number, { one, count: 1 });
    else known.count += 1;
  });
  return [...alike].flatMap(([number, { one, count }]) => {
    const rows = one.frames.map((frame, depth) => ({
      stack: first + number,
      ...{ thread: null, name: null, threads: 0, greenlets: count, depth },
      ...frame,
      locals: localsOf(frame),
      state: null,
    }));
    return reverse ? rows.reverse() : rows;
  });
}

function localsOf({ locals }: StackFrame): StackRow["locals"] {
  return locals?.map((local) => ({ ...local, address: formatAddress(BigInt(local.address)) })) ?? null;
}
