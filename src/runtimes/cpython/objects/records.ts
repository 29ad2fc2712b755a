import type { Glibc, Span } from "../../../blocks/index.ts";
import type { Crew } from "../../../kernel/index.ts";

/** Records that lie one behind the other, sorted by address. */
export interface RecordRange {
  readonly at: number;
  readonly bytes: number;
}

/** What was found in blocks of all kinds; all in bytes where not said otherwise. */
export interface BlockSums {
  poolBytes: number;
  poolObjectBytes: number;
  poolFreeBytes: number;
  /** Of pools with a block in use: what is not carved yet, or too little for a block. */
  poolUncarvedBytes: number;
  poolHeaderBytes: number;
  /** All bytes of pools without a block in use; they are in none of the sums above. */
  freePoolBytes: number;
  /** mimalloc's pages, their blocks in use, how many bytes these are, and of those the ones that hold objects; free ones. */
  pages: number;
  pageBlocks: number;
  pageBytes: number;
  pageObjectBytes: number;
  pageFreeBlocks: number;
  pageFreeBytes: number;
  /** What it keeps of segments for itself, and leaves out in front of blocks. */
  pageHeaderBytes: number;
  /** Pages, and slices of segments, that make no sense. */
  lostPages: number;
  /** Of musl's groups, what is in slots in use, which are told apart by objects; free ones; what makes no sense. */
  slotBytes: number;
  slotObjectBytes: number;
  freeSlotBytes: number;
  untouchedSlotBytes: number;
  slotHeaderBytes: number;
  lostSlotBytes: number;
  /** Chunks in use, headers included; apart from them those that malloc mapped each on its own. */
  chunks: number;
  chunkBytes: number;
  objectChunks: number;
  chunkObjectBytes: number;
  freeChunks: number;
  freeChunkBytes: number;
  /** Freed, and kept in tcaches and fastbins. */
  cachedChunks: number;
  cachedBytes: number;
  /** What arenas cut next. */
  tops: number;
  topBytes: number;
  /** heap_info, malloc_state, tcaches' heads, fence posts. */
  mallocStateBytes: number;
  /** In front of mapped chunks' headers whose user's bytes are aligned. */
  mappedLeads: number;
  /** Of runs of chunks, what made no sense. */
  lostChunkBytes: number;
  /** Between fence posts and the chunks after them: what others have of the main heap. */
  foreignBytes: number;
  mapped: number;
  mappedBytes: number;
  objectsMapped: number;
  mappedObjectBytes: number;
}

/** All live objects as records in the kernel's memory, and a tally per type. */
export interface Records {
  readonly pools: readonly RecordRange[];
  readonly outside: readonly RecordRange[];
  /** The static ones of `outside`. */
  readonly statics: readonly RecordRange[];
  /** What malloc manages: its heaps and the chunks that it mapped each on its own. */
  readonly chunkSpans: readonly Span[];
  /** Where heaps' tops are, which are free, by address. */
  readonly topSpans: readonly Span[];
  /** Where malloc's chunks are. */
  readonly glibc: Glibc;
  /** What threads' arenas have reserved beyond their heaps, as far as it may reach. */
  readonly reservedSpans: readonly Span[];
  /** The states of malloc's arenas that lie in modules' data: what is there leads to free chunks. */
  readonly mallocStates: readonly Span[];
  /** mimalloc's, musl's and malloc's blocks in use that hold no object: pairs of address and usable bytes. */
  readonly chunkBlocks: readonly Float64Array[];
  /** Per type: live, live bytes, freed, freed bytes. Objects that object-size.ts sizes count with their own struct alone. */
  readonly tally: Float64Array;
  readonly sums: BlockSums;
}

/** Where each part of the work puts its results. */
export interface Places {
  readonly crew: Crew;
  readonly plan: number;
  readonly tally: number;
}

/** No bytes of anything yet. */
export function emptySums(): BlockSums {
  return {
    poolBytes: 0,
    poolObjectBytes: 0,
    poolFreeBytes: 0,
    poolUncarvedBytes: 0,
    poolHeaderBytes: 0,
    freePoolBytes: 0,
    pages: 0,
    pageBlocks: 0,
    pageBytes: 0,
    pageObjectBytes: 0,
    pageFreeBlocks: 0,
    pageFreeBytes: 0,
    pageHeaderBytes: 0,
    lostPages: 0,
    slotBytes: 0,
    slotObjectBytes: 0,
    freeSlotBytes: 0,
    untouchedSlotBytes: 0,
    slotHeaderBytes: 0,
    lostSlotBytes: 0,
    chunks: 0,
    chunkBytes: 0,
    objectChunks: 0,
    chunkObjectBytes: 0,
    freeChunks: 0,
    freeChunkBytes: 0,
    cachedChunks: 0,
    cachedBytes: 0,
    tops: 0,
    topBytes: 0,
    mallocStateBytes: 0,
    mappedLeads: 0,
    lostChunkBytes: 0,
    foreignBytes: 0,
    mapped: 0,
    mappedBytes: 0,
    objectsMapped: 0,
    mappedObjectBytes: 0,
  };
}

/** Copies records out of a room that is used again. */
export function keepRecords(crew: Crew, room: number, bytes: number, to: RecordRange[]): void {
  if (bytes === 0) return;
  const at = crew.memory.place(bytes, 16);
  new Uint8Array(crew.memory.buffer).copyWithin(at, room, room + bytes);
  to.push({ at, bytes });
}
