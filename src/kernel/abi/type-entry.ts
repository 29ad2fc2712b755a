// A type in the table of the object plan: offsets in its entry.

/** u64. */
export const TYPE_ADDRESS = 0;
/** u8, one of type-kinds.ts. */
export const KIND = 8;
/** u8: bytes in front of the object. */
export const HEAD = 9;
/** u8. */
export const LEAST_ITEMS = 10;
/** u8: 7 where sizes are rounded up to words, else 0. */
export const ROUND = 11;
/** u32: bytes of an instance, those in front included, items not. */
export const BASIC = 12;
/** u32: bytes of an item. */
export const ITEM = 16;
/** u8: 1 where its instances have a head of the collector's. */
export const IS_LISTED = 20;
/** u8: 1 where its instances are types. */
export const IS_METATYPE = 21;
export const ENTRY_BITS = 5;
export const ENTRY_BYTES = 32;
