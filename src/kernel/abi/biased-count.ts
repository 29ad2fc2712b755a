// The count of references of builds without the GIL (Include/object.h, struct _object under Py_GIL_DISABLED): offsets from the object.

/** u8: bits of the collector's. */
export const GC_BITS = 11;
/** u32: references of the thread that owns the object. */
export const LOCAL_COUNT = 12;
/** i64: those of other threads, above bits that say how both are to be merged. May be less than 0 alone. */
export const SHARED_COUNT = 16;
export const SHARED_FLAG_BITS = 2;
/** _Py_IMMORTAL_REFCNT_LOCAL. */
export const IMMORTAL_LOCAL = 0xffffffff;
/** _PyGC_BITS_DEFERRED: in 3.13 one reference of the owner's thread stands for those that stacks have. */
export const IS_DEFERRED = 64;
