import type { Heap, PyObject } from "./heap.ts";
import type { Memory } from "./memory.ts";
import type { Types } from "./types.ts";

export interface FramePlan {
  readonly code: PyObject;
  /** Names in the code, whose lengths the frame's slots go by. */
  readonly locals: readonly (PyObject | null)[];
  /** What lies on its stack of values. */
  readonly stack?: readonly PyObject[];
  /** As the code was planned. */
  readonly stackSize?: number;
  readonly function?: PyObject;
  readonly globals?: PyObject;
  /** Bytes from the code's first instruction to the one that runs. */
  readonly instruction?: number;
  readonly back?: PyObject;
}

/** The low bit of what a frame borrows, or holds with a count that is deferred (3.14, pycore_stackref.h). */
const BORROWED = 1;
/** FRAME_OWNED_BY_THREAD, FRAME_OWNED_BY_GENERATOR, FRAME_OWNED_BY_FRAME_OBJECT. */
const [BY_THREAD, BY_GENERATOR, BY_OBJECT] = [0, 1, 2];
/**
 * FRAME_SUSPENDED, FRAME_COMPLETED and FRAME_CLEARED of 3.11, 3.13 and 3.15 (Include/internal/pycore_frame.h). From 3.15
 * on a generator that is completed is cleared.
 */
const FRAME_STATES = {
  11: { suspended: 0xff, completed: 1, cleared: 4 },
  13: { suspended: 0xfe, completed: 1, cleared: 4 },
  15: { suspended: 1, completed: 5, cleared: 5 },
} as const;

const CHUNK_BYTES = 16_384;

/** Makes frames of all kinds: objects, a thread's, generators'. */
export class Frames {
  readonly #heap: Heap;
  readonly #types: Types;

  constructor(heap: Heap, types: Types) {
    this.#heap = heap;
    this.#types = types;
  }

