// A slot of the key table.

/** u64. */
export const KEY = 0;
/** u32: words that fell here and are not the key, and those that are. */
export const OTHER_WORDS = 8;
export const EQUAL_WORDS = 12;
export const SLOT_BITS = 4;
export const SLOT_BYTES = 16;
