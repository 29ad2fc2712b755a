// What the runtime tells the kernel of CPython's types: offsets of u64 in a table that is constant while threads run.

/** Address of the u32 hash table of types: index + 1, or 0. */
export const HASH = 0;
/** 64 less the bits of its size. */
export const HASH_SHIFT = 8;
/** Address of the types' entries. */
export const TYPES = 16;
/** A greater count of references cannot be one: more than there are words. */
export const MOST_REFS = 24;
/** How counts are kept: 0 plain, 1 immortal from 2^31 up, 2 with flags above 48 bits, 3 those of biased-count.ts. */
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
/** Where fields of CPython's structs are in this version: u32 each. */
export const OB_TYPE = 104;
export const OB_SIZE = 108;
/** An int's count of digits. */
export const INT_SIZE = 112;
export const STR_LENGTH = 116;
export const STR_STATE = 120;
export const STR_UTF8 = 124;
export const STR_UTF8_LENGTH = 128;
export const STR_DATA = 132;
/** 0 where there are none. */
export const STR_WIDE = 136;
export const STR_WIDE_LENGTH = 140;
export const LIST_ALLOCATED = 144;
export const DICT_KEYS = 148;
export const DICT_VALUES = 152;
export const SET_MASK = 156;
export const SET_TABLE = 160;
export const SET_SMALL_TABLE = 164;
export const SET_ENTRY_BYTES = 168;
export const BYTEARRAY_ALLOC = 172;
export const DEQUE_LEFT_INDEX = 176;
/** No places, but how much a block holds and takes. */
export const DEQUE_BLOCK_ITEMS = 180;
export const DEQUE_BLOCK_BYTES = 184;
/** PyDictKeysObject: up to 3.10 it has a size, since then the binary logarithms of its size and of its indices' bytes, and a kind. */
export const KEYS_REFS = 188;
export const KEYS_SIZE = 192;
export const KEYS_LOG2_SIZE = 196;
export const KEYS_LOG2_INDEX = 200;
export const KEYS_KIND = 204;
export const KEYS_USABLE = 208;
export const KEYS_ENTRIES = 212;
export const KEYS_INDICES = 216;
/** Bytes of an entry with a hash, and of one without. */
export const KEY_ENTRY_BYTES = 220;
export const UNICODE_ENTRY_BYTES = 224;
/** What a bytearray's buffer has around its bytes. */
export const BYTEARRAY_HEADER = 228;
export const PLAN_BYTES = 232;
