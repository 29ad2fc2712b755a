import { writableData } from "../../../blocks/index.ts";
import { type Core, type Module, readThreads, threadPointersOf } from "../../../image/index.ts";
import { areOfTypes, instancesOf } from "../objects/instances.ts";
import type { ObjectTable } from "../objects/object-table.ts";
import type { Python } from "../python.ts";
import { newestFrame } from "../threads/code-reader.ts";
import { GREENLETS, topFrameOf } from "../threads/greenlets.ts";
import { readThreadFrames, type ThreadFrame } from "../threads/thread-frames.ts";
import { findThreadStates, type ThreadState } from "../threads/thread-states.ts";

/** Frame objects of all threads, up to 3.10. */
const MOST_FRAMES = 2 ** 20;
const MOST_GREENLETS = 2 ** 18;
/** Bytes behind a greenlet's frame among which it has its stack of frames (TGreenlet.hpp, PythonState). */
const GREENLET_BYTES = 128;
/** Words in front of a thread state's data stack among which its thread's number is looked for, where no list has it. */
const STATE_WORDS = 64;

/** What runs in a process, or waits to run on. */
export interface RunningFrames {
  /** 3.11 on: on stacks of frames, those of greenlets among them. */
  readonly frames: readonly ThreadFrame[];
  /** Up to 3.10: the frame objects of threads, each with its thread's number; null where no list of threads was found. */
  readonly objects: ReadonlyMap<number, number> | null;
  /** Whether there are more. */
  readonly isCut: boolean;
  /** Whether the interpreter's own list of threads was found: else stacks are told by their form, and threads by what lies near. */
  readonly isExact: boolean;
}

/**
 * The frames of all threads by the interpreter's own lists, and those of greenlets by these.
 * @param stacks where anything has what may be a stack of frames
 */
export function findRunningFrames(
  core: Core,
  modules: readonly Module[],
  python: Python,
  table: ObjectTable,
  stacks: readonly number[],
): RunningFrames {
  const threads = readThreads(core);
  const pointers = threadPointersOf(threads);
  const numbers = new Map<number, number>();
  pointers.forEach((pointer, index) => {
    const thread = threads[index];
    if (pointer !== null && thread !== undefined) numbers.set(pointer, thread.pid);
  });
  const spans = [...writableData(core.image, modules)].map(({ span }) => span);
  const states = findThreadStates(core.image, spans, new Set(numbers.keys()))?.states ?? null;
  if (states === null) {
    const known = new Set(threads.map(({ pid }) => pid));
    const threadOf = (stack: number) => numberNear(python, stack, known);
    return { ...readThreadFrames(python, stacks, threadOf), objects: null, isExact: false };
  }
  const known = new Set(threads.map(({ pid }) => pid));
  const numberOf = ({ ident, nativeId }: ThreadState) =>
    numbers.get(ident) ?? (nativeId !== null && known.has(nativeId) ? nativeId : null);
  const { PyThreadState: fields } = python.layout.structs;
  if (!("datastack_chunk" in fields))
    return { frames: [], ...frameObjects(python, states, numberOf), isExact: true };
  const own = new Map(states.map((state) => [state.address + fields.datastack_chunk, numberOf(state)]));
  const others = greenletStacks(python, table, stacks);
  const found = readThreadFrames(python, [...own.keys(), ...others], (stack) => own.get(stack) ?? null);
  return { ...found, objects: null, isExact: true };
}

function frameObjects(
  { reader, layout }: Python,
  states: readonly ThreadState[],
  numberOf: (state: ThreadState) => number | null,
): Pick<RunningFrames, "objects" | "isCut"> {
  const objects = new Map<number, number>();
  for (const state of states) {
    const number = numberOf(state);
    let at = newestFrame(reader, layout, state);
    while (number !== null && at > 0 && !objects.has(at)) {
      if (objects.size === MOST_FRAMES) return { objects, isCut: true };
      objects.set(at, number);
      at = reader.u64(at + layout.structs.PyFrameObject.f_back);
    }
  }
  return { objects, isCut: false };
}

/** Those of the stacks that live greenlets have, which wait. */
function greenletStacks(python: Python, table: ObjectTable, stacks: readonly number[]): number[] {
  const { reader, layout, names } = python;
  const isFrame = (at: number) =>
    names.get(reader.u64(at + layout.structs.PyObject.ob_type))?.name === "builtins.frame";
  const greenlets = instancesOf(table, areOfTypes(python, GREENLETS), MOST_GREENLETS);
  const places = greenlets.addresses
    .flatMap((at) => topFrameOf(reader, layout, isFrame, at) ?? [])
    .sort((a, b) => a - b);
  const sorted = [...stacks].sort((a, b) => a - b);
  const found: number[] = [];
  let next = 0;
  for (const stack of sorted) {
    while ((places[next] ?? Number.POSITIVE_INFINITY) < stack - GREENLET_BYTES) next += 1;
    if ((places[next] ?? Number.POSITIVE_INFINITY) < stack) found.push(stack);
  }
  return found;
}

function numberNear({ reader }: Python, stack: number, threads: ReadonlySet<number>): number | null {
  for (let word = 1; word <= STATE_WORDS; word += 1) {
    const number = reader.u64(stack - word * 8);
    if (threads.has(number)) return number;
  }
  return null;
}
