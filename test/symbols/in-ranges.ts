import { lastRangeFrom, type NamedRanges } from "../../src/symbols/index.ts";

/** Whether a word is in one of the ranges. */
export function isInRanges(ranges: NamedRanges, word: bigint): boolean {
  const last = lastRangeFrom(ranges, word);
  if (last < 0) return false;
  const end = ranges[2 * last + 1] ?? 0n;
  return end === 0n || word < end;
}
