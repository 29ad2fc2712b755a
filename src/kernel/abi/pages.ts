// What a page of 4 KiB is, a byte a page, as `surveyPages` writes it; 0 is none of these.

/** Begins a pool of 4 KiB, or of 16 KiB. */
export const SMALL_POOL = 1;
export const LARGE_POOL = 2;
/** Lies in a pool that began before. */
export const IN_POOL = 3;
/** Begins with what can be the header of a chunk that malloc mapped on its own (glibc malloc/malloc.c, sysmalloc_mmap). */
export const MAPPED = 4;
/** Holds nothing but zeros, as a page does that was never written to. */
export const ZEROS = 5;
/** Begins with what can be the header of a chunk of CPython's frames (Python/pystate.c, push_chunk). */
export const DATA_STACK = 6;
