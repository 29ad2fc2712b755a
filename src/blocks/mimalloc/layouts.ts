/** Offsets in mi_segment_t, and in mi_page_t, which is a slice's entry as well. All in bytes. */
export interface MimallocLayout {
  readonly segment: {
    readonly cookie: number;
    /** How many slices it has, how many of them it keeps for itself, and how many have entries. */
    readonly slices: number;
    readonly infoSlices: number;
    readonly sliceEntries: number;
    /** The thread that it is of; 0 where that has ended. */
    readonly thread: number;
    readonly entries: number;
  };
  readonly page: {
    readonly sizeof: number;
    /** u16. */
    readonly capacity: number;
    readonly reserved: number;
    readonly free: number;
    readonly localFree: number;
    readonly threadFree: number;
    readonly used: { readonly at: number; readonly bytes: 2 | 4 };
    /** Bytes of a block. */
    readonly block: { readonly at: number; readonly bytes: 4 | 8 };
    /** Where its blocks begin; null where that follows from their size. */
    readonly start: number | null;
    /** Which of the thread's heaps it is of: in the byte, above so many bits, in so many. */
    readonly tag: { readonly at: number; readonly shift: number; readonly mask: number };
  };
}

/**
 * mimalloc as CPython has it in builds without the GIL: 2.1 in 3.13, 2.2 from 3.14 on (Include/internal/mimalloc/mimalloc/types.h,
 * with MI_DEBUG, MI_SECURE and MI_PADDING 0, as in release builds).
 */
export const MIMALLOC_LAYOUTS: readonly MimallocLayout[] = [
  {
    segment: { cookie: 216, slices: 224, infoSlices: 232, sliceEntries: 248, thread: 256, entries: 264 },
    page: {
      ...{ sizeof: 96, capacity: 10, reserved: 12, free: 16, localFree: 32, threadFree: 40 },
      used: { at: 24, bytes: 4 },
      block: { at: 28, bytes: 4 },
      start: null,
      tag: { at: 8, shift: 3, mask: 15 },
    },
  },
  {
    segment: { cookie: 224, slices: 248, infoSlices: 256, sliceEntries: 272, thread: 280, entries: 288 },
    page: {
      ...{ sizeof: 112, capacity: 10, reserved: 12, free: 16, localFree: 24, threadFree: 56 },
      used: { at: 32, bytes: 2 },
      block: { at: 40, bytes: 8 },
      start: 48,
      tag: { at: 35, shift: 0, mask: 255 },
    },
  },
];

/** MI_SEGMENT_SIZE, to a multiple of which segments are aligned, and MI_SEGMENT_SLICE_SIZE. */
export const SEGMENT_BYTES = 2 ** 25;
export const SLICE_BYTES = 2 ** 16;
/** MI_SLICES_PER_SEGMENT; a huge segment has more slices, but no more entries. */
export const MOST_ENTRIES = SEGMENT_BYTES / SLICE_BYTES;
/** Of a block that is larger than that, mi_page_t of 2.1 does not say how large: MI_HUGE_BLOCK_SIZE. */
export const HUGE_BLOCK_BYTES = 2 ** 31;
/** xthread_free has two bits of flags (mi_delayed_t). */
export const THREAD_FREE_FLAGS = 4;

/** Heaps that CPython has for each thread (Include/internal/pycore_mimalloc.h): of memory that is no object, and of objects. */
export const MEMORY_TAG = 0;
export const MOST_TAG = 3;
