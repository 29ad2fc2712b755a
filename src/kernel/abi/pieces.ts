// Shared by TypeScript and AssemblyScript, as all of this folder: integers without a type, which both can read.

/** A piece of an address space ends at each multiple of this: pools and pages never lie in two. */
export const PIECE_BYTES = 262144;
/** At most this many bytes after a piece are read with it, where memory goes on: what begins in it can be looked at. */
export const TAIL_BYTES = 512;
/** A piece, its tail, and what a loop may look at behind that before it knows better. */
export const PIECE_BUFFER_BYTES = PIECE_BYTES + TAIL_BYTES + 512;
export const PAGE_BYTES = 4096;
export const PAGE_BITS = 12;
