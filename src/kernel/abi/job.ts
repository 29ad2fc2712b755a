// A table of an object that is still to be followed: offsets in a job, and what it is.

/** u48; its kind is u16 behind it. */
export const JOB_ADDRESS = 0;
export const JOB_KIND_BITS = 48;
/** u32: the object's number. */
export const JOB_OWNER = 8;
/** u32: items. */
export const JOB_COUNT = 12;
/** u64: where a split dict's values are. */
export const JOB_MORE = 16;
export const JOB_BYTES = 24;

/** `count` words. */
export const WORDS = 0;
/** The first of every two words. */
export const PAIRS = 1;
/** Hash, key, value. */
export const ENTRIES_24 = 2;
/** Key, value. */
export const ENTRIES_16 = 3;
/** A dict's table. */
export const KEYS = 4;
/** A dict's shared table, and the address of its values. */
export const SPLIT = 5;
/** An object that the kernel does not know to read. */
export const SPECIAL = 6;
/** A table that holds nothing to follow. */
export const PLAIN = 7;
/** Words of an instance's attributes: a block that no object's size has, and so no table. */
export const ATTRIBUTES = 8;
