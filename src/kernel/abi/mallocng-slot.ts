// A slot of musl's malloc since 1.2.1, on 64-bit machines (src/malloc/mallocng/meta.h).

/** What blocks' places and sizes are multiples of, bytes. */
export const UNIT = 16;
/** Bytes of a slot that stand in front of the next one's block. */
export const IN_BAND = 4;
/** Where slots begin in a group. */
export const STORAGE = 16;

/** Bytes in front of a block: u32 its place where the next, u8, is not 0; u8 its slot's number, and above its five bits what is reserved; u16 its place. */
export const FAR_PLACE = 8;
export const IS_FAR = 4;
export const SLOT = 3;
export const PLACE = 2;
export const SLOT_BITS = 5;

/** What is reserved: up to 4 bytes; more, which then stand at the slot's end; the slot is a group; the block is further on. */
export const TAIL = 5;
export const GROUP = 6;
export const MOVED = 7;

/** What `slotObjects` found: offsets of u32. Slots in use, free ones, damaged ones, a bit each; bytes of others' entries. */
export const IN_USE = 0;
export const FREE = 4;
export const DAMAGED = 8;
export const OTHER_BYTES = 12;
export const SLOT_RESULT_BYTES = 16;
