import { expect, it } from "vitest";
import {
  dropRecord,
  dropRecordTable,
  NO_TYPE,
  RECORD_WORDS,
  recordAddress,
  recordBytes,
  recordTable,
  recordType,
  setRecordBytes,
} from "../../../../src/runtimes/cpython/objects/record-words.ts";

const ADDRESS = 0x7fab_cdef_0120;
const TABLE = 0x5566_7788_99a1;

/** Two records: of an object, and of a dict whose table is above 2^32. */
function records(): Uint32Array {
  const words = new Uint32Array(2 * RECORD_WORDS);
  const view = new DataView(words.buffer);
  view.setBigUint64(0, BigInt(ADDRESS), true);
  view.setUint32(8, 7, true);
  view.setUint32(12, 48, true);
  const table = BigInt(TABLE);
  view.setBigUint64(16, BigInt(ADDRESS + 64) | ((table >> 32n) << 48n), true);
  view.setUint32(24, 9, true);
  view.setUint32(28, Number(table & 0xffff_ffffn), true);
  return words;
}
const DICT = RECORD_WORDS;

it("a record has its object's address, type and bytes", () => {
  const words = records();
  expect([recordAddress(words, 0), recordType(words, 0), recordBytes(words, 0)]).toEqual([ADDRESS, 7, 48]);
});

it("a dict's record has its table's address until it is sized", () => {
  const words = records();
  expect([recordAddress(words, DICT), recordTable(words, DICT)]).toEqual([ADDRESS + 64, TABLE]);
  dropRecordTable(words, DICT, 64);
  expect([recordAddress(words, DICT), recordBytes(words, DICT)]).toEqual([ADDRESS + 64, 64]);
  expect(recordTable(words, DICT)).toBe(64);
  expect(recordBytes(words, 0)).toBe(48);
});

it("bytes that are more than 32 bits hold are all ones", () => {
  const words = records();
  for (const [bytes, told] of [
    [0, 0],
    [2 ** 32 - 2, 2 ** 32 - 2],
    [2 ** 32 - 1, 2 ** 32 - 1],
    [2 ** 32, 2 ** 32 - 1],
    [2 ** 40, 2 ** 32 - 1],
  ] as const) {
    setRecordBytes(words, 0, bytes);
    expect(recordBytes(words, 0)).toBe(told);
  }
  expect(recordType(words, 0)).toBe(7);
});

it("a record that is dropped is of no type, and others stay", () => {
  const words = records();
  dropRecord(words, 0);
  expect([recordType(words, 0), recordType(words, DICT)]).toEqual([NO_TYPE, 9]);
  // No process has so many types.
  expect(NO_TYPE).toBeGreaterThan(2 ** 31);
});
