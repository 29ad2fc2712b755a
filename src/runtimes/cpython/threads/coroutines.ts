import type { StackFrame } from "../../thread-stacks.ts";
import type { Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { type Frame, readFrame, slotValue } from "./frames.ts";
import { type CodeReader, instructionOffset, placeOf } from "./thread-frames.ts";

/** A coroutine, generator or async generator, and where it is. */
export interface Coroutine {
  readonly state: "created" | "suspended" | "running" | "finished";
  /** Null once it has finished. */
  readonly place: StackFrame | null;
  /** What it awaits, or yields from; 0 where it does neither. */
  readonly awaits: number;
}

export const GENERATORS: ReadonlySet<string> = new Set([
  "builtins.coroutine",
  "builtins.generator",
  "builtins.async_generator",
]);
/** What stands between a coroutine and the one that it awaits, and leads to it by its first field (Objects/genobject.c). */
const WRAPPERS: ReadonlySet<string> = new Set([
  "builtins.async_generator_asend",
  "builtins.async_generator_athrow",
  "builtins.coroutine_wrapper",
]);
const MOST_TEXT = 4096;
/** Coroutines that await each other, of one task. */
const MOST_DEPTH = 10_000;

/** gi_frame_state (Include/internal/pycore_frame.h; pycore_interpframe_structs.h). */
interface States {
  readonly created: number;
  readonly running: number;
  /** Null where the instruction that comes next tells. */
  readonly awaiting: readonly number[] | null;
}
function statesOf({ minor }: Layout): States {
  if (minor <= 12) return { created: -2, running: 0, awaiting: null };
  return minor <= 14
    ? { created: -3, running: 0, awaiting: [-1] }
    : { created: 0, running: 4, awaiting: [2, 3] };
}

/** RESUME's argument behind `yield from` and `await` (3.11, 3.12; Python/compile.c); YIELD_FROM (Include/opcode.h, up to 3.10). */
const RESUMES_AWAIT: ReadonlySet<number> = new Set([2, 3]);
const YIELD_FROM = 72;
/** f_state of a frame that runs (Objects/frameobject.h, FRAME_EXECUTING). */
const EXECUTING = 0;

/** Reads coroutines and what these await. */
export class Coroutines {
  readonly #memory: PythonMemory;
  readonly #layout: Layout;
  readonly #python: CodeReader;
  /** By code and instruction: those of one function stand at a few. */
  readonly #places = new Map<string, StackFrame | null>();

  constructor(memory: PythonMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
    this.#python = { reader: memory.reader, layout, typeObjects: memory.types, names: new Map() };
  }

  /** The coroutine at the address, what it awaits, and so on, as far as these are functions. */
  chainFrom(at: number): readonly Coroutine[] {
    const chain: Coroutine[] = [];
    const seen = new Set<number>();
    let next = at;
    while (next > 0 && !seen.has(next) && seen.size < MOST_DEPTH) {
      seen.add(next);
      const name = this.#memory.typeNameAt(next) ?? "";
      if (GENERATORS.has(name)) {
        const coroutine = this.read(next);
        chain.push(coroutine);
        next = coroutine.awaits;
      } else if (WRAPPERS.has(name)) {
        next = this.#memory.reader.u64(next + this.#layout.structs.PyObject.sizeof);
      } else break;
    }
    return chain;
  }

  isCoroutine(at: number): boolean {
    return GENERATORS.has(this.#memory.typeNameAt(at) ?? "");
  }

  /** The one at the address, which is that of such an object. */
  read(at: number): Coroutine {
    const { reader } = this.#memory;
    const { PyGenObject: fields } = this.#layout.structs;
    if ("gi_frame" in fields) return this.#readOld(at, reader.u64(at + fields.gi_frame));
    const state = (reader.u8(at + fields.gi_frame_state) << 24) >> 24;
    if (state >= this.#layout.finishedFrame) return FINISHED;
    const { created, running, awaiting } = statesOf(this.#layout);
    const frame = readFrame(reader, this.#layout, at + fields.gi_iframe);
    const place = frame === null ? null : this.#placeOf(frame);
    if (frame === null || place === null) return FINISHED;
    if (state === created || state === running)
      return { state: state === created ? "created" : "running", place, awaits: 0 };
    const isAwaiting = awaiting === null ? this.#resumesAwait(frame) : awaiting.includes(state);
    return { state: "suspended", place, awaits: isAwaiting ? this.#top(frame) : 0 };
  }

  #readOld(at: number, address: number): Coroutine {
    const { reader } = this.#memory;
    const { PyGenObject: fields, PyFrameObject } = this.#layout.structs;
    const { oldFrame, oldCode } = this.#layout;
    const frame = address > 0 ? readFrame(reader, this.#layout, address) : null;
    const place = frame === null ? null : this.#placeOf(frame);
    if (frame === null || place === null || oldFrame === null || oldCode === null) return FINISHED;
    const isRunning =
      "gi_running" in fields
        ? reader.u8(at + fields.gi_running) === 1
        : "f_state" in PyFrameObject && reader.u8(address + PyFrameObject.f_state) === EXECUTING;
    if (isRunning) return { state: "running", place, awaits: 0 };
    const last = reader.i32(address + oldFrame.f_lasti);
    // What has not begun is at its first line, whatever its table begins with.
    const firstLine = reader.i32(frame.code + oldCode.co_firstlineno);
    if (last < 0) return { state: "created", place: { ...place, line: firstLine }, awaits: 0 };
    const code = reader.u64(frame.code + oldCode.co_code) + this.#layout.structs.PyBytesObject.ob_sval;
    const next = reader.u8(code + last * this.#layout.lastInstructionBytes + 2);
    return { state: "suspended", place, awaits: next === YIELD_FROM ? this.#top(frame) : 0 };
  }

  #placeOf({ address, code }: Frame): StackFrame | null {
    const key = `${code} ${instructionOffset(this.#python, address, code)}`;
    let known = this.#places.get(key);
    if (known === undefined) {
      const place = placeOf(this.#python, address, MOST_TEXT);
      known = place && { ...place, locals: null };
      this.#places.set(key, known);
    }
    return known;
  }

  /** 3.11 and 3.12: the instruction behind the one that yielded says what for. */
  #resumesAwait({ address, code }: Frame): boolean {
    const { reader } = this.#memory;
    const type = this.#memory.typeOf(code);
    if (type === null) return false;
    const at = code + type.basicSize + instructionOffset(this.#python, address, code);
    return RESUMES_AWAIT.has(reader.u8(at + 3));
  }

  /** What is on top of its stack; where that is no object, as an iterator's index is none (3.15), what is below. */
  #top(frame: Frame): number {
    if (frame.stack === 0) return 0;
    const at = frame.slots + 8 * (frame.locals + frame.stack - 1);
    const value = slotValue(this.#memory.reader, this.#layout, at);
    if (this.#memory.typeOf(value) !== null || frame.stack < 2) return value;
    return slotValue(this.#memory.reader, this.#layout, at - 8);
  }
}

const FINISHED: Coroutine = { state: "finished", place: null, awaits: 0 };
