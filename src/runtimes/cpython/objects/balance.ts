import { type Balance, balanceParts } from "../../balance.ts";
import type { Claims } from "./claims.ts";
import { LIVE_BYTES, TALLY_WORDS } from "./record-words.ts";
import type { Records } from "./records.ts";

/** What was found in the memory. */
export interface Found {
  readonly records: Records;
  readonly claims: Claims;
  /** Of pymalloc's arenas, what is in no pool. */
  readonly unusedArenas: number;
  /** Whole pages of zeros in stacks, and at the tops of malloc's heaps. */
  readonly untouchedStacks: number;
  readonly untouchedTops: number;
  /** And in slices of mimalloc's segments that are in no page. */
  readonly untouchedPages: number;
  /** And in what mmap objects have mapped. */
  readonly untouchedMaps: number;
  /** And in what nobody claims. */
  readonly untouchedRest: number;
  /** Bytes by sys.getsizeof of tables, and of static objects without theirs. */
  readonly tables: number;
  readonly staticObjects: number;
  readonly internTable: number;
  /** Of bytearrays and BytesIOs that have a bytes object for a buffer; `tables` has them as well. */
  readonly buffers: number;
  /** What objects of an allocator that is not known take; they are among what nobody claims. */
  readonly loose: number;
  /** What that allocator has, those objects aside. */
  readonly otherAllocator: number;
}

/** glibc's malloc: the size word of a chunk; one that is mapped on its own cannot use the next one's first word. */
const CHUNK_HEADER = 8;
const MAPPED_HEADER = 16;

/** Adds up where the saved bytes of an image went. */
export function balanceOf({ records, claims: { saved, bytes, unclaimed }, ...found }: Found): Balance {
  const { unusedArenas, untouchedStacks, untouchedTops, untouchedPages, untouchedMaps, untouchedRest } =
    found;
  const { tables, staticObjects, internTable } = found;
  const { sums, tally } = records;
  const objects =
    sums.poolObjectBytes +
    (sums.chunkObjectBytes - CHUNK_HEADER * sums.objectChunks) +
    (sums.mappedObjectBytes - MAPPED_HEADER * sums.objectsMapped) +
    sums.pageObjectBytes +
    sums.slotObjectBytes -
    found.buffers;
  const inUse =
    sums.poolBytes +
    (sums.chunkBytes - CHUNK_HEADER * sums.chunks) +
    (sums.mappedBytes - sums.mappedLeads - MAPPED_HEADER * sums.mapped) +
    sums.pageBytes +
    sums.slotBytes;
  const intern = Math.min(internTable, inUse - objects);
  // Tables that are not saved, or were never blocks, are not in any.
  const owned = Math.min(tables, inUse - objects - intern);
  let rows = 0;
  for (let own = 0; own < tally.length; own += TALLY_WORDS) rows += tally[own + LIVE_BYTES] ?? 0;
  const parts = balanceParts({
    objectBlocks: objects + found.loose,
    tables: owned,
    internTable: intern,
    otherBlocks: inUse - objects - intern - owned,
    mapped: bytes.mapped - untouchedMaps,
    freedBlocks: sums.poolFreeBytes,
    uncarved: sums.poolUncarvedBytes,
    freePools: sums.freePoolBytes,
    unusedArenas,
    mimallocFreed: sums.pageFreeBytes,
    mimallocFree:
      bytes.mimalloc - sums.pageBytes - sums.pageFreeBytes - sums.pageHeaderBytes - untouchedPages,
    mallocCached: sums.cachedBytes - CHUNK_HEADER * sums.cachedChunks,
    mallocFree: sums.freeChunkBytes - CHUNK_HEADER * sums.freeChunks + sums.freeSlotBytes,
    mallocTop: sums.topBytes - CHUNK_HEADER * sums.tops - untouchedTops,
    otherAllocator: found.otherAllocator,
    mallocReserved: bytes.reserved + untouchedTops + sums.untouchedSlotBytes,
    headers:
      sums.poolHeaderBytes +
      sums.pageHeaderBytes +
      sums.slotHeaderBytes +
      CHUNK_HEADER * (sums.chunks + sums.freeChunks + sums.cachedChunks + sums.tops) +
      MAPPED_HEADER * sums.mapped +
      sums.mappedLeads +
      sums.mallocStateBytes,
    staticData: bytes.data,
    stacks: bytes.stack - untouchedStacks,
    stacksUntouched: untouchedStacks,
    dataStacks: bytes.frames,
    modulePages: bytes.module,
    readOnly: bytes.readOnly,
    // What makes no sense is malloc's, but nobody knows what it is.
    unknownUntouched: untouchedRest + untouchedPages + untouchedMaps,
    unknown:
      unclaimed -
      untouchedRest +
      sums.lostChunkBytes +
      sums.lostSlotBytes +
      sums.foreignBytes -
      found.loose -
      found.otherAllocator,
  });
  const rounding = objects + found.loose - (rows - tables - staticObjects);
  return { saved, parts, bridge: { tables, staticObjects, rounding } };
}
