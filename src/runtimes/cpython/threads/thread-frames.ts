import { lineAt } from "../layout/code-lines.ts";
import type { Python } from "../python.ts";
import { textOf } from "../types/names.ts";
import { readFrame } from "./frames.ts";

/** A frame of a thread that is running. */
export interface ThreadFrame {
  /** The system's number of the thread; null where that cannot be said. */
  readonly thread: number | null;
  /** As `readFrame` takes it. */
  readonly address: number;
  /** Where the words stand that tell of its stack: as many as there are stacks. */
  readonly stack: number;
}

/** The frames of all stacks. */
export interface ThreadFrames {
  readonly frames: readonly ThreadFrame[];
  /** Whether there are more. */
  readonly isCut: boolean;
}

/** Frames that are read: a thread has at most some thousands, but of greenlets a process has many. */
const MOST_FRAMES = 2 ** 20;
/** Words in front of a thread state's data stack among which its thread's number is looked for. */
const STATE_WORDS = 64;

/**
 * The frames on threads' data stacks (3.11 on): from a chunk's start up to the top, the outermost first, each as long
 * as its code says (Python/pystate.c, _PyThreadState_PushFrame).
 * @param stacks where thread states may have datastack_chunk, datastack_top, datastack_limit
 * @param threads numbers of the process's threads
 * @param most frames of all stacks
 */
export function readThreadFrames(
  python: Python,
  stacks: readonly number[],
  threads: ReadonlySet<number>,
  most = MOST_FRAMES,
): ThreadFrames {
  const { reader, layout } = python;
  const frames: ThreadFrame[] = [];
  const { PyThreadState: state } = layout.structs;
  if (!("_PyStackChunk" in layout.structs && "datastack_chunk" in state)) return { frames, isCut: false };
  const { _PyStackChunk: fields } = layout.structs;
  const top = state.datastack_top - state.datastack_chunk;
  const limit = state.datastack_limit - state.datastack_chunk;
  // What is damaged may lead to the same again and again: a chunk up to one place, and a frame, are read once.
  const seen = new Set<string>();
  const known = new Set<number>();
  for (const at of stacks) {
    let chunk = reader.u64(at);
    const size = reader.u64(at + limit) - chunk;
    if (reader.u64(chunk + fields.size) !== size) continue;
    const thread = threadOf(python, at, threads);
    let end = reader.u64(at + top);
    while (chunk > 0 && !seen.has(`${chunk} ${end}`)) {
      seen.add(`${chunk} ${end}`);
      const previous = reader.u64(chunk + fields.previous);
      for (const address of framesIn(python, chunk + fields.data + (previous === 0 ? 8 : 0), end)) {
        if (known.has(address)) break;
        if (frames.length >= most) return { frames, isCut: true };
        known.add(address);
        frames.push({ thread, address, stack: at });
      }
      chunk = previous;
      // The slots in use of it while it is not the last.
      end = chunk + fields.data + reader.u64(chunk + fields.top) * 8;
    }
  }
  return { frames, isCut: false };
}

function threadOf({ reader }: Python, at: number, threads: ReadonlySet<number>): number | null {
  for (let word = 1; word <= STATE_WORDS; word += 1) {
    const number = reader.u64(at - word * 8);
    if (threads.has(number)) return number;
  }
  return null;
}

function* framesIn(python: Python, start: number, top: number): Generator<number> {
  const { reader, layout } = python;
  const { frame: fields } = layout;
  if (fields === null) return;
  for (let at = start; at + fields.slots <= top; ) {
    const frame = readFrame(reader, layout, at);
    if (frame === null || !isCode(python, frame.code)) return;
    yield at;
    at +=
      fields.slots + 8 * (frame.locals + reader.i32(frame.code + layout.structs.PyCodeObject.co_stacksize));
  }
}

function isCode({ reader, layout, names }: Python, code: number): boolean {
  return names.get(reader.u64(code + layout.structs.PyObject.ob_type))?.name === "builtins.code";
}

/** `frame_leak app.py:42`: function, file without its folders, line. */
export function framePlace(python: Python, at: number): string {
  const { reader, layout, typeObjects } = python;
  const frame = readFrame(reader, layout, at);
  if (frame === null) return "?";
  const text = (place: number) => textOf(reader, layout, typeObjects, reader.u64(place), 256);
  const name = text(frame.code + layout.code.name) ?? "?";
  const file = text(frame.code + layout.structs.PyCodeObject.co_filename)?.replace(/^.*\//, "") ?? "?";
  return `${name} ${file}:${lineAt(reader, layout, frame.code, instructionOffset(python, at, frame.code))}`;
}

/** Bytes from the code's first instruction to the one that runs. */
function instructionOffset({ reader, layout, typeObjects }: Python, at: number, code: number): number {
  const { frame: fields, oldFrame } = layout;
  if (oldFrame !== null) {
    // Counted from the locals: 3.6 has more in front of it.
    const slots = readFrame(reader, layout, at)?.slots ?? 0;
    const last = reader.i32(slots + oldFrame.f_lasti - oldFrame.f_localsplus);
    return Math.max(0, last * layout.lastInstructionBytes);
  }
  if (fields === null) return 0;
  const codeType = typeObjects.all.get(reader.u64(code + layout.structs.PyObject.ob_type));
  return Math.max(0, reader.u64(at + fields.instruction) - (code + (codeType?.basicSize ?? 0)));
}
