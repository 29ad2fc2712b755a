import type { KernelMemory } from "../../../kernel/index.ts";
import { NO_TYPE, RECORD_WORDS, recordAddress, recordBytes, recordType } from "./record-words.ts";
import type { Records } from "./records.ts";

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
    for (let word = at / 4; word < (at + bytes) / 4; word += RECORD_WORDS) {
      const type = recordType(words, word);
      if (type === NO_TYPE || !isWanted(type)) continue;
      record.address = recordAddress(words, word);
      record.type = type;
      record.bytes = recordBytes(words, word);
      yield record;
    }
  }
}
