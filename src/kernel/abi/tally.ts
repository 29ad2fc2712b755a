// What is counted of each type: offsets of u64.

export const LIVE = 0;
export const LIVE_BYTES = 8;
export const FREED = 16;
export const FREED_BYTES = 24;
export const TALLY_BITS = 5;
export const TALLY_BYTES = 32;
/** Words of one type's tally. */
export const TALLY_WORDS = 4;
