// What the allocators hold: pymalloc's arenas and pools, mimalloc's pages, glibc's chunks, musl's groups; in use and freed.
// in: an Image, and the kernel's Crew
// out: a Survey of its writable memory; ranges that malloc manages; the block at one address; words at addresses
export { type ArenaUse, allBytes, noBytes } from "./arena-use.ts";
export { bytesOutsidePools, findArenas, poolSpans, zeroBytes } from "./arenas.ts";
export { type Block, BlockFinder } from "./block-at.ts";
export { chunkSize } from "./glibc/chunk.ts";
export { CHUNKS_GUESSED, findGlibc } from "./glibc/find.ts";
export {
  breakAt,
  type Glibc,
  mainStates,
  readGlibc,
  reservedSpans,
  wholeRun,
} from "./glibc/glibc.ts";
export { findMappedChunks, type MappedChunk } from "./glibc/mapped.ts";
export { arenaUses } from "./glibc/uses.ts";
export { type Group, type Mallocng, readMallocng } from "./mallocng/groups.ts";
export { IN_BAND } from "./mallocng/layout.ts";
export { slotsOf } from "./mallocng/slots.ts";
export { mallocngSpans, mallocngUse, type SlotStates, slotStates } from "./mallocng/uses.ts";
export { MEMORY_TAG } from "./mimalloc/layouts.ts";
export { freeBlocks } from "./mimalloc/page-at.ts";
export { findSegments, type MimallocPage, type MimallocSegment } from "./mimalloc/segments.ts";
export { writableData } from "./module-data.ts";
export { type NamedAllocator, namedAllocator } from "./named-allocator.ts";
export { RangeMap } from "./range-map.ts";
export { MemoryReader } from "./reader.ts";
export { type Span, spanAt, spansWithin, writableSpans } from "./span.ts";
export { type Survey, surveyMemory } from "./survey.ts";
export { wordsOf } from "./words-of.ts";
