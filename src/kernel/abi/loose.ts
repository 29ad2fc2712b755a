// What may be a live object of an allocator that is not known has a record, see record.ts, and these beside it.

/** u32: how many words it has from its address on, the last one whole; all ones where they are more. */
export const OWN_BYTES = 4;

// One that is in a list of the collector's has a link: offsets in its entry, which is looked up as a record is.
/** u64: the object's address. */
export const LINK_OBJECT = 0;
/** u64: where its next neighbour's head is, without flags; all ones where its own head is in another piece. */
export const LINK_NEXT = 8;
export const LINK_BITS = 4;
export const LINK_BYTES = 16;
/** u64, a column beside: where the previous one's is. */
export const PREVIOUS_BYTES = 8;

/** A byte a link, bits: its previous neighbour leads back to it, and so does its next one. */
export const FROM_PREVIOUS = 1;
export const FROM_NEXT = 2;
/** That byte, once it is settled. */
export const NOT_LISTED = 0;
export const LISTED = 3;
export const BROKEN = 4;

/** What `keepLoose` goes on with: u64 where the last one kept ends, u64 bytes of all that are kept. */
export const KEPT_END = 0;
export const KEPT_BYTES = 8;
export const KEPT_STATE_BYTES = 16;
