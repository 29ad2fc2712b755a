import { FLAG, type Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { hasFlag } from "../types/type-objects.ts";

/** Where the items of a list or a tuple are. */
export interface Items {
  readonly first: number;
  readonly count: number;
}

/** The items of the list or tuple at the address; null for all else. */
export function itemsOf(memory: PythonMemory, { structs }: Layout, at: number): Items | null {
  const type = memory.typeOf(at);
  if (type === null || !hasFlag(type, FLAG.list | FLAG.tuple)) return null;
  const { PyVarObject, PyListObject, PyTupleObject } = structs;
  const { reader } = memory;
  return {
    first: hasFlag(type, FLAG.list) ? reader.u64(at + PyListObject.ob_item) : at + PyTupleObject.ob_item,
    count: reader.u64(at + PyVarObject.ob_size),
  };
}
