import type { ThreadCall, ThreadWait } from "../../thread-stacks.ts";
import type { Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { readFrame } from "./frames.ts";
import type { Gil } from "./gil.ts";

/** Frames of a thread that are looked through for the lock: it was passed on by one of the last. */
const MOST_FRAMES = 8;
/** Bytes of a C stack that are looked through for it: between futex(2) and the interpreter there are few functions. */
const C_STACK_BYTES = 8192;
/** futex(2): FUTEX_WAIT, FUTEX_WAIT_BITSET, without the flags above them. */
const WAITS: ReadonlySet<bigint> = new Set([0n, 9n]);
const OPERATION = 0x7fn;

/** What tells of a thread that waits. */
export interface Waiter {
  readonly call: ThreadCall | null;
  readonly stackPointer: number | null;
  /** Its Python frames, the newest first. */
  readonly frames: readonly number[];
  readonly gil: Gil | null;
}

/**
 * What a thread waits for in futex(2); null where it is in another call. Up to 3.13 a lock leads to the semaphore whose word that is;
 * since, a mutex in the lock is what the word's entry on the thread's own stack is about (Python/parking_lot.c, struct wait_entry:
 * park_arg, addr, sema). No heap is read: who waits for a lock has it on its own stacks.
 */
export function waitOf(memory: PythonMemory, layout: Layout, waiter: Waiter): ThreadWait | null {
  const { call, gil } = waiter;
  const [word = 0n, operation = 0n] = call?.arguments ?? [];
  // A call that a debugger interrupted goes on as restart_syscall(2), with the registers that it had.
  if (call?.name !== "futex" && call?.name !== "restart_syscall") return null;
  if (!WAITS.has(operation & OPERATION) || word >= 2n ** 53n) return null;
  const at = Number(word);
  const none = { owner: null, depth: null };
  if (gil !== null && at >= gil.span.start && at < gil.span.end)
    return { kind: "gil", address: gil.span.start, ...none };
  const lock = findLock(memory, layout, at, waiter);
  if (lock !== null) return lock;
  return call.name === "futex" ? { kind: "futex", address: at, ...none } : null;
}

function findLock(memory: PythonMemory, layout: Layout, word: number, waiter: Waiter): ThreadWait | null {
  const { reader } = memory;
  const { lockobject } = layout.structs;
  if ("lock" in lockobject) {
    const mutex = reader.u64(word - 8);
    return lockAt(memory, layout, mutex - lockobject.lock);
  }
  for (const candidate of candidatesOf(memory, layout, waiter)) {
    if (reader.u64(candidate + lockobject.lock_lock) !== word) continue;
    const lock = lockAt(memory, layout, candidate);
    if (lock !== null) return lock;
  }
  return null;
}

/** Words of the newest frames' slots and stacks, and then of the C stack. */
function* candidatesOf(
  { reader }: PythonMemory,
  layout: Layout,
  { frames, stackPointer }: Waiter,
): Generator<number> {
  for (const at of frames.slice(0, MOST_FRAMES)) {
    const frame = readFrame(reader, layout, at);
    if (frame === null) continue;
    const room = reader.i32(frame.code + layout.structs.PyCodeObject.co_stacksize);
    for (let slot = frame.locals + room - 1; slot >= 0; slot -= 1) {
      const value = reader.u64(frame.slots + 8 * slot);
      if (value % 8 === 0) yield value;
    }
  }
  if (stackPointer === null) return;
  for (let at = stackPointer; at < stackPointer + C_STACK_BYTES; at += 8) {
    const value = reader.u64(at);
    if (value % 8 === 0) yield value;
  }
}

/** Null where no lock lies at the address. */
function lockAt(memory: PythonMemory, layout: Layout, at: number): ThreadWait | null {
  const type = memory.typeOf(at);
  if (type === null) return null;
  const { name } = memory.nameOf(type);
  if (name === "_thread.lock") return { kind: "lock", address: at, owner: null, depth: null };
  if (name !== "_thread.RLock") return null;
  const { reader } = memory;
  const { rlockobject: fields } = layout.structs;
  const [owner, depth] =
    "thread" in fields ? [fields.thread, fields.level] : [fields.rlock_owner, fields.rlock_count];
  const count = reader.u64(at + depth);
  // 3.14 counts from 0 on what its thread takes again (Python/lock.c, _PyRecursiveMutex_Lock).
  return {
    kind: "rlock",
    address: at,
    owner: reader.u64(at + owner),
    depth: "thread" in fields ? count + 1 : count,
  };
}
