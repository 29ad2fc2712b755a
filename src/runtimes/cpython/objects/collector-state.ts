import type { MemoryReader } from "../../../blocks/index.ts";
import type { DebugOffsets } from "../layout/debug-offsets.ts";
import type { Layout } from "../layout/layout.ts";
import type { Structs } from "../structs/structs.ts";
import type { StaticSpans } from "./statics.ts";

/** Structs of the versions whose collector is known: 3.8 on. Without the GIL it keeps no lists. */
type CollectorStructs = Extract<Structs, { readonly _gc_runtime_state: { readonly generation0: number } }>;

function hasLists(structs: Structs): structs is CollectorStructs {
  return "_gc_runtime_state" in structs && "generation0" in structs._gc_runtime_state;
}

/** Where the main interpreter has the state of its collector. */
export interface CollectorState {
  readonly at: number;
  readonly structs: CollectorStructs;
  /** Where it has the heads of its lists: of the generations, the youngest first, and of what was frozen. */
  readonly heads: readonly number[];
  /** Whether it is that of 3.14.0 to 3.14.4, which has no `generation0`. */
  readonly isIncremental: boolean;
}

const GENERATIONS = 3;
/** 8 up to 3.13.0; some later ones let PyGC_Head begin at half of that, and the generations do (pycore_gc.h, Py_ALIGNED). */
const SHIFTS = [0, -4];
/** Modules' data is read in steps of this many bytes. */
const STEP = 2 ** 20;
/** Addresses that a program can have. */
const MOST_HIGH = 2 ** 16;

/**
 * The main interpreter's `_gc_runtime_state` (Include/internal/pycore_gc.h; pycore_pymem.h in 3.8). From 3.13 on
 * _PyRuntime says where it is. Before, it lies in the interpreter's data or, in 3.9 and 3.10, in a block that a word of
 * that leads to, and proves itself: `generation0` is the address of the first generation, and lists come back.
 * @param interpreter the main interpreter's address, where it is known
 */
export function findCollector(
  reader: MemoryReader,
  { structs }: Layout,
  spans: StaticSpans,
  debug: DebugOffsets | null,
  interpreter: number | null = null,
): CollectorState | null {
  if (!hasLists(structs)) return null;
  if (debug !== null) return stateAt(reader, structs, debug.collector, debug.minor === 14);
  const { generation0, generations } = structs._gc_runtime_state;
  const { PyInterpreterState: fields } = structs;
  const inInterpreter = "gc" in fields ? fields.gc : null;
  if (interpreter !== null && inInterpreter !== null)
    return stateAt(reader, structs, interpreter + inInterpreter, false);
  return findByWord(reader, spans, (place, word) => {
    const isOwn = word === place - generation0 + generations;
    if (!isOwn && (inInterpreter === null || word % 16 !== 0)) return null;
    const at = isOwn ? place - generation0 : word + (inInterpreter ?? 0);
    return stateAt(reader, structs, at, false);
  });
}

function stateAt(
  reader: MemoryReader,
  structs: CollectorStructs,
  at: number,
  mayBeIncremental: boolean,
): CollectorState | null {
  const { generation0, generations, enabled } = structs._gc_runtime_state;
  const first = reader.u64(at + generation0);
  for (const shift of SHIFTS) {
    const isIncremental = first !== at + generations + shift;
    if (isIncremental && !mayBeIncremental) continue;
    const heads = listHeads(structs, at, shift);
    if (reader.u32(at + enabled) <= 1 && heads.every((head) => comesBack(reader, structs, head)))
      return { at, structs, heads, isIncremental };
  }
  return null;
}

/** The first that `look` finds by a word of the interpreter's own data that may be an address, and where that lies. */
function findByWord<Found>(
  reader: MemoryReader,
  { all, own }: StaticSpans,
  look: (place: number, word: number) => Found | null,
): Found | null {
  for (const { start, end } of all) {
    if (start < own.start || start >= own.end) continue;
    for (let step = start; step < end; step += STEP) {
      const bytes = reader.bytes(step, Math.min(STEP, end - step));
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let at = 0; at + 8 <= bytes.length; at += 8) {
        const high = view.getUint32(at + 4, true);
        const word = high * 2 ** 32 + view.getUint32(at, true);
        if (word === 0 || word % 8 !== 0 || high >= MOST_HIGH) continue;
        const found = look(step + at, word);
        if (found !== null) return found;
      }
    }
  }
  return null;
}

function listHeads(
  { _gc_runtime_state: state, gc_generation: { sizeof: bytes } }: CollectorStructs,
  at: number,
  shift: number,
): number[] {
  const first = at + state.generations + shift;
  const generations = Array.from({ length: GENERATIONS }, (_, index) => first + index * bytes);
  // Up to 3.13 a pointer lies between, and begins at a multiple of 8.
  const isNext = state.permanent_generation === state.generations + GENERATIONS * bytes;
  return [...generations, at + state.permanent_generation + (isNext ? shift : 0)];
}

/** Whether a head is that of a list: the next has it for its previous one, and the other way round. */
function comesBack(reader: MemoryReader, { PyGC_Head }: CollectorStructs, head: number): boolean {
  const { _gc_next: next, _gc_prev: previous } = PyGC_Head;
  return (
    readLink(reader, readLink(reader, head + next) + previous) === head &&
    readLink(reader, readLink(reader, head + previous) + next) === head
  );
}

/** A link of the collector's lists, without the flags in its lowest two bits. */
export function readLink(reader: MemoryReader, place: number): number {
  const link = reader.u64(place);
  return link - (link % 4);
}
