import type { MemoryReader, Span, Survey } from "../../../blocks/index.ts";
import { type KernelMemory, PAGE_BYTES, PAGES } from "../../../kernel/index.ts";
import type { Layout } from "../layout/layout.ts";
import { readFrame } from "./frames.ts";

/** Chunks are this long, or twice that and so on (Python/pystate.c, DATA_STACK_CHUNK_SIZE). */
const CHUNK_BYTES = 2 ** 14;
const MOST_CHUNK_BYTES = 2 ** 30;

/**
 * Where the chunks of frames' stacks lie (3.11 on), by address and disjoint. The interpreter maps each on its own, not by malloc: their
 * headers can look like malloc's. Believed is one whose first frame is of code, and one that another follows or goes on from.
 * @param isCode whether a code object lies at the address
 * @param skip what is known to be something else
 */
export function findStackChunks(
  memory: KernelMemory,
  reader: MemoryReader,
  { pieces, pages }: Survey,
  layout: Layout,
  isCode: (at: number) => boolean,
  skip: (at: number) => boolean,
): Span[] {
  if (!("_PyStackChunk" in layout.structs)) return [];
  const { _PyStackChunk: fields } = layout.structs;
  const sizeAt = (at: number): number | null => {
    const size = reader.u64(at + fields.size);
    if (!(size >= CHUNK_BYTES && size <= MOST_CHUNK_BYTES) || (size & (size - 1)) !== 0) return null;
    const previous = reader.u64(at + fields.previous);
    const used = fields.data + 8 * reader.u64(at + fields.top);
    return previous % PAGE_BYTES === 0 && used <= size && !Number.isNaN(reader.u64(at + size - 8))
      ? size
      : null;
  };
  const kinds = new Uint8Array(memory.buffer, pages, pieces.firstPages[pieces.count] ?? 0);
  const sizes = new Map<number, number>();
  let piece = 0;
  const next = (page: number) => kinds.indexOf(PAGES.DATA_STACK, page);
  for (let page = next(0); page >= 0; page = next(page + 1)) {
    while ((pieces.firstPages[piece + 1] ?? Number.POSITIVE_INFINITY) <= page) piece += 1;
    const at = (pieces.starts[piece] ?? 0) + (page - (pieces.firstPages[piece] ?? 0)) * PAGE_BYTES;
    const size = at % PAGE_BYTES === 0 ? sizeAt(at) : null;
    if (size !== null && !skip(at)) sizes.set(at, size);
  }
  const known = new Set<number>();
  for (const at of sizes.keys()) {
    const previous = reader.u64(at + fields.previous);
    const frame = readFrame(reader, layout, firstFrameIn(reader, fields, at));
    if (frame !== null && isCode(frame.code)) known.add(at);
    if (!sizes.has(previous)) continue;
    known.add(at);
    known.add(previous);
  }
  const found: Span[] = [];
  for (const start of [...known].sort((a, b) => a - b)) {
    const end = start + (sizes.get(start) ?? 0);
    if (start >= (found.at(-1)?.end ?? 0)) found.push({ start, end });
  }
  return found;
}

/** Where the oldest frame of a chunk lies: the first chunk of a stack leaves a word out (Python/pystate.c, push_chunk). */
export function firstFrameIn(
  reader: MemoryReader,
  { previous, data }: { readonly previous: number; readonly data: number },
  chunk: number,
): number {
  return chunk + data + (reader.u64(chunk + previous) === 0 ? 8 : 0);
}
