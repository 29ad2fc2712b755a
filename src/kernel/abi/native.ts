// A block in use that holds no object: offsets in its entry, f64 where blocks are found, u64 where they are looked up.

export const BLOCK_ADDRESS = 0;
export const BLOCK_BYTES = 8;
/** Bytes of an entry: 2^4. */
export const BLOCK_BITS = 4;

/** A piece has a bit for each of its words, in as many bytes. */
export const WORD_MARKS_BYTES = 4096;

/** Bit of what an edge leads to: it points inside the block. */
export const INNER = 0x80000000;
