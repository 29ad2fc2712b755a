import type { MemoryReader } from "../../../blocks/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import type { StaticSpans } from "../objects/statics.ts";
import { V313 } from "../structs/v313.ts";
import { V314 } from "../structs/v314.ts";
import { V315 } from "../structs/v315.ts";
import { hasFlag, type TypeObject } from "../types/type-objects.ts";
import { FLAG, type Layout } from "./layout.ts";

/** What _PyRuntime says of itself from 3.13 on (Include/internal/pycore_debug_offsets.h). */
export interface DebugOffsets {
  readonly address: number;
  /** The 13 of 3.13.5. */
  readonly minor: number;
  /** `3.13.5`. */
  readonly version: string;
  readonly isFreeThreaded: boolean;
  /** Where the main interpreter has sys.modules; NaN where that is not saved, or the table's form is not known. */
  readonly modules: number;
  /** The state of the main interpreter's collector; NaN as above. */
  readonly collector: number;
  /** The newest first. */
  readonly interpreters: readonly Interpreter[];
  /** Null where the table's form is not known. */
  readonly gil: GilOffsets | null;
}

/** A PyInterpreterState. */
export interface Interpreter {
  readonly address: number;
  /** Where the address of its newest thread's state stands. */
  readonly threadHead: number;
}

/** Where an interpreter's GIL says who has it. */
export interface GilOffsets {
  /** From the interpreter to the word that leads to its GIL. */
  readonly pointer: number;
  /** From there on. */
  readonly locked: number;
  readonly holder: number;
}

const COOKIE = Buffer.from("xdebugpy");
/** The table's own fields: those that come first are at the same places in all versions. */
const { version: VERSION, free_threaded: FREE_THREADED } = V313._Py_DebugOffsets;
const TABLES = new Map(
  [V313, V314, V315].map(({ minor, _Py_DebugOffsets }) => [minor as number, _Py_DebugOffsets]),
);
const NEWEST = Math.max(...TABLES.keys());
/** Interpreters beyond that many are a damaged list. */
const MOST_INTERPRETERS = 1024;
/** Modules' data is read in steps of this many bytes. */
const STEP = 2 ** 20;

/** All modules' data taken for the interpreter's, as long as that is not known. */
export function everywhere({ all }: Pick<StaticSpans, "all">): StaticSpans {
  return { all, own: { start: 0, end: USER_SPACE_END } };
}

/** Looks for the cookie `xdebugpy` in the interpreter's static data; null where there is none, as up to 3.12. */
export function readDebugOffsets(reader: MemoryReader, { all, own }: StaticSpans): DebugOffsets | null {
  for (const { start, end } of all) {
    if (start < own.start || start >= own.end) continue;
    for (let at = start; at < end; at += STEP) {
      // The cookie is aligned, and so are the steps: it lies in no two of them.
      const found = findCookie(reader, at, reader.bytes(at, Math.min(STEP, end - at)));
      if (found !== null) return found;
    }
  }
  return null;
}

function findCookie(reader: MemoryReader, start: number, bytes: Uint8Array): DebugOffsets | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = text.indexOf(COOKIE); at >= 0; at = text.indexOf(COOKIE, at + 1)) {
    const hex = reader.u64(start + at + VERSION);
    if ((start + at) % 8 !== 0 || !(hex < 2 ** 32) || hex >>> 24 !== 3) continue;
    const minor = (hex >>> 16) & 0xff;
    return {
      address: start + at,
      minor,
      version: `3.${minor}.${(hex >>> 8) & 0xff}`,
      isFreeThreaded: reader.u64(start + at + FREE_THREADED) === 1,
      ...readInterpreter(reader, start + at, minor),
    };
  }
  return null;
}

function readInterpreter(
  reader: MemoryReader,
  runtime: number,
  minor: number,
): Pick<DebugOffsets, "modules" | "collector" | "interpreters" | "gil"> {
  // What comes first in it has its place since 3.14: a later version's is read as the newest that is known.
  const table = TABLES.get(Math.min(minor, NEWEST));
  if (table === undefined) return { modules: Number.NaN, collector: Number.NaN, interpreters: [], gil: null };
  const interpreter = reader.u64(runtime + reader.u64(runtime + table.interpreters_head));
  const interpreters: Interpreter[] = [];
  for (let at = interpreter; at > 0 && interpreters.length < MOST_INTERPRETERS; ) {
    interpreters.push({ address: at, threadHead: at + reader.u64(runtime + table.threads_head) });
    at = reader.u64(at + reader.u64(runtime + table.next));
  }
  return {
    modules: reader.u64(interpreter + reader.u64(runtime + table.imports_modules)),
    collector: interpreter + reader.u64(runtime + table.gc),
    interpreters,
    gil: {
      pointer: reader.u64(runtime + table.ceval_gil),
      locked:
        reader.u64(runtime + table.gil_runtime_state_locked) - reader.u64(runtime + table.gil_runtime_state),
      holder:
        reader.u64(runtime + table.gil_runtime_state_holder) - reader.u64(runtime + table.gil_runtime_state),
    },
  };
}

/** Where what _PyRuntime says of itself and what was found by structure disagree, a line each. */
export function* disagreements(
  reader: MemoryReader,
  debug: DebugOffsets,
  layout: Layout,
  types: ReadonlyMap<number, TypeObject>,
): Generator<string> {
  if (debug.minor !== layout.minor)
    yield `its types are those of CPython ${layout.version}, _PyRuntime says ${debug.version}`;
  if (Number.isNaN(debug.modules)) return;
  const type = types.get(reader.u64(debug.modules + layout.structs.PyObject.ob_type));
  if (type === undefined || !hasFlag(type, FLAG.dict))
    yield `_PyRuntime has sys.modules at 0x${debug.modules.toString(16)}, where no dict was found`;
}

/** `CPython 3.13.5, free-threaded`: the build without the GIL (PEP 703). */
export function buildName({ version, isFreeThreaded }: DebugOffsets): string {
  return `CPython ${version}${isFreeThreaded ? ", free-threaded" : ""}`;
}
