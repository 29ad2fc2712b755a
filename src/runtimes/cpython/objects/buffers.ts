import type { MemoryReader } from "../../../blocks/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { KIND, type TypePlan } from "../types/kinds.ts";
import { hasFlag } from "../types/type-objects.ts";
import { recordsOf, takeOut } from "./live-records.ts";
import type { Records } from "./records.ts";

/**
 * Takes the bytes objects that are bytearrays' buffers (3.15 on, Include/cpython/bytearrayobject.h) out of the records and
 * the tally: a bytearray's own size has them, and no program can reach them. Returns their bytes by sys.getsizeof.
 */
export function setBuffersApart(
  memory: KernelMemory,
  reader: MemoryReader,
  { structs: { PyByteArrayObject } }: Layout,
  plans: readonly TypePlan[],
  records: Records,
): number {
  if (!("ob_bytes_object" in PyByteArrayObject)) return 0;
  const buffers = new Set<number>();
  // Empty ones share an immortal object.
  for (const { address } of recordsOf(memory, records, (type) => plans[type]?.kind === KIND.bytearray))
    if (reader.u64(address + PyByteArrayObject.ob_alloc) > 0)
      buffers.add(reader.u64(address + PyByteArrayObject.ob_bytes_object));
  if (buffers.size === 0) return 0;
  const words = new Uint32Array(memory.buffer);
  let sum = 0;
  const areBytes = plans.map(({ type }) => hasFlag(type, FLAG.bytes));
  for (const { address, word } of recordsOf(memory, records, (type) => areBytes[type] === true))
    if (buffers.has(address)) sum += takeOut(words, records, word);
  return sum;
}
