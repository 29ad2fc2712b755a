import type { KernelMemory } from "../../../kernel/index.ts";
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

/** A live object as its record has it. */
export interface LiveRecord {
  address: number;
  /** The index of its type. */
  type: number;
  /** What sys.getsizeof says, at most 2^32 - 1. */
  bytes: number;
  /** Where the record is among the memory's u32 words. */
  word: number;
}

/** The live objects of the wanted types, one after the other in one and the same record: those in pools by address. */
export function* recordsOf(
  memory: KernelMemory,
  records: Pick<Records, "pools" | "outside">,
  isWanted: (type: number) => boolean,
): Generator<LiveRecord> {
  const words = new Uint32Array(memory.buffer);
  const record: LiveRecord = { address: 0, type: 0, bytes: 0, word: 0 };
  for (const { at, bytes } of [...records.pools, ...records.outside]) {
    for (let word = at / 4; word < (at + bytes) / 4; word += RECORD_WORDS) {
      const type = recordType(words, word);
      if (type === NO_TYPE || !isWanted(type)) continue;
      record.address = recordAddress(words, word);
      record.type = type;
      record.bytes = recordBytes(words, word);
      record.word = word;
      yield record;
    }
  }
}

/** Takes a live object that no program can reach out of the records and their tally; returns its bytes by sys.getsizeof. */
export function takeOut(words: Uint32Array, { tally }: Records, word: number): number {
  const own = recordType(words, word) * TALLY_WORDS;
  const bytes = recordBytes(words, word);
  tally[own + LIVE] = (tally[own + LIVE] ?? 0) - 1;
  tally[own + LIVE_BYTES] = (tally[own + LIVE_BYTES] ?? 0) - bytes;
  dropRecord(words, word);
  return bytes;
}
