import type { MemoryReader } from "../../../blocks/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import type { Layout } from "../layout/layout.ts";

/** Offsets in _PyInterpreterFrame (Include/internal/pycore_frame.h, from 3.14 on pycore_interpframe_structs.h). */
export interface FrameLayout {
  readonly code: number;
  readonly function: number;
  readonly locals: number;
  readonly object: number;
  /** What runs: from 3.13 on this instruction, before that the one behind it. */
  readonly instruction: number;
  /** Of the stack's top: a number of slots, or from 3.14 on an address. */
  readonly stackTop: number;
  readonly owner: number;
  readonly slots: number;
}

/** Null up to 3.10, where all frames are objects. */
export function frameLayout({ minor }: Layout): FrameLayout | null {
  if (minor < 11) return null;
  if (minor === 11)
    return {
      code: 32,
      function: 0,
      locals: 24,
      object: 40,
      instruction: 56,
      stackTop: 64,
      owner: 69,
      slots: 72,
    };
  if (minor < 14)
    return {
      code: 0,
      function: 16,
      locals: 40,
      object: 48,
      instruction: 56,
      stackTop: 64,
      owner: 70,
      slots: 72,
    };
  return {
    code: 0,
    function: 16,
    locals: 40,
    object: 48,
    instruction: 56,
    stackTop: 64,
    owner: 74,
    slots: 80,
  };
}

/** A frame as it stands in memory. */
export interface Frame {
  /** Of the _PyInterpreterFrame, or the frame object up to 3.10. */
  readonly address: number;
  readonly code: number;
  /** Where its locals, cells and free variables begin. */
  readonly slots: number;
  /** How many of those it has. */
  readonly locals: number;
  /** Slots in use of its stack, which follows them. */
  readonly stack: number;
}

const MOST_SLOTS = 65_536;

/** Reads the frame at the address; null where its code makes no sense. */
export function readFrame(reader: MemoryReader, layout: Layout, at: number): Frame | null {
  const fields = frameLayout(layout);
  return fields === null ? readOldFrame(reader, layout, at) : readNewFrame(reader, layout, fields, at);
}

function readNewFrame(reader: MemoryReader, layout: Layout, fields: FrameLayout, at: number): Frame | null {
  const tagged = reader.u64(at + fields.code);
  const code = tagged - (tagged % 8);
  const locals = reader.i32(code + layout.code.locals);
  const room = reader.i32(code + layout.code.stackSize);
  if (!(code > 0 && locals >= 0 && locals <= MOST_SLOTS && room >= 0 && room <= MOST_SLOTS)) return null;
  const slots = at + fields.slots;
  const top =
    layout.minor < 14
      ? reader.i32(at + fields.stackTop) - locals
      : (reader.u64(at + fields.stackTop) - slots) / 8 - locals;
  return { address: at, code, slots, locals, stack: top > 0 && top <= room ? top : 0 };
}

/** PyFrameObject up to 3.10 (Include/cpython/frameobject.h). */
export const OLD_FRAME = {
  back: 24,
  code: 32,
  builtins: 40,
  globals: 48,
  locals: 56,
  valueStack: 64,
} as const;

function readOldFrame(
  reader: MemoryReader,
  { minor, code: fields, oldCode }: Layout,
  at: number,
): Frame | null {
  const code = reader.u64(at + OLD_FRAME.code);
  const valueStack = reader.u64(at + OLD_FRAME.valueStack);
  const length = (names: number | undefined) => reader.u64(reader.u64(code + (names ?? 0)) + 16);
  const locals = reader.i32(code + fields.locals) + length(oldCode?.cellNames) + length(oldCode?.freeNames);
  // What stands in front of them differs from version to version; they end where the stack begins.
  const slots = valueStack - 8 * locals;
  if (!(code > 0 && locals >= 0 && locals <= MOST_SLOTS && slots > at && slots - at <= MOST_OLD_BYTES))
    return null;
  const room = reader.i32(code + fields.stackSize);
  // f_stacktop, and in 3.10 f_stackdepth.
  const top = minor < 10 ? (reader.u64(at + 72) - valueStack) / 8 : reader.i32(at + 80);
  const stack = Number.isInteger(top) && top > 0 && top <= room ? top : 0;
  return { address: at, code, slots, locals, stack };
}

/** From f_lasti up to 3.10 to the locals: with two or three words, 20 blocks of 12 bytes. */
export const OLD_LAST_INSTRUCTION = -256;
const MOST_OLD_BYTES = 512;

/** A word of a frame's slot as an object's address; 0 where it is none. From 3.14 on the low bits are a tag. */
export function slotValue(reader: MemoryReader, { minor }: Layout, at: number): number {
  const word = reader.u64(at);
  if (!(word > 0 && word < USER_SPACE_END)) return 0;
  const tag = word % 4;
  if (tag === 0) return word;
  return minor >= 14 && tag !== 3 ? word - tag : 0;
}
