// How the instances of a type are followed: offsets in its entry.

/** u32: the object's words [from, to) may point to objects. */
export const FROM = 0;
export const TO = 4;
/** u64: of the first MASKED_WORDS words, those that hold nothing alive, and those that point to its namespace. */
export const SKIP = 8;
export const PART = 16;
/** u8, one of the tables below. */
export const TABLE = 24;
/** u8: 1 where `ob_size` pointers follow the struct. */
export const ITEMS = 25;
/** u8: where a managed dict or values are: 1 as in 3.11, 2 in 3.12, 3 since 3.13. */
export const MANAGED = 26;
/** u8: instances hold their type. */
export const VISITS_TYPE = 27;
/** u32: values that instances have apart from them. */
export const VALUES = 28;
/** u32: bytes before the end at which the dict is, 0 for none. */
export const DICT_FROM_END = 32;
/** u32. */
export const ITEM = 36;
/** u32: tp_basicsize. */
export const BASIC = 40;
/** u32: 1 where values follow the struct. */
export const INLINE = 44;
/** u64: of the first MASKED_WORDS words, those that point to tables that its size counts. */
export const TABLE_WORDS = 48;
/** u32: words [LOOSE_FROM, LOOSE_TO) may point to what C code has for itself. */
export const LOOSE_FROM = 56;
export const LOOSE_TO = 60;
/** u8: 1 where the items are not known and may be anything. */
export const LOOSE_ITEMS = 64;
export const SCAN_BYTES = 72;

export const MASKED_WORDS = 64;

/** What an object has apart from its struct. */
export const TABLE_NONE = 0;
export const TABLE_LIST = 1;
export const TABLE_DICT = 2;
export const TABLE_SET = 3;
export const TABLE_SPECIAL = 4;
export const TABLE_STR = 5;
