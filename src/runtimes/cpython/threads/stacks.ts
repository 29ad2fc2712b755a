import {
  type Core,
  callOf,
  isStackSaved,
  readModules,
  readThreads,
  type Thread,
  threadPointersOf,
} from "../../../image/index.ts";
import type { NotDetected } from "../../runtime.ts";
import type { StackWants, ThreadCall, ThreadStack, ThreadStacks } from "../../thread-stacks.ts";
import { LAYOUTS, type Layout } from "../layout/layout.ts";
import { PythonMemory } from "../python-memory.ts";
import { newerVersion, unseenRemark } from "../types/unseen.ts";
import { codeReaderOf } from "./code-reader.ts";
import { exceptionsOf } from "./exceptions.ts";
import { findGils, type Gil } from "./gil.ts";
import { StackReader } from "./stack-reader.ts";
import type { CodeReader } from "./thread-frames.ts";
import { findThreadStates, type ThreadState } from "./thread-states.ts";
import { waitOf } from "./waits.ts";

/** Frames of all threads that are read. */
const MOST_FRAMES = 2 ** 18;

/**
 * The stacks of all Python threads of a core, see `Runtime.threadStacks`. Nothing is read but the interpreter's data, its
 * thread states, frames and what their code says: whatever the core's size.
 * @param known versions with the GIL, oldest first
 */
export function readThreadStacks(
  core: Core,
  root: string | null,
  wants: StackWants,
  known: readonly Layout[] = LAYOUTS,
): ThreadStacks | NotDetected | null {
  if (core.header.class !== 64 || core.header.endian !== "little") return null;
  const memory = new PythonMemory(core, readModules(core), root, known);
  try {
    const threads = readThreads(core);
    const byPointer = new Map<number, Thread>();
    threadPointersOf(threads).forEach((pointer, index) => {
      const thread = threads[index];
      if (pointer !== null && thread !== undefined) byPointer.set(pointer, thread);
    });
    const found = findThreadStates(memory.core.image, memory.spans.all, new Set(byPointer.keys()), known);
    const newer = memory.debug === null ? null : newerVersion(memory.debug, memory.known);
    if (found === null) return newer;
    const python = codeReaderOf(memory, found.states);
    if (python === null && newer !== null) return newer;
    const newest = memory.known.at(-1);
    const unseen = python !== null && newest !== undefined && !memory.known.includes(python.layout);
    const byNumber = new Map(threads.map((thread) => [thread.pid, thread]));
    const describe = python === null ? null : describing(memory, python, found.states, wants);
    return {
      runtime: python === null ? "CPython" : `CPython ${python.layout.version}`,
      threads: found.states.map((state) => {
        const thread = byPointer.get(state.ident) ?? byNumber.get(state.nativeId ?? -1) ?? null;
        const call = thread === null ? null : callOf(core, memory.image, thread);
        return {
          thread: thread?.pid ?? null,
          ident: state.ident,
          interpreter: state.interpreter,
          call,
          isStackSaved: thread === null ? null : isStackSaved(core, thread),
          ...(describe?.(state, thread, call) ?? UNKNOWN),
        };
      }),
      isCut: found.isCut,
      remarks: unseen ? [unseenRemark(python.layout, newest)] : [],
    };
  } finally {
    memory.close();
  }
}

/** What only the code of a frame tells how to read. */
type Described = Omit<ThreadStack, "thread" | "ident" | "interpreter" | "call" | "isStackSaved">;

const UNKNOWN: Described = {
  ...{ frames: [], name: null, isWhole: true, isCut: false },
  ...{ gil: null, waits: null, raises: null, handles: [] },
};

function describing(
  memory: PythonMemory,
  python: CodeReader,
  states: readonly ThreadState[],
  wants: StackWants,
): (state: ThreadState, thread: Thread | null, call: ThreadCall | null) => Described {
  const { layout } = python;
  const stacks = new StackReader(memory, python, wants.locals, MOST_FRAMES);
  const gilOf = findGils(memory, layout, states);
  return (state, thread, call) => {
    const { addresses, ...stack } = stacks.of(state);
    const gil = gilOf(state);
    const stackPointer = thread?.sp == null ? null : Number(thread.sp);
    const waits = waitOf(memory, layout, { call, stackPointer, frames: addresses, gil });
    return {
      ...stack,
      gil: gilUse(gil, state, waits?.kind === "gil"),
      waits,
      ...exceptionsOf(memory, layout, state.address, wants.locals),
    };
  };
}

function gilUse(gil: Gil | null, { address }: ThreadState, isWaiting: boolean): ThreadStack["gil"] {
  return gil?.holder === address ? "holds" : isWaiting ? "waits" : null;
}
