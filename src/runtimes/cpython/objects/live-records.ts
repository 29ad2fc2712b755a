import type { KernelMemory } from "../../../kernel/index.ts";
import { NO_TYPE } from "./interned.ts";
import { RECORD_BYTES, type Records } from "./records.ts";

/** A live object as its record has it. */
export interface LiveRecord {
  address: number;
  /** The index of its type. */
  type: number;
  /** What sys.getsizeof says, at most 2^32 - 1. */
  bytes: number;
}

/** The live objects of the wanted types, one after the other in one and the same record: those in pools by address. */
export function* recordsOf(
  memory: KernelMemory,
  records: Records,
  isWanted: (type: number) => boolean,
): Generator<LiveRecord> {
  const words = new Uint32Array(memory.buffer);
  const record: LiveRecord = { address: 0, type: 0, bytes: 0 };
  for (const { at, bytes } of [...records.pools, ...records.outside]) {
    for (let word = at / 4; word < (at + bytes) / 4; word += RECORD_BYTES / 4) {
      const type = words[word + 2] ?? NO_TYPE;
      if (type === NO_TYPE || !isWanted(type)) continue;
      record.address = (words[word] ?? 0) + ((words[word + 1] ?? 0) & 0xffff) * 2 ** 32;
      record.type = type;
      record.bytes = words[word + 3] ?? 0;
      yield record;
    }
  }
}
