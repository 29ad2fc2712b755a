// What may be a live object of an allocator that is not known has a record, see record.ts, and these beside it, a column each.

/** u32: bytes that it has from its address on, all ones where they are more. */
export const OWN_BYTES = 4;
/** u64: the first word of the 16 bytes in front of it, the collector's link if its type has one; all ones where that is in another piece. */
export const LINK_BYTES = 8;

/** Two bytes a candidate: its previous one in the collector's list leads back to it, and so does its next one. */
export const FROM_PREVIOUS = 0;
export const FROM_NEXT = 1;
export const LINKED_BYTES = 2;
