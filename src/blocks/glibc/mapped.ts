import { type KernelMemory, PAGES } from "../../kernel/index.ts";
import type { MemoryReader } from "../reader.ts";
import { type Span, spanAt } from "../span.ts";
import type { Survey } from "../survey.ts";
import { ALIGNMENT, CHUNK, IS_MMAPPED, LEAST_CHUNK, PAGE } from "./chunk.ts";

/** A chunk that malloc mapped on its own, from the start of its mapping to its end. */
export interface MappedChunk extends Span {
  /** Its header: further on than `start` where the user wanted its bytes aligned. */
  readonly chunk: number;
}

/** Alignments that are looked for: to 1 GiB. */
const MOST_ALIGNMENT_BITS = 30;
/** mremap moves an aligned block to where it no longer is: its header may stand before any page of the first 256 KiB. */
const MOST_MOVED_BYTES = 2 ** 18;

/**
 * The chunk whose mapping begins at the address (malloc/malloc.c, `sysmalloc_mmap`); null where none can. Its header has no flag but IS_MMAPPED
 * and prev_size 0; the size is whole pages, or from 2.43 on 16 bytes less.
 *
 * `_int_memalign` leaves that header as it was and writes another before the aligned bytes, whose prev_size is the way from the mapping's
 * start; a later realloc changes only that one.
 */
export function mappedChunkAt(reader: MemoryReader, start: number): MappedChunk | null {
  if (reader.u64(start) !== 0) return null;
  const bytes = wholePages(reader.u64(start + CHUNK.size), 0);
  if (bytes === null) return null;
  for (const lead of leadsOf(start, bytes)) {
    const chunk = start + lead;
    if (lead === 0 || reader.u64(chunk) !== lead) continue;
    const aligned = wholePages(reader.u64(chunk + CHUNK.size), lead);
    if (aligned !== null) return { start, end: start + aligned, chunk };
  }
  return { start, end: start + bytes, chunk: start };
}

/** How far into a mapping of that many bytes an aligned chunk's header may be. */
function* leadsOf(start: number, bytes: number): Generator<number> {
  for (let bits = 5; bits <= MOST_ALIGNMENT_BITS; bits += 1)
    for (const lead of leadsFor(start, 2 ** bits)) if (lead < bytes) yield lead;
  for (let to = PAGE; to <= Math.min(bytes, MOST_MOVED_BYTES); to += PAGE) yield to - CHUNK.user;
}

/** Whether the word can be the size of a chunk at the start of its mapping. */
export const isMappedSize = (word: number): boolean => wholePages(word, 0) !== null;

/**
 * All such chunks, by address and disjoint, at pages that the survey took for one's beginning. Their mappings must be
 * there to their ends.
 * @param skip what is known to be something else
 */
export function findMappedChunks(
  memory: KernelMemory,
  { pieces, pages }: Survey,
  reader: MemoryReader,
  mappings: readonly Span[],
  skip: (at: number) => boolean,
): MappedChunk[] {
  const chunks: MappedChunk[] = [];
  const kinds = new Uint8Array(memory.buffer, pages, pieces.firstPages[pieces.count] ?? 0);
  let end = 0;
  let piece = 0;
  for (let page = kinds.indexOf(PAGES.MAPPED); page >= 0; page = kinds.indexOf(PAGES.MAPPED, page + 1)) {
    while ((pieces.firstPages[piece + 1] ?? Number.POSITIVE_INFINITY) <= page) piece += 1;
    const at = (pieces.starts[piece] ?? 0) + (page - (pieces.firstPages[piece] ?? 0)) * PAGE;
    const chunk = at >= end && !skip(at) ? mappedChunkAt(reader, at) : null;
    if (chunk === null || chunk.end > (spanAt(mappings, at)?.end ?? 0)) continue;
    chunks.push(chunk);
    end = chunk.end;
  }
  return chunks;
}

/** Bytes of the mapping by the size word of a chunk `lead` bytes into it; null where they are no whole pages. */
function wholePages(word: number, lead: number): number | null {
  if (!(word < 2 ** 46) || word % 8 !== IS_MMAPPED) return null;
  const bytes = word - IS_MMAPPED + lead;
  const rest = bytes % PAGE;
  if (rest !== 0 && rest !== PAGE - ALIGNMENT) return null;
  const total = rest === 0 ? bytes : bytes + ALIGNMENT;
  return total >= PAGE && total > lead + LEAST_CHUNK ? total : null;
}

/**
 * How far into the mapping the chunk may be whose user's bytes are aligned: the first place, or, as up to 2.42 what is before it had to be a
 * chunk itself, the one after that.
 */
function leadsFor(start: number, alignment: number): readonly number[] {
  const first = Math.ceil((start + CHUNK.user) / alignment) * alignment - CHUNK.user - start;
  return first < LEAST_CHUNK ? [first, first + alignment] : [first];
}
