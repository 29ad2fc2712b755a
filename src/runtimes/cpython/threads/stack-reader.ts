import type { FrameLocal, StackFrame, ThreadStack } from "../../thread-stacks.ts";
import type { PythonMemory } from "../python-memory.ts";
import { textOf } from "../types/names.ts";
import { attributeOf } from "../values/value.ts";
import { newestFrame } from "./code-reader.ts";
import { localsOf, MOST_LOCALS } from "./frame-locals.ts";
import { readFrame, slotValue } from "./frames.ts";
import { type CodeReader, instructionOffset, isCode, placeOf, readThreadFrames } from "./thread-frames.ts";
import type { ThreadState } from "./thread-states.ts";

/** Characters of a name or a path. */
const MOST_TEXT = 4096;
/** FRAME_OWNED_BY_GENERATOR; from 3 on a frame stands for C (Include/internal/pycore_frame.h, pycore_interpframe_structs.h). */
const OWNED_BY_GENERATOR = 1;
const STANDS_FOR_C = 3;

/** Frames, the newest first; `addresses` are those of the ones that are shown. */
export type ReadStack = Pick<ThreadStack, "frames" | "name" | "isWhole" | "isCut"> & {
  readonly addresses: readonly number[];
};

const IN_PLACE = (at: number) => at;

/** Reads stacks one after the other; what all of them may have of frames is bounded. */
export class StackReader {
  readonly #memory: PythonMemory;
  readonly #python: CodeReader;
  readonly #wantsLocals: boolean;
  #left: number;
  #localsLeft = MOST_LOCALS;
  /** Places by code and instruction: threads that do the same share them. */
  readonly #places = new Map<string, StackFrame>();

  /** @param most frames of all stacks */
  constructor(memory: PythonMemory, python: CodeReader, wantsLocals: boolean, most: number) {
    this.#left = most;
    this.#memory = memory;
    this.#python = python;
    this.#wantsLocals = wantsLocals;
  }

  /** That of a thread. */
  of(state: ThreadState): ReadStack {
    const newest = newestFrame(this.#python.reader, this.#python.layout, state);
    return this.#read(newest, IN_PLACE, (seen) => this.#ownFrames(state, seen));
  }

  /**
   * That of a greenlet, from its newest frame on.
   * @param atNow where that is now which was at an address of its C stack
   */
  from(newest: number, atNow: (at: number) => number): ReadStack {
    return this.#read(newest, atNow, () => []);
  }

  #read(
    newest: number,
    atNow: (at: number) => number,
    framesBelow: (seen: ReadonlySet<number>) => readonly number[],
  ): ReadStack {
    const frames: StackFrame[] = [];
    const addresses: number[] = [];
    let name: string | null = null;
    const seen = new Set<number>();
    let isWhole = true;
    const take = (at: number) => {
      if (seen.has(at) || this.#left === 0) return false;
      seen.add(at);
      const place = this.#placeOf(at);
      if (place === null) return false;
      if (place === SKIPPED) return true;
      this.#left -= 1;
      frames.push(this.#wantsLocals ? { ...place, locals: this.#localsOf(at) } : place);
      addresses.push(at);
      if (isBootstrap(place)) name ??= this.#nameOfSelf(at);
      return true;
    };
    let at = atNow(newest);
    while (at > 0 && take(at)) at = atNow(this.#previous(at));
    // The end of the chain, but where what should lead to the first frame reads as zero.
    const below = at === 0 && seen.size > 0 ? [] : framesBelow(seen);
    if (at !== 0 || below.length > 0) isWhole = false;
    for (const frame of below) if (!take(frame)) break;
    return { frames, addresses, name, isWhole, isCut: this.#left === 0 };
  }

  /** Null where too many were read already. */
  #localsOf(at: number): FrameLocal[] | null {
    if (this.#localsLeft === 0) return null;
    const locals: FrameLocal[] = [];
    for (const local of localsOf(this.#memory, this.#python.layout, at)) {
      if (this.#localsLeft === 0) return null;
      this.#localsLeft -= 1;
      locals.push(local);
    }
    return locals;
  }

  /** The name of the threading.Thread that is a frame's first argument. */
  #nameOfSelf(at: number): string | null {
    const { reader, layout, typeObjects } = this.#python;
    const frame = readFrame(reader, layout, at);
    const self = frame === null ? 0 : slotValue(reader, layout, frame.slots);
    return textOf(reader, layout, typeObjects, attributeOf(this.#memory, layout, self, "_name"));
  }

  /** What is below all frames that were seen on the thread's own stack of frames, the newest first. */
  #ownFrames({ address }: ThreadState, seen: ReadonlySet<number>): number[] {
    const { layout } = this.#python;
    const { PyThreadState: state } = layout.structs;
    if (!("datastack_chunk" in state)) return [];
    const stack = [address + state.datastack_chunk];
    const found = readThreadFrames(this.#python, stack, () => null, this.#left).frames.map(
      (frame) => frame.address,
    );
    const newestFirst = found.reverse();
    return newestFirst.slice(newestFirst.findLastIndex((frame) => seen.has(frame)) + 1);
  }

  #previous(at: number): number {
    const { reader, layout } = this.#python;
    const { structs } = layout;
    if ("_PyInterpreterFrame" in structs) return reader.u64(at + structs._PyInterpreterFrame.previous);
    return reader.u64(at + structs.PyFrameObject.f_back);
  }

  /** Null where no frame lies there. */
  #placeOf(at: number): StackFrame | null {
    const python = this.#python;
    const { reader, layout } = python;
    const owner = layout.frame === null ? 0 : reader.u8(at + layout.frame.owner);
    if (owner >= STANDS_FOR_C) return SKIPPED;
    const frame = readFrame(reader, layout, at);
    if (frame === null || !isCode(python, frame.code)) return null;
    const offset = instructionOffset(python, at, frame.code);
    if (layout.frame !== null && owner !== OWNED_BY_GENERATOR && offset < firstTraceable(python, frame.code))
      return SKIPPED;
    const key = `${frame.code} ${offset}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = placeOf(python, at, MOST_TEXT);
    if (place === null) return null;
    const found = { ...place, locals: null };
    this.#places.set(key, found);
    return found;
  }
}

/** Lib/threading.py: what a thread begins with, a method of its Thread. */
function isBootstrap({ function: name, file }: StackFrame): boolean {
  return /(^|\.)_bootstrap$/.test(name ?? "") && /(^|\/)threading\.py$/.test(file ?? "");
}

/** A frame that a stack does not show: it stands for C, or has not begun. */
const SKIPPED: StackFrame = { function: null, file: null, line: null, locals: null };

/** Where a function begins for its reader, in bytes: a frame before that is not complete (_PyFrame_IsIncomplete). */
function firstTraceable({ reader, layout }: CodeReader, code: number): number {
  const { PyCodeObject } = layout.structs;
  return "_co_firsttraceable" in PyCodeObject ? 2 * reader.i32(code + PyCodeObject._co_firsttraceable) : 0;
}
