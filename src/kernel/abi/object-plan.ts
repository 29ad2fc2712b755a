// What the runtime tells the kernel of CPython's types: offsets of u64 in a table that is constant while threads run.

/** Address of the u32 hash table of types: index + 1, or 0. */
export const HASH = 0;
/** 64 less the bits of its size. */
export const HASH_SHIFT = 8;
/** Address of the types' entries. */
export const TYPES = 16;
/** A greater count of references cannot be one: more than there are words. */
export const MOST_REFS = 24;
/** How counts are kept: 0 plain, 1 immortal from 2^31 up, 2 with flags above 48 bits. */
export const REFS = 32;
/** Bytes of PyASCIIObject, PyCompactUnicodeObject, PyUnicodeObject. */
export const STR_ASCII = 40;
export const STR_COMPACT = 48;
export const STR_WHOLE = 56;
/** Whether there are wstr fields (up to 3.11). */
export const STR_WSTR = 64;
/** The interpreter's static data: address, bytes (0: none), and a byte for each aligned word that says whether a word elsewhere points there. */
export const STATIC_LOW = 72;
export const STATIC_BYTES = 80;
export const STATIC_MARKS = 88;
/** Whether dicts' tables have the header of 3.11 on. */
export const NEW_KEYS = 96;
export const PLAN_BYTES = 104;
