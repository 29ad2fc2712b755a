import { describe, expect, it } from "vitest";
import { readFrame, slotValue } from "../../../../src/runtimes/cpython/threads/frames.ts";
import { AT, layout, memory } from "../one-page.ts";

const FRAME = AT + 0x100;
const CODE = AT + 0x800;

interface FramePlan {
  readonly locals?: number;
  readonly room?: number;
  /** Slots in use of the stack; below 0 where there is none. */
  readonly stack?: number;
  readonly tag?: number;
  readonly code?: number;
}

describe.each(["3.11", "3.12", "3.13", "3.14", "3.15"])("a frame of CPython %s", (version) => {
  const made = layout(version);
  const fields = made.frame;
  if (fields === null) throw new RangeError(version);
  const slots = FRAME + fields.slots;

  const read = ({ locals = 3, room = 5, stack = 2, tag = 0, code = CODE }: FramePlan) =>
    readFrame(
      memory((view) => {
        const top = fields.stackTopIsAddress ? slots + 8 * (locals + stack) : locals + stack;
        view.setBigUint64(FRAME - AT + fields.code, BigInt(code + tag), true);
        if (fields.stackTopIsAddress) view.setBigUint64(FRAME - AT + fields.stackTop, BigInt(top), true);
        else view.setInt32(FRAME - AT + fields.stackTop, top, true);
        view.setInt32(CODE - AT + made.code.locals, locals, true);
        view.setInt32(CODE - AT + made.structs.PyCodeObject.co_stacksize, room, true);
      }),
      made,
      FRAME,
    );

  it("has its code, its locals, and what is on its stack", () => {
    expect(read({})).toEqual({ address: FRAME, code: CODE, slots, locals: 3, stack: 2 });
    expect(read({ stack: 5 })).toMatchObject({ locals: 3, stack: 5 });
    expect(read({ locals: 0, stack: 1 })).toMatchObject({ locals: 0, stack: 1 });
    expect(read({ tag: 1 })?.code).toBe(CODE);
  });

  it("has nothing on a stack that is empty, or whose top makes no sense", () => {
    for (const stack of [0, -1, -3, 6, 1000]) expect(read({ stack })?.stack, String(stack)).toBe(0);
    expect(read({ room: 0, stack: 0 })?.stack).toBe(0);
    expect(read({ room: 0, stack: 1 })?.stack).toBe(0);
  });

  it("is none where its code has less than no slots, or more than any", () => {
    for (const locals of [-1, 65_537]) expect(read({ locals, stack: 0 }), String(locals)).toBeNull();
    for (const room of [-1, 65_537]) expect(read({ room, stack: 0 }), String(room)).toBeNull();
    expect(read({ locals: 65_536, room: 65_536, stack: 0 })).toMatchObject({ locals: 65_536, stack: 0 });
    expect(read({ code: 0 })).toBeNull();
  });
});

describe.each(["3.8", "3.9", "3.10"])("a frame object of CPython %s", (version) => {
  const made = layout(version);
  const { oldFrame, oldCode, structs } = made;
  if (oldFrame === null || oldCode === null) throw new RangeError(version);
  const [CELLS, FREE] = [AT + 0xc00, AT + 0xc40];

  /** Two cells and a free variable stand behind the locals. */
  const read = ({ locals = 3, room = 5, stack = 2, code = CODE }: FramePlan, lead = 400, unit = 8) =>
    readFrame(
      memory((view) => {
        const [own, values] = [FRAME - AT, FRAME + lead + 8 * (locals + 3)];
        view.setBigUint64(own + oldFrame.f_code, BigInt(code), true);
        view.setBigUint64(own + oldFrame.f_valuestack, BigInt(values), true);
        if ("f_stacktop" in oldFrame)
          view.setBigUint64(own + oldFrame.f_stacktop, BigInt(values + unit * stack), true);
        else view.setInt32(own + oldFrame.f_stackdepth, stack, true);
        view.setInt32(CODE - AT + oldCode.co_nlocals, locals, true);
        view.setInt32(CODE - AT + oldCode.co_stacksize, room, true);
        view.setBigUint64(CODE - AT + oldCode.co_cellvars, BigInt(CELLS), true);
        view.setBigUint64(CODE - AT + oldCode.co_freevars, BigInt(FREE), true);
        view.setBigUint64(CELLS - AT + structs.PyVarObject.ob_size, 2n, true);
        view.setBigUint64(FREE - AT + structs.PyVarObject.ob_size, 1n, true);
      }),
      made,
      FRAME,
    );

  it("has its locals, cells and free variables before its stack", () => {
    expect(read({})).toEqual({ address: FRAME, code: CODE, slots: FRAME + 400, locals: 6, stack: 2 });
    expect(read({ stack: 5 })?.stack).toBe(5);
    expect(read({ locals: -3, stack: 1 })).toMatchObject({ locals: 0, stack: 1 });
  });

  it("has nothing on a stack that is empty, or whose top makes no sense", () => {
    for (const stack of [0, -1, 6]) expect(read({ stack })?.stack, String(stack)).toBe(0);
    if ("f_stacktop" in oldFrame) expect(read({ stack: 3 }, 400, 4)?.stack).toBe(0);
  });

  it("is none where its slots are before it, too far from it, or too many", () => {
    expect(read({}, 512)).not.toBeNull();
    expect(read({}, 520)).toBeNull();
    expect(read({}, 8)).not.toBeNull();
    expect(read({}, 0)).toBeNull();
    expect(read({}, -8)).toBeNull();
    expect(read({ locals: -4 })).toBeNull();
    expect(read({ locals: 65_533 })?.locals).toBe(65_536);
    expect(read({ locals: 65_534 })).toBeNull();
    expect(read({ code: 0 })).toBeNull();
  });
});

describe("a slot", () => {
  const value = (version: string, word: bigint) =>
    slotValue(
      memory((view) => view.setBigUint64(64, word, true)),
      layout(version),
      AT + 64,
    );

  it.each(["3.9", "3.13"])("of CPython %s holds an object by its address, without a tag", (version) => {
    expect(value(version, BigInt(AT))).toBe(AT);
    for (const tag of [1n, 2n, 3n]) expect(value(version, BigInt(AT) + tag)).toBe(0);
  });

  it("of CPython 3.14 may have a tag, but not both bits of it: then it is a number", () => {
    for (const tag of [0n, 1n, 2n]) expect(value("3.14", BigInt(AT) + tag)).toBe(AT);
    expect(value("3.14", BigInt(AT) + 3n)).toBe(0);
  });

  it("holds none where it is empty, not saved, or past user space", () => {
    for (const word of [0n, 2n ** 48n, 2n ** 60n]) expect(value("3.12", word)).toBe(0);
    expect(value("3.12", 2n ** 48n - 8n)).toBe(2 ** 48 - 8);
    expect(
      slotValue(
        memory(() => {}),
        layout("3.12"),
        AT + 4096,
      ),
    ).toBe(0);
  });
});