  get #isNew(): boolean {
    return this.#heap.minor >= 11;
  }

  /** Bytes of the slots of a frame: locals, cells and free variables, and room for its stack. */
  #slotBytes({ locals, stackSize = 2 }: FramePlan): number {
    return 8 * (locals.length + stackSize);
  }

  /** PyFrameObject. Since 3.11 with a frame of its own behind it, as one that outlived its call; slots follow. */
  object(plan: FramePlan): PyObject {
    const { memory, structs } = this.#heap;
    const type = this.#types.get("frame");
    // Up to 3.10 the struct has one slot in itself.
    const object = this.#heap.make(type, structs.frameBytes + this.#slotBytes(plan) - (this.#isNew ? 0 : 8));
    const at = object.address;
    this.#heap.hold(at + structs.frameBack, plan.back ?? null);
    if (this.#isNew) {
      memory.u64(at + structs.frameData, at + structs.frameOwn);
      this.#inner(at + structs.frameOwn, plan, BY_OBJECT);
      return object;
    }
    this.#heap.hold(at + structs.frameCode, plan.code);
    this.#heap.hold(at + structs.frameGlobals, plan.globals ?? null);
    memory.u32(at + structs.frameLastInstruction, this.#oldInstruction(plan));
    const slots = at + structs.frameSlots;
    const valueStack = slots + 8 * plan.locals.length;
    memory.u64(at + structs.frameValueStack, valueStack);
    const { stack = [] } = plan;
    if (this.#heap.minor < 10) memory.u64(at + structs.frameStackTop, valueStack + 8 * stack.length);
    else memory.u32(at + structs.frameStackDepth, stack.length);
    [...plan.locals, ...stack].forEach((value, index) => {
      this.#heap.hold(slots + 8 * index, value);
    });
    return object;
  }

  /** f_lasti: bytes up to 3.9, instructions of two bytes in 3.10. */
  #oldInstruction({ instruction = 0 }: FramePlan): number {
    return this.#heap.minor === 10 ? instruction / 2 : instruction;
  }

  /** A suspended generator. Up to 3.10 it holds a frame object; since 3.11 the frame is in it. */
  generator(
    plan: FramePlan & { readonly name: PyObject; readonly done?: "completed" | "cleared" },
  ): PyObject {
    const { memory, structs, minor } = this.#heap;
    const slots = this.#isNew ? this.#slotBytes(plan) : 0;
    const object = this.#heap.make(this.#types.get("generator"), structs.generatorBytes + slots);
    const at = object.address;
    this.#heap.hold(at + structs.generatorName, plan.name);
    this.#heap.hold(at + structs.generatorQualname, plan.name);
    if (minor <= 11) this.#heap.hold(at + structs.generatorCode, plan.code);
    if (!this.#isNew) {
      this.#heap.hold(at + structs.generatorFrame, this.object(plan));
      return object;
    }
    const states = FRAME_STATES[minor >= 15 ? 15 : minor >= 13 ? 13 : 11];
    memory.u8(at + structs.generatorState, states[plan.done ?? "suspended"]);
    if (plan.done !== undefined)
      memory.u64(at + structs.generatorFrame + structs.innerCode, plan.code.address);
    else this.#inner(at + structs.generatorFrame, plan, BY_GENERATOR);
    return object;
  }

  /**
   * A thread's data stack (3.11 on): chunks of 16 KiB with its frames, the last one first; the thread's state says where
   * it is. @param earlier the frames of the chunk before
   */
  thread(
    nativeId: number,
    at: number,
    plans: readonly FramePlan[],
    earlier: readonly FramePlan[] = [],
  ): void {
    const { memory, structs, malloc } = this.#heap;
    const before = at + 0x10_0000;
    if (earlier.length > 0) {
      const top = this.#chunk(before, earlier, 0);
      // Slots of it that are in use, while it is not the last.
      memory.u64(before + 16, (top - before - 24) / 8);
    }
    const top = this.#chunk(at, plans, earlier.length > 0 ? before : 0);
    const { start: state } = malloc.allocate(structs.threadBytes);
    memory.u64(state + structs.threadNativeId, nativeId);
    memory.u64(state + structs.threadDataStack, at);
    memory.u64(state + structs.threadDataStack + 8, top);
    memory.u64(state + structs.threadDataStack + 16, at + CHUNK_BYTES);
  }

  /** _PyStackChunk: previous, size, top; of the first of all, the first word of data is left out. */
  #chunk(at: number, plans: readonly FramePlan[], previous: number): number {
    const { memory, structs } = this.#heap;
    memory.map(at, CHUNK_BYTES);
    memory.u64(at, previous);
    memory.u64(at + 8, CHUNK_BYTES);
    let top = at + 24 + (previous === 0 ? 8 : 0);
    for (const plan of plans) {
      this.#inner(top, plan, BY_THREAD);
      top += structs.innerSlots + this.#slotBytes(plan);
    }
    return top;
  }

  /** _PyInterpreterFrame: its code, its function, its object, what runs, its stack's top, then its slots. */
  #inner(at: number, plan: FramePlan, owner: number): void {
    const { structs, minor } = this.#heap;
    const memory: Memory = this.#heap.memory;
    const first = plan.code.address + structs.codeBytes;
    this.#heap.hold(at + structs.innerCode, plan.code);
    this.#heap.hold(at + structs.innerFunction, plan.function ?? null);
    if (plan.globals !== undefined) memory.u64(at + structs.innerGlobals, plan.globals.address);
    memory.u64(at + structs.innerInstruction, first + (plan.instruction ?? 0));
    memory.u8(at + structs.innerOwner, owner);
    const { locals, stack = [] } = plan;
    const slots = at + structs.innerSlots;
    [...locals, ...stack].forEach((value, index) => {
      this.#heap.hold(slots + 8 * index, value);
    });
    // A number of slots, since 3.14 an address.
    const used = locals.length + stack.length;
    if (minor >= 14) memory.u64(at + structs.innerStackTop, slots + 8 * used);
    else memory.u32(at + structs.innerStackTop, used);
  }

  /** What a frame of 3.14 only borrows: the same address with its lowest bit set, and no count. */
  borrow(at: number, object: PyObject): void {
    this.#heap.memory.u64(at, object.address + BORROWED);
  }
}
