import { type MemoryReader, type Span, wordsOf } from "../../../blocks/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import { everywhere, type Interpreter, readDebugOffsets } from "../layout/debug-offsets.ts";
import { FREE_THREADED_LAYOUTS, LAYOUTS, type Layout } from "../layout/layout.ts";
import type { Structs } from "../structs/structs.ts";

/** A PyThreadState: a thread as the interpreter knows it. */
export interface ThreadState {
  readonly address: number;
  /** pthread_self() of the thread that made it. */
  readonly ident: number;
  /** The system's number, as the interpreter has it; null up to 3.10, and not to be believed where C code forked. */
  readonly nativeId: number | null;
  /** Which of the interpreters it is of; 0 is the first that there was. */
  readonly interpreter: number;
}

export interface ThreadStates {
  readonly states: readonly ThreadState[];
  /** Whether there are more, or their list is damaged. */
  readonly isCut: boolean;
}

/** Longer lists run in a circle. */
const MOST_STATES = 2 ** 16;

/** How a version up to 3.12, where nothing else tells of it, lays out what leads to thread states. */
interface ListLayout {
  /** From an interpreter to its newest thread's state, and to the next interpreter. */
  readonly head: number;
  readonly next: number;
  readonly state: Structs["PyThreadState"] & { readonly thread_id: number };
}

/** The interpreters of a process, and how its version lays out thread states. */
export interface Interpreters {
  /** The oldest first. */
  readonly all: readonly Interpreter[];
  readonly state: ListLayout["state"];
}

/**
 * The states of all threads, by the interpreters' own lists, the oldest first; null where no interpreter was found.
 * @param spans modules' writable memory
 * @param idents pthread_self() of the process's threads
 */
export function findThreadStates(
  reader: MemoryReader,
  spans: readonly Span[],
  idents: ReadonlySet<number>,
): ThreadStates | null {
  const found = findInterpreters(reader, spans, idents);
  return found && statesOf(reader, found);
}

/**
 * All interpreters, by their own list; null where none was found. From
 * 3.13 on _PyRuntime says where these are. Before, an interpreter is what a word of modules' data leads to and its newest
 * thread's state back to, if one of the list is of a thread of the process (Python/pystate.c, new_threadstate).
 * @param spans modules' writable memory
 * @param idents pthread_self() of the process's threads
 */
export function findInterpreters(
  reader: MemoryReader,
  spans: readonly Span[],
  idents: ReadonlySet<number>,
): Interpreters | null {
  const debug = readDebugOffsets(reader, everywhere({ all: spans }));
  if (debug !== null) {
    const layouts = debug.isFreeThreaded ? FREE_THREADED_LAYOUTS : LAYOUTS;
    const layout = layouts.find(({ minor }) => minor === debug.minor);
    if (layout === undefined || debug.interpreters.length === 0) return null;
    const { PyThreadState: state } = layout.structs;
    return "thread_id" in state ? { all: debug.interpreters.toReversed(), state } : null;
  }
  for (const at of pointersOf(reader, spans)) {
    const list = LISTS.find((one) => isInterpreter(reader, one, at, idents));
    if (list === undefined) continue;
    const all: Interpreter[] = [];
    for (let one = at; one > 0 && all.length < MOST_STATES; one = reader.u64(one + list.next))
      all.push({ address: one, threadHead: one + list.head });
    return { all: all.toReversed(), state: list.state };
  }
  return null;
}

const LISTS: readonly ListLayout[] = LAYOUTS.filter(({ minor }) => minor < 13).flatMap(listOf);

function listOf({ structs }: Layout): ListLayout[] {
  const { PyThreadState: state, PyInterpreterState: interpreter } = structs;
  if (!("thread_id" in state && "next" in interpreter)) return [];
  const head = "head" in interpreter ? interpreter.head : interpreter.tstate_head;
  return [{ head, next: interpreter.next, state }];
}

function isInterpreter(
  reader: MemoryReader,
  { head, state }: ListLayout,
  at: number,
  idents: ReadonlySet<number>,
): boolean {
  const newest = reader.u64(at + head);
  if (!(newest > 0 && newest % 8 === 0 && newest < USER_SPACE_END)) return false;
  if (reader.u64(newest + state.interp) !== at || reader.u64(newest + state.prev) !== 0) return false;
  for (let one = newest, steps = 0; one > 0 && steps < MOST_STATES; steps += 1) {
    if (idents.has(reader.u64(one + state.thread_id))) return true;
    const next = reader.u64(one + state.next);
    if (reader.u64(next + state.prev) !== one) return false;
    one = next;
  }
  return false;
}

function statesOf(reader: MemoryReader, { all, state: fields }: Interpreters): ThreadStates {
  const states: ThreadState[] = [];
  let isCut = false;
  all.forEach(({ threadHead }, interpreter) => {
    const own: ThreadState[] = [];
    const seen = new Set<number>();
    let at = reader.u64(threadHead);
    while (at > 0 && !seen.has(at) && states.length + own.length < MOST_STATES) {
      seen.add(at);
      own.push({
        address: at,
        ident: reader.u64(at + fields.thread_id),
        nativeId: "native_thread_id" in fields ? reader.u64(at + fields.native_thread_id) : null,
        interpreter,
      });
      at = reader.u64(at + fields.next);
    }
    isCut ||= at !== 0;
    states.push(...own.reverse());
  });
  return { states, isCut };
}

/** What may be addresses of interpreters, each once. */
function* pointersOf(reader: MemoryReader, spans: readonly Span[]): Generator<number> {
  const seen = new Set<number>();
  for (const { start, end } of spans)
    for (const [, word] of wordsOf(reader, start, end)) {
      if (word >= USER_SPACE_END || word % 8 !== 0 || seen.has(word)) continue;
      seen.add(word);
      yield word;
    }
}
