import type { MemoryReader } from "../../../blocks/index.ts";
import { lineAt } from "../layout/code-lines.ts";
import type { Layout } from "../layout/layout.ts";
import type { Python } from "../python.ts";
import { textOf } from "../types/names.ts";
import { firstFrameIn } from "./data-stacks.ts";
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
/**
 * The frames on threads' data stacks (3.11 on): from a chunk's start up to the top, the outermost first, each as long
 * as its code says (Python/pystate.c, _PyThreadState_PushFrame).
 * @param stacks where thread states may have datastack_chunk, datastack_top, datastack_limit
 * @param threadOf the number of the thread that has the stack at an address
 * @param most frames of all stacks
 */
export function readThreadFrames(
  python: CodeReader,
  stacks: readonly number[],
  threadOf: (stack: number) => number | null,
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
    const thread = threadOf(at);
    let end = reader.u64(at + top);
    while (chunk > 0 && !seen.has(`${chunk} ${end}`)) {
      seen.add(`${chunk} ${end}`);
      const previous = reader.u64(chunk + fields.previous);
      for (const address of framesIn(python, firstFrameIn(reader, fields, chunk), end)) {
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

function* framesIn(python: CodeReader, start: number, top: number): Generator<number> {
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

/** Whether a code object lies at the address. */
export function isCode({ reader, layout, names }: CodeReader, code: number): boolean {
  return names.get(reader.u64(code + layout.structs.PyObject.ob_type))?.name === "builtins.code";
}

/** Where a frame is in its code. Untrusted; null where the code does not say. */
export interface FramePlace {
  readonly function: string | null;
  readonly file: string | null;
  readonly line: number;
}

/** What tells of a frame's code. */
export type CodeReader = Pick<Python, "reader" | "layout" | "typeObjects" | "names">;

/** Null where no frame lies at the address. Texts of more than `most` characters are left out. */
export function placeOf(python: CodeReader, at: number, most: number): FramePlace | null {
  const { reader, layout, typeObjects } = python;
  const frame = readFrame(reader, layout, at);
  if (frame === null) return null;
  const text = (place: number) => textOf(reader, layout, typeObjects, reader.u64(place), most);
  return {
    function: text(frame.code + layout.code.name),
    file: text(frame.code + layout.structs.PyCodeObject.co_filename),
    line: lineAt(reader, layout, frame.code, instructionOffset(python, at, frame.code)),
  };
}

const MOST_NAME = 256;

/** `frame_leak app.py:42`: function, file without its folders, line. */
export function framePlace(python: CodeReader, at: number): string {
  const place = placeOf(python, at, MOST_NAME);
  if (place === null) return "?";
  const file = place.file?.replace(/^.*\//, "") ?? "?";
  return `${place.function ?? "?"} ${file}:${place.line}`;
}

/** Bytes from the code's first instruction to the one that runs. */
export function instructionOffset(
  { reader, layout, typeObjects }: CodeReader,
  at: number,
  code: number,
): number {
  const { frame: fields, oldFrame } = layout;
  if (oldFrame !== null) {
    // Counted from the locals: 3.6 has more in front of it.
    const slots = readFrame(reader, layout, at)?.slots ?? 0;
    const last = reader.i32(slots + oldFrame.f_lasti - oldFrame.f_localsplus);
    return Math.max(0, last * layout.lastInstructionBytes);
  }
  if (fields === null) return 0;
  const instruction = reader.u64(at + fields.instruction);
  const copy = ownCopy(reader, layout, at, code);
  if (copy > 0) return Math.max(0, instruction - copy);
  const codeType = typeObjects.all.get(reader.u64(code + layout.structs.PyObject.ob_type));
  return Math.max(0, instruction - (code + (codeType?.basicSize ?? 0)));
}

/**
 * Where the instructions of a frame's thread begin: without the GIL each thread has a copy of its own from 3.14 on, the first that of the
 * code itself (Include/cpython/code.h, _PyCodeArray). 0 where there is none.
 */
function ownCopy(reader: MemoryReader, { structs }: Layout, frame: number, code: number): number {
  const { PyCodeObject } = structs;
  if (!("co_tlbc" in PyCodeObject && "_PyCodeArray" in structs)) return 0;
  const { tlbc_index } = structs._PyInterpreterFrame;
  const copies = reader.u64(code + PyCodeObject.co_tlbc);
  const index = reader.i32(frame + tlbc_index);
  if (!(index >= 0 && index < reader.u64(copies + structs._PyCodeArray.size))) return 0;
  return reader.u64(copies + structs._PyCodeArray.entries + 8 * index);
}
