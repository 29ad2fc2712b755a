import type { ThreadStatus } from "../elf/index.ts";
import { USER_SPACE_END } from "../terms/index.ts";
import type { Core } from "./core.ts";
import type { ImageSegment } from "./image.ts";

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
