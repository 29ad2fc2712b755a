import type { MemoryReader } from "../../../blocks/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import type { FrameLayout, Layout } from "../layout/layout.ts";

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
  const { frame, oldFrame, oldCode } = layout;
  if (frame !== null) return readNewFrame(reader, layout, frame, at);
  return oldFrame === null || oldCode === null ? null : readOldFrame(reader, layout, oldFrame, oldCode, at);
}

function readNewFrame(reader: MemoryReader, layout: Layout, fields: FrameLayout, at: number): Frame | null {
  const tagged = reader.u64(at + fields.code);
  const code = tagged - (tagged % 8);
  const locals = reader.i32(code + layout.code.locals);
  const room = reader.i32(code + layout.structs.PyCodeObject.co_stacksize);
  if (!(code > 0 && locals >= 0 && locals <= MOST_SLOTS && room >= 0 && room <= MOST_SLOTS)) return null;
  const slots = at + fields.slots;
  const top = fields.stackTopIsAddress
    ? (reader.u64(at + fields.stackTop) - slots) / 8 - locals
    : reader.i32(at + fields.stackTop) - locals;
  return { address: at, code, slots, locals, stack: top > 0 && top <= room ? top : 0 };
}

/** What stands in front of the locals differs from version to version; they end where the stack begins. */
function readOldFrame(
  reader: MemoryReader,
  { structs: { PyVarObject } }: Layout,
  fields: NonNullable<Layout["oldFrame"]>,
  codeFields: NonNullable<Layout["oldCode"]>,
  at: number,
): Frame | null {
  const code = reader.u64(at + fields.f_code);
  const valueStack = reader.u64(at + fields.f_valuestack);
  const length = (names: number) => reader.u64(reader.u64(code + names) + PyVarObject.ob_size);
  const locals =
    reader.i32(code + codeFields.co_nlocals) +
    length(codeFields.co_cellvars) +
    length(codeFields.co_freevars);
  const slots = valueStack - 8 * locals;
  if (!(code > 0 && locals >= 0 && locals <= MOST_SLOTS && slots > at && slots - at <= MOST_OLD_BYTES))
    return null;
  const room = reader.i32(code + codeFields.co_stacksize);
  const top =
    "f_stacktop" in fields
      ? (reader.u64(at + fields.f_stacktop) - valueStack) / 8
      : reader.i32(at + fields.f_stackdepth);
  const stack = Number.isInteger(top) && top > 0 && top <= room ? top : 0;
  return { address: at, code, slots, locals, stack };
}

const MOST_OLD_BYTES = 512;

/** A word of a frame's slot as an object's address; 0 where it is none. From 3.14 on the low bits are a tag. */
export function slotValue(reader: MemoryReader, { slotsAreTagged }: Layout, at: number): number {
  const word = reader.u64(at);
  if (!(word > 0 && word < USER_SPACE_END)) return 0;
  const tag = word % 4;
  if (tag === 0) return word;
  return slotsAreTagged && tag !== 3 ? word - tag : 0;
}
