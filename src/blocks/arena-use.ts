/** Something that an allocator cuts blocks from, and what its bytes are. */
export interface ArenaUse extends ArenaBytes {
  readonly allocator: "malloc" | "pymalloc" | "mimalloc" | "musl";
  /**
   * `main`, `thread`: arenas of malloc. `mapped`: the chunks that malloc mapped each on its own, together. `guessed`:
   * malloc's chunks whose arenas were not found. `pools`: pymalloc's. `segments`: mimalloc's.
   * `groups`: those of musl's malloc.
   */
  readonly kind: "main" | "thread" | "mapped" | "guessed" | "pools" | "segments" | "groups";
  /** Of malloc_state; null where there is none. */
  readonly address: number | null;
}

/** Saved bytes of an arena, without headers where not said otherwise, and how many blocks they are. */
export interface ArenaBytes {
  usedCount: number;
  usedBytes: number;
  /** Freed, and kept in a thread's cache for the next of its size. */
  tcacheCount: number;
  tcacheBytes: number;
  fastbinCount: number;
  fastbinBytes: number;
  /** Null where free blocks are not counted. */
  freeCount: number | null;
  freeBytes: number;
  /** Not handed out yet, or back at the end of the last heap. */
  topBytes: number;
  /**
   * What malloc_trim(0) gives back of both at the least: whole pages in free chunks and at the main heap's top
   * (malloc/malloc.c, mtrim and systrim). It puts fastbins together first, which may make more.
   */
  trimBytes: number;
  /** Whole pages of zeros at the top: no memory stands behind most of them. */
  untouchedBytes: number;
  /** Headers of blocks, of free ones too, and what the allocator keeps for itself. */
  headerBytes: number;
  /** What others have of its heap. */
  foreignBytes: number;
  /** What made no sense. */
  damagedBytes: number;
  /** Saved address space that is reserved for its heaps to grow into. What it has of memory ends before. */
  reservedBytes: number;
}

/** Nothing yet. */
export function noBytes(): ArenaBytes {
  return {
    usedCount: 0,
    usedBytes: 0,
    tcacheCount: 0,
    tcacheBytes: 0,
    fastbinCount: 0,
    fastbinBytes: 0,
    freeCount: 0,
    freeBytes: 0,
    topBytes: 0,
    trimBytes: 0,
    untouchedBytes: 0,
    headerBytes: 0,
    foreignBytes: 0,
    damagedBytes: 0,
    reservedBytes: 0,
  };
}

/** All bytes that the arena has: what malloc counts as system_mem. */
export function allBytes(use: ArenaBytes): number {
  const { usedBytes, tcacheBytes, fastbinBytes, freeBytes, topBytes, untouchedBytes } = use;
  const { headerBytes, foreignBytes, damagedBytes } = use;
  const free = tcacheBytes + fastbinBytes + freeBytes + topBytes + untouchedBytes;
  return usedBytes + free + headerBytes + foreignBytes + damagedBytes;
}
