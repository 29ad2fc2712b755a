import type { MemoryReader } from "../../../blocks/index.ts";
import type { GreenletList } from "../../greenlet-list.ts";
import type { StackWants } from "../../thread-stacks.ts";
import type { Layout } from "../layout/layout.ts";
import type { Instances } from "../objects/instances.ts";
import type { PythonMemory } from "../python-memory.ts";
import { StackReader } from "./stack-reader.ts";
import type { CodeReader } from "./thread-frames.ts";

export const GREENLETS: ReadonlySet<string> = new Set(["greenlet.greenlet"]);

/** A PyGreenlet's fields behind its head: from 2.0 on what leads to its Greenlet (greenlet.h, pimpl), before its frame. */
const PIMPL = 16;
const TOP_FRAME = 56;
/** Of a Greenlet (TGreenlet.hpp): up to 3.10 exceptions are of two words more; what it is of comes first, in 2.0 last. */
const GREENLET = { self: 8, topFrame: 104, moreOfOld: 16 } as const;
const BYTES_TO_SELF = 96;
/** From its frame back to what there is of its C stack (TGreenlet.hpp, StackState, _context, _top_frame). */
const STACK = { start: -48, copy: -32, saved: -24 } as const;
/** Frames of all greenlets that are read. */
const MOST_FRAMES = 2 ** 22;
/** A C stack that is kept is no longer than one. */
const MOST_STACK = 2 ** 32;

/**
 * The stacks of the greenlets at the addresses that wait to be switched to: only these have a frame of their own. Where one
 * was switched away from, what it had of its thread's C stack is kept elsewhere, and from 3.12 on frames are linked through that.
 */
export function readGreenlets(
  memory: PythonMemory,
  python: CodeReader,
  { addresses, isCut }: Instances,
  wants: StackWants,
): GreenletList {
  const isFrame = (at: number) => memory.typeNameAt(at) === "builtins.frame";
  const stacks = new StackReader(memory, python, wants.locals, MOST_FRAMES);
  const waiting: GreenletList["waiting"][number][] = [];
  for (const address of addresses) {
    const place = topFrameOf(memory.reader, python.layout, isFrame, address);
    if (place === null) continue;
    const {
      frames,
      isWhole,
      isCut: isStackCut,
    } = stacks.from(newestIn(memory, python.layout, memory.reader.u64(place)), keptStack(memory, place));
    waiting.push({ address, frames, isWhole, isCut: isStackCut });
  }
  return { waiting, others: addresses.length - waiting.length, isCut };
}

/** Where a greenlet has its frame object; null where it has none. */
export function topFrameOf(
  reader: MemoryReader,
  { structs, oldFrame }: Layout,
  isFrame: (at: number) => boolean,
  at: number,
): number | null {
  const head = at + structs.PyObject.sizeof;
  const pimpl = reader.u64(head + PIMPL);
  const topFrame = pimpl + GREENLET.topFrame + (oldFrame === null ? 0 : GREENLET.moreOfOld);
  const place =
    reader.u64(pimpl + GREENLET.self) === at
      ? topFrame
      : hasBehind(reader, topFrame - 8, at)
        ? topFrame - 8
        : head + TOP_FRAME;
  return isFrame(reader.u64(place)) ? place : null;
}

function hasBehind(reader: MemoryReader, place: number, word: number): boolean {
  for (let offset = 8; offset <= BYTES_TO_SELF; offset += 8)
    if (reader.u64(place + offset) === word) return true;
  return false;
}

/** As `readFrame` takes it: of the frame object itself up to 3.10. */
function newestIn({ reader }: PythonMemory, { structs }: Layout, frame: number): number {
  return "f_frame" in structs.PyFrameObject ? reader.u64(frame + structs.PyFrameObject.f_frame) : frame;
}

function keptStack({ reader }: PythonMemory, place: number): (at: number) => number {
  const start = reader.u64(place + STACK.start);
  const copy = reader.u64(place + STACK.copy);
  const saved = reader.u64(place + STACK.saved);
  if (!(start > 0 && copy > 0 && saved > 0 && saved < MOST_STACK)) return (at) => at;
  return (at) => (at >= start && at < start + saved ? copy + (at - start) : at);
}
