// What `pageObjects` says of a page: offsets of u32.

/** Bytes of the records that it wrote, and of the blocks in use that hold no object. */
export const RECORDS_BYTES = 0;
export const OTHER_BYTES = 4;
/** How many blocks are free. */
export const FREE_BLOCKS = 8;
export const PAGE_RESULT_BYTES = 16;
