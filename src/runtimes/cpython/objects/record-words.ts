import { RECORD, TALLY } from "../../../kernel/index.ts";

/** A record as u32 words of the kernel's memory. */
export const RECORD_WORDS = RECORD.RECORD_BYTES / 4;
const LOW = RECORD.OBJECT_ADDRESS / 4;
const HIGH = LOW + 1;
const TYPE = RECORD.OBJECT_TYPE / 4;
const BYTES = RECORD.OBJECT_BYTES / 4;
const UPPER_BITS = 16;
const HIGH_MASK = 2 ** UPPER_BITS - 1;

/** The index of a record that stands for nothing any more. */
export const NO_TYPE = 0xffffffff;

/** Where the object of the record at word `at` begins, its allocation's first byte. */
export function recordAddress(words: Uint32Array, at: number): number {
  return (words[at + LOW] ?? 0) + ((words[at + HIGH] ?? 0) & HIGH_MASK) * 2 ** 32;
}

/** That address's halves: the lower 32 bits, and the 16 above. */
export function recordLow(words: Uint32Array, at: number): number {
  return words[at + LOW] ?? 0;
}
export function recordHigh(words: Uint32Array, at: number): number {
  return (words[at + HIGH] ?? 0) & HIGH_MASK;
}

/** Its type's index, or NO_TYPE. */
export function recordType(words: Uint32Array, at: number): number {
  return words[at + TYPE] ?? NO_TYPE;
}

/** Its bytes by sys.getsizeof; all ones where they are more. */
export function recordBytes(words: Uint32Array, at: number): number {
  return words[at + BYTES] ?? 0;
}

/** Of a dict that is not sized yet: its table's address, with the lowest bit set where the values are apart. */
export function recordTable(words: Uint32Array, at: number): number {
  return (words[at + BYTES] ?? 0) + ((words[at + HIGH] ?? 0) >>> UPPER_BITS) * 2 ** 32;
}

export function setRecordBytes(words: Uint32Array, at: number, bytes: number): void {
  words[at + BYTES] = Math.min(0xffffffff, bytes);
}

/** Sizes a dict without its table. */
export function dropRecordTable(words: Uint32Array, at: number, bytes: number): void {
  words[at + HIGH] = (words[at + HIGH] ?? 0) & HIGH_MASK;
  setRecordBytes(words, at, bytes);
}

export function dropRecord(words: Uint32Array, at: number): void {
  words[at + TYPE] = NO_TYPE;
}

/** Words of a type's tally: live, live bytes, freed, freed bytes. */
export const TALLY_WORDS = TALLY.TALLY_WORDS;
export const LIVE = TALLY.LIVE / 8;
export const LIVE_BYTES = TALLY.LIVE_BYTES / 8;
export const FREED = TALLY.FREED / 8;
export const FREED_BYTES = TALLY.FREED_BYTES / 8;
