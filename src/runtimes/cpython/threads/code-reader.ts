import type { MemoryReader } from "../../../blocks/index.ts";
import type { Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { type TypeName, textOf } from "../types/names.ts";
import { firstFrameIn } from "./data-stacks.ts";
import { readFrame } from "./frames.ts";
import type { CodeReader } from "./thread-frames.ts";
import type { ThreadState } from "./thread-states.ts";

/** Characters of a file's name. */
const MOST_TEXT = 4096;

/** By the first frame of a thread, whose code tells the layout; null where no thread runs any. */
export function codeReaderOf(memory: PythonMemory, states: readonly ThreadState[]): CodeReader | null {
  for (const layout of memory.known) {
    const found = codeReaderWith(memory, states, layout);
    if (found !== null) return found;
  }
  // A version newer than those: read by what the core says of itself.
  const { layout } = memory;
  return layout === null || memory.known.includes(layout) ? null : codeReaderWith(memory, states, layout);
}

function codeReaderWith(
  memory: PythonMemory,
  states: readonly ThreadState[],
  layout: Layout,
): CodeReader | null {
  const { reader, types } = memory;
  for (const at of states.flatMap((state) => someFrames(reader, layout, state))) {
    const frame = readFrame(reader, layout, at);
    const type = frame === null ? null : memory.typeOf(frame.code);
    if (frame === null || type === null || memory.layout !== layout) continue;
    const file = reader.u64(frame.code + layout.structs.PyCodeObject.co_filename);
    if (textOf(reader, layout, types, file, MOST_TEXT) === null) continue;
    return { reader, layout, typeObjects: types, names: new Map([[type.address, CODE]]) };
  }
  return null;
}

const CODE: TypeName = { name: "builtins.code", from: "self" };

/** The newest frame, and the oldest of a chunk of the thread's own stack: in 3.11 and 3.12 the C stack leads to the newest. */
function someFrames(reader: MemoryReader, layout: Layout, state: ThreadState): number[] {
  const { structs } = layout;
  const newest = newestFrame(reader, layout, state);
  if (!("_PyStackChunk" in structs && "datastack_chunk" in structs.PyThreadState)) return [newest];
  const chunk = reader.u64(state.address + structs.PyThreadState.datastack_chunk);
  return [newest, firstFrameIn(reader, structs._PyStackChunk, chunk)];
}

/** The frame that runs, or called into C; 0 where the thread runs none. */
export function newestFrame(reader: MemoryReader, layout: Layout, { address }: ThreadState): number {
  const { PyThreadState: state } = layout.structs;
  if ("current_frame" in state) return reader.u64(address + state.current_frame);
  if ("cframe" in state && "_PyCFrame" in layout.structs)
    return reader.u64(reader.u64(address + state.cframe) + layout.structs._PyCFrame.current_frame);
  return "frame" in state ? reader.u64(address + state.frame) : Number.NaN;
}
