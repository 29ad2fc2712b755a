import { type MemoryReader, type Span, wordsOf } from "../../../blocks/index.ts";
import type { GilOffsets } from "../layout/debug-offsets.ts";
import type { Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import type { ThreadState } from "./thread-states.ts";

/** The lock that lets one thread of an interpreter run at a time. */
export interface Gil {
  /** The state of the thread that has it; 0 where none has, as while all wait in C. */
  readonly holder: number;
  /** Where its own variables lie: who waits for a word there waits for it. */
  readonly span: Span;
}

/** Interpreters that are looked at on the way from the newest to the first. */
const MOST_INTERPRETERS = 1024;

/**
 * Of each state, the GIL of its interpreter; null where it is not found. From 3.13 on _PyRuntime says where; in 3.12 each
 * interpreter leads to it; before, there is one in _PyRuntime (Include/internal/pycore_gil.h).
 */
export function findGils(
  memory: PythonMemory,
  layout: Layout,
  states: readonly ThreadState[],
): (state: ThreadState) => Gil | null {
  const { reader } = memory;
  const { structs } = layout;
  if (!("_gil_runtime_state" in structs)) return () => null;
  const { sizeof: bytes, last_holder, locked } = structs._gil_runtime_state;
  const fields = memory.debug?.gil ?? { pointer: Number.NaN, locked, holder: last_holder };
  const interpreterOf = ({ address }: ThreadState) => reader.u64(address + structs.PyThreadState.interp);
  const gilAt = (at: number): Gil | null => readGil(reader, fields, at, bytes);
  if ("gil" in structs.PyInterpreterState) {
    const pointer = memory.debug?.gil ? fields.pointer : structs.PyInterpreterState.gil;
    return (state) => gilAt(reader.u64(interpreterOf(state) + pointer));
  }
  const [first] = states;
  const at = first === undefined ? null : findRuntime(memory, layout, interpreterOf(first), states);
  const gil = at === null ? null : gilAt(at);
  return () => gil;
}

function readGil(reader: MemoryReader, fields: GilOffsets, at: number, bytes: number): Gil | null {
  const locked = reader.u32(at + fields.locked);
  if (!(at > 0) || !(locked <= 1)) return null;
  return {
    holder: locked === 1 ? reader.u64(at + fields.holder) : 0,
    span: { start: at, end: at + bytes },
  };
}

/**
 * Where the GIL in _PyRuntime lies, up to 3.11: where the newest interpreter and the first stand next to each other, and the GIL's
 * last holder is none or one of the threads.
 */
function findRuntime(
  { reader, spans: { all, own } }: PythonMemory,
  { structs }: Layout,
  first: number,
  states: readonly ThreadState[],
): number | null {
  const { PyInterpreterState: interpreter } = structs;
  if (!("_PyRuntimeState" in structs && "gil" in structs._PyRuntimeState && "next" in interpreter))
    return null;
  const { head, main, gil } = structs._PyRuntimeState;
  const known = new Set(states.map(({ address }) => address));
  const leadsToFirst = (newest: number) => {
    let at = newest;
    for (let steps = 0; at > 0 && at !== first && steps < MOST_INTERPRETERS; steps += 1)
      at = reader.u64(at + interpreter.next);
    return at === first;
  };
  for (const { start, end } of all) {
    if (start < own.start || start >= own.end) continue;
    for (const [at, word] of wordsOf(reader, start, end)) {
      if (word !== first || !leadsToFirst(reader.u64(at - (main - head)))) continue;
      const found = at - main + gil;
      const holder = reader.u64(found + structs._gil_runtime_state.last_holder);
      if (holder === 0 || known.has(holder)) return found;
    }
  }
  return null;
}
