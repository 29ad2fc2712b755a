import type { MemoryReader } from "../../../blocks/index.ts";
import { dictEntries } from "../layout/dict-entries.ts";
import type { Layout } from "../layout/layout.ts";

/**
 * Addresses of the classes that derive from the type at the address with nothing between, as it keeps weak references
 * to them: a dict of those in `tp_subclasses`. The first `most` of its table; what is dead there comes as the address
 * of None. None of a static type from 3.12 on, which has a number there.
 */
export function* subclassesAt(
  reader: MemoryReader,
  layout: Layout,
  at: number,
  most: number,
): Generator<number> {
  const { PyTypeObject, PyWeakReference } = layout.structs;
  const dict = reader.u64(at + PyTypeObject.tp_subclasses);
  for (const { value } of dictEntries(reader, layout, dict, most))
    yield reader.u64(value + PyWeakReference.wr_object);
}
