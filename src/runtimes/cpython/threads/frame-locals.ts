import type { FrameLocal } from "../../thread-stacks.ts";
import type { Layout } from "../layout/layout.ts";
import { sizeAt } from "../objects/size-at.ts";
import type { PythonMemory } from "../python-memory.ts";
import { textOf } from "../types/names.ts";
import { readShort } from "../values/value.ts";
import { readFrame, slotValue } from "./frames.ts";

/** Variables of all frames that are read. */
export const MOST_LOCALS = 2 ** 18;
/** Of what a variable holds, that many are shown. */
const FEW = 3;
/** co_flags: *args, **kwargs (Include/cpython/code.h). */
const VARARGS = 4;
const VARKEYWORDS = 8;
/** co_localspluskinds (Include/internal/pycore_code.h, CO_FAST_*). */
const HIDDEN = 0x10;
const CELL = 0x40;
const FREE = 0x80;

/** A slot of a frame: whose name, and what it is. */
interface Slot {
  readonly name: number;
  readonly kind: FrameLocal["kind"];
  /** Whether functions within share it: a cell has its value. */
  readonly isShared: boolean;
  /** Whether the program does not see it, as those of comprehensions that are part of a function. */
  readonly isHidden: boolean;
}

/**
 * The variables of the frame at the address, in the order of its code: arguments come first. Those that have no value are left out, as
 * the program does. The names of modules and classes are in dicts, and not here.
 */
export function* localsOf(memory: PythonMemory, layout: Layout, at: number): Generator<FrameLocal> {
  const { reader } = memory;
  const frame = readFrame(reader, layout, at);
  if (frame === null) return;
  let index = -1;
  for (const { name, kind, isShared, isHidden } of slotsOf(memory, layout, frame.code)) {
    index += 1;
    if (index >= frame.locals) return;
    if (isHidden) continue;
    const held = slotValue(reader, layout, frame.slots + 8 * index);
    const value = isShared ? inCell(memory, layout, held) : held;
    if (value > 0) yield describe(memory, layout, name, kind, value);
  }
}

function describe(
  memory: PythonMemory,
  layout: Layout,
  name: number,
  kind: FrameLocal["kind"],
  address: number,
): FrameLocal {
  const type = memory.typeOf(address);
  return {
    name: textOf(memory.reader, layout, memory.types, name),
    kind,
    address,
    type: type === null ? null : memory.nameOf(type).name,
    bytes: type === null ? null : sizeAt(memory.reader, layout, memory.planOf(layout, type), address),
    value: type === null ? null : readShort(memory, layout, type, address, FEW),
  };
}

/** What the cell at the address has; until one is made, the value itself stands in the slot. */
function inCell(memory: PythonMemory, layout: Layout, at: number): number {
  if (memory.typeNameAt(at) !== "builtins.cell") return at;
  return memory.reader.u64(at + layout.structs.PyCellObject.ob_ref);
}

function* slotsOf(memory: PythonMemory, layout: Layout, code: number): Generator<Slot> {
  const { reader } = memory;
  const { PyVarObject, PyTupleObject, PyBytesObject, PyCodeObject } = layout.structs;
  const itemsOf = (tuple: number) => ({
    first: tuple + PyTupleObject.ob_item,
    count: reader.u64(tuple + PyVarObject.ob_size),
  });
  const flags = reader.i32(code + PyCodeObject.co_flags);
  const parameters =
    reader.i32(code + PyCodeObject.co_argcount) +
    reader.i32(code + PyCodeObject.co_kwonlyargcount) +
    ((flags & VARARGS) === 0 ? 0 : 1) +
    ((flags & VARKEYWORDS) === 0 ? 0 : 1);
  if ("co_localspluskinds" in PyCodeObject) {
    const { first, count } = itemsOf(reader.u64(code + PyCodeObject.co_localsplusnames));
    const kinds = reader.u64(code + PyCodeObject.co_localspluskinds) + PyBytesObject.ob_sval;
    for (let slot = 0; slot < count; slot += 1) {
      const bits = reader.u8(kinds + slot);
      const kind = (bits & FREE) !== 0 ? "free" : (bits & CELL) !== 0 ? "cell" : "local";
      yield {
        name: reader.u64(first + 8 * slot),
        kind: slot < parameters ? "argument" : kind,
        isShared: kind !== "local",
        isHidden: (bits & HIDDEN) !== 0,
      };
    }
    return;
  }
  const { oldCode } = layout;
  if (oldCode === null) return;
  for (const [offset, kind] of [
    [oldCode.co_varnames, "local"],
    [oldCode.co_cellvars, "cell"],
    [oldCode.co_freevars, "free"],
  ] as const) {
    const { first, count } = itemsOf(reader.u64(code + offset));
    for (let slot = 0; slot < count; slot += 1)
      yield {
        name: reader.u64(first + 8 * slot),
        kind: kind === "local" && slot < parameters ? "argument" : kind,
        isShared: kind !== "local",
        isHidden: false,
      };
  }
}
