import { type Span, spanAt } from "../../../blocks/index.ts";
import { findModule, type Image, type Module, type Thread } from "../../../image/index.ts";
import { type Balance, balanceParts } from "../../balance.ts";
import { LIVE_BYTES, TALLY_WORDS } from "./record-words.ts";
import type { Records } from "./records.ts";

/** What was found in the memory. */
export interface Found {
  readonly records: Records;
  /** pymalloc's. */
  readonly arenas: readonly Span[];
  readonly unusedArenas: number;
  /** Bytes by sys.getsizeof of tables, and of static objects without theirs. */
  readonly tables: number;
  readonly staticObjects: number;
  readonly internTable: number;
  /** Chunks of frames' stacks. */
  readonly dataStacks: readonly Span[];
}

/** glibc's malloc: the size word of a chunk; one that is mapped on its own cannot use the next one's first word. */
const CHUNK_HEADER = 8;
const MAPPED_HEADER = 16;

/** Adds up where the saved bytes of an image went. */
export function balanceOf(
  image: Image,
  modules: readonly Module[],
  threads: readonly Thread[],
  statics: readonly Span[],
  { records, arenas, unusedArenas, tables, staticObjects, internTable, dataStacks }: Found,
): Balance {
  const { sums, tally } = records;
  const objects =
    sums.poolObjectBytes +
    (sums.chunkObjectBytes - CHUNK_HEADER * sums.objectChunks) +
    (sums.mappedObjectBytes - MAPPED_HEADER * sums.objectsMapped);
  const inUse =
    sums.poolBytes +
    (sums.chunkBytes - CHUNK_HEADER * sums.chunks) +
    (sums.mappedBytes - sums.mappedLeads - MAPPED_HEADER * sums.mapped);
  const intern = Math.min(internTable, inUse - objects);
  // Tables that are not saved, or were never blocks, are not in any.
  const owned = Math.min(tables, inUse - objects - intern);
  let rows = 0;
  for (let own = 0; own < tally.length; own += TALLY_WORDS) rows += tally[own + LIVE_BYTES] ?? 0;
  const chunks = [...records.chunkSpans].sort((a, b) => a.start - b.start);
  // What malloc has is counted there, whatever it looks like.
  const stacks = dataStacks.filter(({ start }) => spanAt(chunks, start) === null);
  const managed = [...arenas, ...records.chunkSpans, ...stacks];
  const { saved, ...regions } = regionsOf(image, modules, threads, statics, managed, records.reservedSpans);
  const parts = balanceParts(saved, {
    objectBlocks: objects,
    tables: owned,
    internTable: intern,
    otherBlocks: inUse - objects - intern - owned,
    freedBlocks: sums.poolFreeBytes,
    uncarved: sums.poolUncarvedBytes,
    freePools: sums.freePoolBytes,
    unusedArenas,
    mallocCached: sums.cachedBytes - CHUNK_HEADER * sums.cachedChunks,
    mallocFree: sums.freeChunkBytes - CHUNK_HEADER * sums.freeChunks,
    mallocTop: sums.topBytes - CHUNK_HEADER * sums.tops,
    headers:
      sums.poolHeaderBytes +
      CHUNK_HEADER * (sums.chunks + sums.freeChunks + sums.cachedChunks + sums.tops) +
      MAPPED_HEADER * sums.mapped +
      sums.mappedLeads +
      sums.mallocStateBytes,
    staticData: sums.staticBytes,
    dataStacks: stacks.reduce((sum, { start, end }) => sum + end - start, 0),
    ...regions,
  });
  const rounding = objects - (rows - tables - staticObjects);
  return { saved, parts, bridge: { tables, staticObjects, rounding } };
}

/** What is saved, and of that what regions themselves say; `managed` is what allocators have. */
function regionsOf(
  image: Image,
  modules: readonly Module[],
  threads: readonly Thread[],
  statics: readonly Span[],
  managed: readonly Span[],
  reserved: readonly Span[],
) {
  const stackStarts = new Set(threads.flatMap(({ stack }) => (stack === null ? [] : [stack.start])));
  const staticStarts = new Set(statics.map(({ start }) => BigInt(start)));
  const sums = { saved: 0, stacks: 0, mallocReserved: 0, modulePages: 0, readOnly: 0 };
  for (let index = 0; index < image.segmentCount; index += 1) {
    const segment = image.segment(index);
    const { bytes } = segment.extent;
    sums.saved += bytes;
    const start = Number(segment.start);
    if (!segment.permissions.includes("w")) {
      const isModule = findModule(modules, segment.start) !== null;
      const ofMalloc = isModule ? 0 : overlap(reserved, start, start + bytes);
      sums[isModule ? "modulePages" : "readOnly"] += bytes - ofMalloc;
      sums.mallocReserved += ofMalloc;
    }
    // A thread that stands in a module's data has no stack of its own there.
    else if (stackStarts.has(segment.start) && !staticStarts.has(segment.start)) {
      // The kernel joins mappings that adjoin: what an allocator has in the segment is no stack.
      sums.stacks += bytes - overlap(managed, start, start + bytes);
    }
  }
  return sums;
}

function overlap(spans: readonly Span[], start: number, end: number): number {
  return spans.reduce(
    (sum, span) => sum + Math.max(0, Math.min(end, span.end) - Math.max(start, span.start)),
    0,
  );
}
