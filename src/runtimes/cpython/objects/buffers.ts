import type { MemoryReader } from "../../../blocks/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { KIND, type TypePlan } from "../types/kinds.ts";
import { hasFlag } from "../types/type-objects.ts";
import { recordsOf } from "./live-records.ts";
import {
  dropRecord,
  LIVE,
  LIVE_BYTES,
  NO_TYPE,
  RECORD_WORDS,
  recordAddress,
  recordBytes,
  recordType,
  TALLY_WORDS,
} from "./record-words.ts";
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
  for (const { at, bytes } of [...records.pools, ...records.outside])
    for (let word = at / 4; word < (at + bytes) / 4; word += RECORD_WORDS) {
      const index = recordType(words, word);
      const plan = index === NO_TYPE ? undefined : plans[index];
      if (plan === undefined || !hasFlag(plan.type, FLAG.bytes)) continue;
      if (!buffers.has(recordAddress(words, word))) continue;
      const own = index * TALLY_WORDS;
      const size = recordBytes(words, word);
      records.tally[own + LIVE] = (records.tally[own + LIVE] ?? 0) - 1;
      records.tally[own + LIVE_BYTES] = (records.tally[own + LIVE_BYTES] ?? 0) - size;
      dropRecord(words, word);
      sum += size;
    }
  return sum;
}
