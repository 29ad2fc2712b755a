// A live object: offsets in its record.

/** u48; above it, until a dict's table is sized, the upper 16 bits of the table's address. */
export const OBJECT_ADDRESS = 0;
/** u32: the type's index. */
export const OBJECT_TYPE = 8;
/** u32, all ones where they are more; until a dict's table is sized, the lower 32 bits of the table's address. */
export const OBJECT_BYTES = 12;
export const RECORD_BITS = 4;
export const RECORD_BYTES = 16;
