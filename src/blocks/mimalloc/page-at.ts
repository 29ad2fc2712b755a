import type { MemoryReader } from "../reader.ts";
import { spanAt } from "../span.ts";
import { SEGMENT_BYTES } from "./layouts.ts";
import { type MimallocPage, segmentAt } from "./segments.ts";

/** Free blocks of a page, all its lists together; null where these make no sense, or do not add up with `used`. */
export function freeBlocks(reader: MemoryReader, page: MimallocPage): ReadonlySet<number> | null {
  const { start, blockBytes, capacity, used, heads } = page;
  const free = new Set<number>();
  let before = 0;
  for (const head of heads) {
    before = free.size;
    for (let at = head; at !== 0; at = reader.u64(at)) {
      const index = (at - start) / blockBytes;
      if (!(index >= 0 && index < capacity && Number.isInteger(index)) || free.has(at)) return null;
      free.add(at);
    }
  }
  // What other threads have freed still counts as used.
  const byOthers = free.size - before;
  return used - byOthers === capacity - free.size ? free : null;
}

/** A block of mimalloc's. */
export interface MimallocBlock {
  readonly start: number;
  readonly bytes: number;
  readonly isInUse: boolean;
}

/** The block that has the address, in the segment of 32 MiB around it; null where there is none. */
export function mimallocBlockAt(reader: MemoryReader, at: number): MimallocBlock | null {
  const found = segmentAt(reader, at - (at % SEGMENT_BYTES));
  if (found === null || found.segment.lostSlices > 0) return null;
  const page = spanAt(
    found.segment.pages.map((one) => ({ ...one.span, one })),
    at,
  )?.one;
  if (page === undefined || at < page.start) return null;
  const index = Math.floor((at - page.start) / page.blockBytes);
  const free = index < page.capacity ? freeBlocks(reader, page) : null;
  if (free === null) return null;
  const start = page.start + index * page.blockBytes;
  return { start, bytes: page.blockBytes, isInUse: !free.has(start) };
}
