// What `surveyPages` adds up for a piece: offsets of u32.

export const BLOCKS_IN_USE = 0;
export const POOLS = 4;
export const TORN_POOLS = 8;
export const SUMS_BYTES = 12;
