/** A word and how often it occurs. */
export interface Counted {
  readonly word: bigint;
  /** A safe integer, well above 2^32 if need be. */
  readonly count: number;
}

/** The order of the rows: count, then word, both descending, as `sort -nr` leaves `uniq -c`. */
export function compareCounted(a: Counted, b: Counted): number {
  return b.count - a.count || (a.word < b.word ? 1 : a.word > b.word ? -1 : 0);
}
