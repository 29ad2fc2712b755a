import type { DebugOffsets } from "../layout/debug-offsets.ts";
import { FLAG, FREE_THREADED_LAYOUTS, LAYOUTS, type Layout } from "../layout/layout.ts";
import { readStr } from "../layout/text.ts";
import type { PythonMemory } from "../python-memory.ts";
import { hasFlag } from "../types/type-objects.ts";
import type { Places } from "./hash-table.ts";

/** Characters of a file's name: longer ones were seen than any system's paths. */
const MOST_NAME = 2 ** 16;
/** From 3.15 on names of files are C strings (Python/tracemalloc.c). */
const FIRST_WITH_C_NAMES = 15;
/** What tracemalloc calls a file that is not known; from 3.15 on that text lies where no core has it. */
const UNKNOWN = "<unknown>";
/** The last version whose tables have keys and values inline. */
const LAST_INLINE = 8;

/** The names of files as tracemalloc has them: objects of the interpreter, or texts of its own. */
export class FileNames {
  readonly #memory: PythonMemory;
  readonly #places: Places;
  readonly #debug: DebugOffsets | null;

  /** @param debug what _PyRuntime says of itself; null up to 3.12 */
  constructor(memory: PythonMemory, places: Places, debug: DebugOffsets | null) {
    this.#memory = memory;
    this.#places = places;
    this.#debug = debug;
  }

  /** Whether a str is at the address. */
  isStr(at: number): boolean {
    const type = this.#memory.typeOf(at);
    return type !== null && hasFlag(type, FLAG.str);
  }

  /** The name at the address; null where none can be read. */
  nameAt(at: number, isInline: boolean): string | null {
    const { reader } = this.#memory;
    if ((this.#debug?.minor ?? 0) >= FIRST_WITH_C_NAMES)
      return reader.text(at, MOST_NAME) ?? (this.#places.isWritable(at) ? null : UNKNOWN);
    if (!this.isStr(at)) return null;
    const layout = this.layout(isInline);
    return layout === null ? null : readStr(reader, layout, at, MOST_NAME);
  }

  /** Known once a name was read. Versions that types do not tell apart the form of the tables does. */
  layout(isInline: boolean): Layout | null {
    const { minor, isFreeThreaded } = this.#debug ?? { minor: 0, isFreeThreaded: false };
    const layouts = isFreeThreaded ? FREE_THREADED_LAYOUTS : LAYOUTS;
    const layout = layouts.find((one) => one.minor === minor) ?? this.#memory.layout;
    if (layout === null || layout.minor <= LAST_INLINE === isInline) return layout;
    return LAYOUTS.find((one) => one.minor === (isInline ? LAST_INLINE : LAST_INLINE + 1)) ?? layout;
  }
}
