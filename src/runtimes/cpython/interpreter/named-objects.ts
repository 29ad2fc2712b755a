import type { Layout } from "../layout/layout.ts";
import type { Python } from "../python.ts";
import type { PythonMemory } from "../python-memory.ts";

/** What objects are read with where all types have names. */
export interface NamedObjects {
  readonly memory: PythonMemory;
  readonly layout: Layout;
  /** The name of the type of the object at the address; null where there is none. */
  typeNameAt(at: number): string | null;
}

/** A static type has no name of its own where its module's file is not there: what a dict calls it is known then. */
export function namedObjects(memory: PythonMemory, { layout, names }: Python): NamedObjects {
  const { ob_type } = layout.structs.PyObject;
  return {
    memory,
    layout,
    typeNameAt: (at) =>
      at > 0 && at % 8 === 0 ? (names.get(memory.reader.u64(at + ob_type))?.name ?? null) : null,
  };
}
