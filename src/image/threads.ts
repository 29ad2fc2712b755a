import { Machine, type SystemCall, systemCall, type ThreadStatus } from "../elf/index.ts";
import { address, USER_SPACE_END } from "../terms/index.ts";
import type { Core } from "./core.ts";
import type { Image, ImageSegment } from "./image.ts";

/** A thread and where it stood. The first is the one that the signal hit, or that the debugger was at. */
export interface Thread extends ThreadStatus {
  /** The segment that its stack pointer is in; null where that is not known. */
  readonly stack: ImageSegment | null;
}

/** The threads of a core, in the file's order. */
export function readThreads({ image, notes }: Core): Thread[] {
  return notes.threads.map((thread) => ({
    ...thread,
    stack: thread.sp === null ? null : image.segmentAt(thread.sp),
  }));
}

/** Where each thread's own variables are; null where that is not known, or no address of user space. */
export function threadPointersOf(threads: readonly Thread[]): (number | null)[] {
  return threads.map(({ threadPointer }) =>
    threadPointer === null || threadPointer >= USER_SPACE_END ? null : Number(threadPointer),
  );
}

/** What is looked at of a stack at once, and of one that reads as zeros: a function's buffer may be as long. */
const STACK_STEP = 4096;
const MOST_STACK_BYTES = 2 ** 18;

/**
 * Whether the stack of a thread was saved: null where its stack pointer is not known, or leads nowhere. One that reads as zeros was not: where the
 * kernel has guard pages inside a stack's mapping (MADV_GUARD_INSTALL, glibc 2.42 on), gdb 13 fails to read them and
 * writes zeros for all that follows.
 */
export function isStackSaved({ image }: Core, { sp, stack }: Thread): boolean | null {
  if (sp === null || stack === null) return null;
  const bytes = new Uint8Array(STACK_STEP);
  for (let done = 0; done < MOST_STACK_BYTES; ) {
    const got = image.read(address(sp + BigInt(done)), bytes);
    if (bytes.subarray(0, got).some((byte) => byte !== 0)) return true;
    if (got === 0) return false;
    done += got;
  }
  return false;
}

/** `syscall`, the instruction of x86-64 that a thread in a call has just behind it. */
const SYSCALL = 0x050f;

/** A system call, and what it was given. */
export interface WaitedCall extends SystemCall {
  readonly number: number;
  readonly arguments: readonly bigint[];
}

/**
 * The system call that a thread was in; null where it was in none, or the machine does not tell.
 * @param image with the pages of modules' files, if they are at hand: then the instruction must be a system call
 */
export function callOf({ header }: Core, image: Image, { call, pc }: Thread): WaitedCall | null {
  if (call === null || pc === null || header.machine !== Machine.X86_64) return null;
  const [number, ...others] = call;
  const code = new Uint8Array(2);
  const isKnown = pc >= 2n && image.read(pc - 2n, code) === 2;
  if (isKnown && new DataView(code.buffer).getUint16(0, true) !== SYSCALL) return null;
  return { ...systemCall(number, others[0] ?? 0n), number: Number(number), arguments: others };
}
