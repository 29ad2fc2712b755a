import type { Instruction } from "./instructions.ts";

/** Where an instruction may go on instead of at the next one. */
export interface Jump {
  /** Bytes from the code's first instruction. */
  readonly to: number;
  /** What is on the stack there besides: `FOR_ITER` leaves its iterator, and from 3.12 on an item. */
  readonly pops: number;
  readonly pushes: number;
}

/** Those that never go on with the next instruction. */
const ENDS =
  /^(RETURN_VALUE|RETURN_CONST|RAISE_VARARGS|RERAISE|JUMP_FORWARD|JUMP_ABSOLUTE|JUMP_BACKWARD\w*)$/;
const CONDITION = /^POP_JUMP_|^JUMP_IF_\w+_OR_POP$|^FOR_ITER$/;

/** Whether what follows is reached by jumps alone. */
export function isEnd({ name }: Instruction): boolean {
  return ENDS.test(name);
}

/** Whether it goes on with the next instruction or elsewhere, as a value says. */
export function isCondition({ name }: Instruction): boolean {
  return CONDITION.test(name);
}

/** The jump forward that an instruction of CPython 3.`minor` may do; null where there is none. */
export function jumpOf({ name, arg, next }: Instruction, minor: number): Jump | null {
  const isConditional = CONDITION.test(name);
  if (!isConditional && name !== "JUMP_FORWARD" && name !== "JUMP_ABSOLUTE") return null;
  if (name.includes("BACKWARD")) return null;
  const isAbsolute = minor <= 10 && (name === "JUMP_ABSOLUTE" || /^(POP_)?JUMP_IF_/.test(name));
  // Instructions from 3.10 on, bytes before (Doc/library/dis.rst).
  const distance = arg * (minor >= 10 ? 2 : 1);
  const to = isAbsolute ? distance : next + distance;
  if (to < next) return null;
  if (name === "FOR_ITER") return minor >= 12 ? { to, pops: 0, pushes: 1 } : { to, pops: 1, pushes: 0 };
  return { to, pops: name.startsWith("POP_JUMP_") ? 1 : 0, pushes: 0 };
}

/** Whether an instruction at these bytes is in a loop: one behind it, or it itself, may go back to it or before. */
export function isInLoop(code: readonly Instruction[], at: number, minor: number): boolean {
  return code.some((instruction) => {
    const to = instruction.at < at ? null : backwardOf(instruction, minor);
    return to !== null && to <= at;
  });
}

/** Where an instruction of CPython 3.`minor` may go back to; null where it cannot. */
function backwardOf({ name, arg, at, next }: Instruction, minor: number): number | null {
  const distance = arg * (minor >= 10 ? 2 : 1);
  if (name.includes("BACKWARD")) return next - distance;
  const isAbsolute = minor <= 10 && (name === "JUMP_ABSOLUTE" || /^(POP_)?JUMP_IF_/.test(name));
  return isAbsolute && distance <= at ? distance : null;
}
