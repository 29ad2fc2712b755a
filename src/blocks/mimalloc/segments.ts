import type { MemoryReader } from "../reader.ts";
import type { Span } from "../span.ts";
import {
  HUGE_BLOCK_BYTES,
  MIMALLOC_LAYOUTS,
  type MimallocLayout,
  MOST_ENTRIES,
  MOST_TAG,
  SEGMENT_BYTES,
  SLICE_BYTES,
  THREAD_FREE_FLAGS,
} from "./layouts.ts";

/** A run of blocks of one size, as mi_page_t has it. */
export interface MimallocPage {
  /** Of all its slices. */
  readonly span: Span;
  /** Where its blocks begin. */
  readonly start: number;
  readonly blockBytes: number;
  /** Blocks that were ever handed out. */
  readonly capacity: number;
  /** In use, those that other threads have freed among them. */
  readonly used: number;
  /** Where its lists of free blocks begin: to be handed out next, freed by its own thread, freed by others; 0: empty. */
  readonly heads: readonly [number, number, number];
  /** Of the heap that it is of. */
  readonly tag: number;
}

/** A segment (mi_segment_t): pages, and slices that are in none. */
export interface MimallocSegment extends Span {
  /** What mimalloc keeps of it for itself. */
  readonly infoEnd: number;
  /** Whether the thread that it was of has ended. */
  readonly isAbandoned: boolean;
  readonly pages: readonly MimallocPage[];
  /** Slices whose entries make no sense, and what stands behind them. */
  readonly lostSlices: number;
}

const MOST_SLICES = 2 ** 26;

/**
 * The segments that begin in the spans, by address and disjoint: each begins at a multiple of 32 MiB and keeps its
 * address, encoded by the same number in all of them (src/segment.c, _mi_ptr_cookie).
 */
export function findSegments(reader: MemoryReader, spans: readonly Span[]): MimallocSegment[] {
  const found: { segment: MimallocSegment; key: string }[] = [];
  const counts = new Map<string, number>();
  for (const { start, end } of spans)
    for (let at = Math.ceil(start / SEGMENT_BYTES) * SEGMENT_BYTES; at < end; at += SEGMENT_BYTES) {
      const one = segmentAt(reader, at);
      if (one === null) continue;
      found.push(one);
      counts.set(one.key, (counts.get(one.key) ?? 0) + 1);
    }
  const most = Math.max(0, ...counts.values());
  const key = found.find((one) => counts.get(one.key) === most)?.key;
  let end = 0;
  return found
    .filter((one) => one.key === key)
    .map(({ segment }) => segment)
    .filter((segment) => {
      const isApart = segment.start >= end;
      if (isApart) end = segment.end;
      return isApart;
    });
}

/** The segment at the address, and what all have in common; null where its fields make no sense in any layout. */
export function segmentAt(
  reader: MemoryReader,
  at: number,
): { segment: MimallocSegment; key: string } | null {
  for (const [which, layout] of MIMALLOC_LAYOUTS.entries()) {
    const { segment: fields, page } = layout;
    const slices = reader.u64(at + fields.slices);
    const info = reader.u64(at + fields.infoSlices);
    const entries = reader.u64(at + fields.sliceEntries);
    const isSane = info >= 1 && info < entries && entries <= Math.min(slices, MOST_ENTRIES);
    if (!isSane || slices > MOST_SLICES || reader.u32(at + fields.entries) !== info) continue;
    // The table of entries lies in what the segment keeps for itself.
    if (fields.entries + entries * page.sizeof > info * SLICE_BYTES) continue;
    const key = `${which} ${cookieOf(reader, at, at + fields.cookie)}`;
    return { segment: readSegment(reader, layout, at, { slices, info, entries }), key };
  }
  return null;
}

function cookieOf(reader: MemoryReader, at: number, place: number): bigint {
  const word = BigInt(reader.u32(place) || 0) + (BigInt(reader.u32(place + 4) || 0) << 32n);
  return word ^ BigInt(at);
}

function readSegment(
  reader: MemoryReader,
  layout: MimallocLayout,
  at: number,
  { slices, info, entries }: { slices: number; info: number; entries: number },
): MimallocSegment {
  const { segment, page } = layout;
  const pages: MimallocPage[] = [];
  let slice = info;
  let lostSlices = 0;
  while (slice < entries) {
    const entry = at + segment.entries + slice * page.sizeof;
    const count = reader.u32(entry);
    // slice_offset is 0 in the first entry of a page, or of a run of free slices.
    if (!(count >= 1 && slice + count <= slices) || reader.u32(entry + 4) !== 0) {
      lostSlices = entries - slice;
      break;
    }
    const start = at + slice * SLICE_BYTES;
    const found = readPage(reader, layout, entry, { start, end: start + count * SLICE_BYTES });
    if (found === "broken") lostSlices += count;
    else if (found !== null) pages.push(found);
    slice += count;
  }
  return {
    start: at,
    end: at + slices * SLICE_BYTES,
    infoEnd: at + info * SLICE_BYTES,
    isAbandoned: reader.u64(at + segment.thread) === 0,
    pages,
    lostSlices,
  };
}

/** Null where the slices are free. */
function readPage(
  reader: MemoryReader,
  { page: fields }: MimallocLayout,
  entry: number,
  span: Span,
): MimallocPage | null | "broken" {
  const size = (fields.block.bytes === 4 ? reader.u32 : reader.u64).call(reader, entry + fields.block.at);
  const [capacity, reserved] = [u16(reader, entry + fields.capacity), u16(reader, entry + fields.reserved)];
  // 1 stands for slices that are in use and no page.
  if (size <= 1 || capacity === 0) return null;
  const start = fields.start === null ? span.start + leadOf(size) : reader.u64(entry + fields.start);
  const room = span.end - start;
  const blockBytes = size >= HUGE_BLOCK_BYTES && fields.block.bytes === 4 ? room : size;
  const isWithin = start >= span.start && capacity * blockBytes <= room && capacity <= reserved;
  if (!isWithin || blockBytes % 8 !== 0) return "broken";
  const used =
    fields.used.bytes === 4 ? reader.u32(entry + fields.used.at) : u16(reader, entry + fields.used.at);
  const threadFree = reader.u64(entry + fields.threadFree);
  const tag = (reader.u8(entry + fields.tag.at) >>> fields.tag.shift) & fields.tag.mask;
  if (!(used <= capacity) || tag > MOST_TAG) return "broken";
  const heads = [
    reader.u64(entry + fields.free),
    reader.u64(entry + fields.localFree),
    threadFree - (threadFree % THREAD_FREE_FLAGS),
  ] as const;
  if (!heads.every(Number.isSafeInteger)) return "broken";
  return { span, start, blockBytes, capacity, used, heads: [heads[0], heads[1], heads[2]], tag };
}

/** What stands in front of a page's blocks up to 2.1, so that caches do not clash (src/segment.c, _mi_segment_page_start_from_slice). */
function leadOf(blockBytes: number): number {
  return blockBytes <= 64 ? 3 * blockBytes : blockBytes <= 512 ? blockBytes : 0;
}

function u16(reader: MemoryReader, at: number): number {
  return reader.u8(at) + 256 * reader.u8(at + 1);
}
