import type { MemoryReader } from "../../../blocks/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { readRefs } from "../layout/refs.ts";
import { KIND, type TypePlan } from "../types/kinds.ts";
import { hasFlag } from "../types/type-objects.ts";
import { recordsOf, takeOut } from "./live-records.ts";
import { LIVE, TALLY_WORDS } from "./record-words.ts";
import type { Records } from "./records.ts";

/**
 * Takes the bytes objects that are buffers of one object out of the records and the tally: of a bytearray (3.15 on,
 * Include/cpython/bytearrayobject.h) and of a BytesIO (Modules/_io/bytesio.c). Its own size has them, and no program can
 * reach them. Returns their bytes by sys.getsizeof.
 */
export function setBuffersApart(
  memory: KernelMemory,
  reader: MemoryReader,
  layout: Layout,
  plans: readonly TypePlan[],
  records: Records,
): number {
  const bufferOf = plans.map((plan, index) =>
    (records.tally[index * TALLY_WORDS + LIVE] ?? 0) > 0 ? findBuffer(reader, layout, plan) : null,
  );
  if (bufferOf.every((buffer) => buffer === null)) return 0;
  const buffers = new Set<number>();
  for (const { address, type } of recordsOf(memory, records, (type) => bufferOf[type] !== null)) {
    const buffer = bufferOf[type]?.(address) ?? null;
    if (buffer !== null) buffers.add(buffer);
  }
  if (buffers.size === 0) return 0;
  const words = new Uint32Array(memory.buffer);
  let sum = 0;
  const areBytes = plans.map(({ type }) => hasFlag(type, FLAG.bytes));
  for (const { address, word } of recordsOf(memory, records, (type) => areBytes[type] === true))
    if (buffers.has(address)) sum += takeOut(words, records, word);
  return sum;
}

/** Where instances of a type have a bytes object that is theirs alone; null of types that have none. */
function findBuffer(
  reader: MemoryReader,
  layout: Layout,
  { kind, other }: TypePlan,
): ((at: number) => number | null) | null {
  const { PyByteArrayObject, bytesio } = layout.structs;
  if (kind === KIND.bytearray && "ob_bytes_object" in PyByteArrayObject)
    return (at) =>
      // Empty ones share an immortal object.
      reader.u64(at + PyByteArrayObject.ob_alloc) > 0
        ? reader.u64(at + PyByteArrayObject.ob_bytes_object)
        : null;
  if (other !== "bytes io") return null;
  return (at) => {
    const buffer = reader.u64(at + bytesio.buf);
    return readRefs(reader, layout, buffer)?.count === 1 ? buffer : null;
  };
}
