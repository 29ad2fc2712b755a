import { MemoryReader, type Span, spanAt, writableSpans } from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import { everywhere, type Interpreter, readDebugOffsets } from "../layout/debug-offsets.ts";
import { FREE_THREADED_LAYOUTS, LAYOUTS, type Layout } from "../layout/layout.ts";
import type { Structs } from "../structs/structs.ts";
import { unseenThreadState } from "../types/unseen.ts";

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
 * @param image of saved memory alone: what is written to while it runs is in no file, and none need be opened for it
 * @param spans modules' writable memory
 * @param idents pthread_self() of the process's threads
 * @param known versions with the GIL, oldest first
 */
export function findThreadStates(
  image: Image,
  spans: readonly Span[],
  idents: ReadonlySet<number>,
  known: readonly Layout[] = LAYOUTS,
): ThreadStates | null {
  const found = findInterpreters(image, spans, idents, known);
  return found && statesOf(new MemoryReader(image), found);
}

/**
 * All interpreters, by their own list; null where none was found. From
 * 3.13 on _PyRuntime says where these are. Before, an interpreter is what a word of modules' data leads to and its newest
 * thread's state back to, if one of the list is of a thread of the process (Python/pystate.c, new_threadstate).
 * @param image of saved memory alone: what is written to while it runs is in no file, and none need be opened for it
 * @param spans modules' writable memory
 * @param idents pthread_self() of the process's threads
 * @param known versions with the GIL, oldest first
 */
export function findInterpreters(
  image: Image,
  spans: readonly Span[],
  idents: ReadonlySet<number>,
  known: readonly Layout[] = LAYOUTS,
): Interpreters | null {
  const reader = new MemoryReader(image);
  const debug = readDebugOffsets(reader, everywhere({ all: spans }));
  if (debug !== null) {
    const layouts = debug.isFreeThreaded ? FREE_THREADED_LAYOUTS : known;
    const layout = layouts.find(({ minor }) => minor === debug.minor);
    const state = layout?.structs.PyThreadState ?? unseenThreadState(reader, debug, layouts);
    if (state === null || debug.interpreters.length === 0) return null;
    return "thread_id" in state ? { all: debug.interpreters.toReversed(), state } : null;
  }
  for (const at of pointersOf(reader, spans, writableSpans(image, "saved"))) {
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

/** Modules' data is read in steps of this many bytes. */
const STEP = 2 ** 20;
/** The upper half of an address that a program can have. */
const MOST_HIGH = 2 ** 15;

/** What may be addresses of interpreters, each once: these are where a program can write. */
function* pointersOf(
  reader: MemoryReader,
  spans: readonly Span[],
  writable: readonly Span[],
): Generator<number> {
  const seen = new Set<number>();
  for (const { start, end } of spans)
    for (let step = Math.ceil(start / 8) * 8; step < end; step += STEP) {
      const bytes = reader.bytes(step, Math.min(STEP, end - step));
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let at = 0; at + 8 <= bytes.length; at += 8) {
        const low = view.getUint32(at, true);
        const high = view.getUint32(at + 4, true);
        if (low % 8 !== 0 || high >= MOST_HIGH || (low === 0 && high === 0)) continue;
        const word = high * 2 ** 32 + low;
        if (seen.has(word)) continue;
        seen.add(word);
        if (spanAt(writable, word) !== null) yield word;
      }
    }
}
