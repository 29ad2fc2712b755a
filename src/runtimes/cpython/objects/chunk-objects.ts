import {
  bytesOutsidePools,
  findChunkChains,
  findMappedChunks,
  type MemoryReader,
  type Span,
  type Survey,
} from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import { BLOCK_SUMS, PIECE_BUFFER_BYTES, PIECE_BYTES, RECORD } from "../../../kernel/index.ts";
import { type BlockSums, keepRecords, type Places, type RecordRange } from "./records.ts";

/** Chunks are read as much at a time as pieces are. */
const WINDOW_BYTES = PIECE_BYTES;

/**
 * Finds the objects in malloc's chunks: those mapped on their own, the main heap's, and threads' arenas'. Those
 * that seem to lie in pymalloc's arenas are none. Returns their records, and where the chunks are.
 */
export function findInChunks(
  places: Places,
  image: Image,
  reader: MemoryReader,
  survey: Survey,
  statics: readonly Span[],
  arenas: readonly Span[],
  sums: BlockSums,
): { found: RecordRange[]; spans: Span[] } {
  const { crew, plan, tally } = places;
  const { memory, kernel } = crew;
  const isIn = (spans: readonly Span[]) => (at: number) =>
    spans.some(({ start, end }) => at >= start && at < end);
  const isStatic = isIn(statics);
  const window = memory.place(PIECE_BUFFER_BYTES);
  const room = memory.place(WINDOW_BYTES);
  const sumsAt = memory.place(BLOCK_SUMS.CHUNK_SUMS_BYTES);
  const found: RecordRange[] = [];
  const spans: Span[] = [];
  const isArena = isIn(arenas);
  // A pool may lie where a thread's arena would: what is in it can look like chunks.
  const isPool = (at: number) => bytesOutsidePools(memory, survey, { start: at, end: at + 1 }) === 0;
  const chains = findChunkChains(image, reader, (at) => isStatic(at) || isArena(at) || isPool(at));
  const isOther = isIn([...statics, ...arenas, ...chains]);
  for (const chunk of findMappedChunks(memory, image, reader, survey, isOther)) {
    const size = chunk.end - chunk.start;
    image.read(BigInt(chunk.start), new Uint8Array(memory.buffer, window, 4096));
    const wrote = kernel.blockObject({
      plan,
      block: window + 16,
      address: BigInt(chunk.start + 16),
      capacity: BigInt(size - 16),
      tally,
      to: room,
    });
    keepRecords(crew, room, wrote, found);
    const span = { start: chunk.start, end: Math.min(chunk.end, savedEnd(image, chunk.start)) };
    spans.push(span);
    sums.mapped += 1;
    sums.mappedBytes += span.end - span.start;
    if (wrote === 0) continue;
    sums.objectsMapped += 1;
    sums.mappedObjectBytes += span.end - span.start;
  }
  for (const chain of chains) {
    let at = chain.start;
    while (at + 16 <= chain.end) {
      const bytes = new Uint8Array(memory.buffer, window, WINDOW_BYTES);
      const got = image.read(BigInt(at), bytes.subarray(0, Math.min(WINDOW_BYTES, chain.end - at)));
      const came = kernel.chunkObjects({
        plan,
        at: window,
        bytes: got,
        address: BigInt(at),
        tally,
        sums: sumsAt,
        to: room,
        toEnd: room + WINDOW_BYTES / 2,
        wrote: sumsAt + BLOCK_SUMS.CHUNK_RECORD_BYTES,
      });
      const wrote = new Uint32Array(memory.buffer, sumsAt + BLOCK_SUMS.CHUNK_RECORD_BYTES, 1)[0] ?? 0;
      keepRecords(crew, room, wrote, found);
      sums.objectChunks += wrote / RECORD.RECORD_BYTES;
      const broken = new BigUint64Array(memory.buffer, sumsAt + BLOCK_SUMS.IS_BROKEN, 1);
      if (broken[0] !== 0n) {
        sums.lostChunkBytes += chain.end - at - came;
        broken[0] = 0n;
        break;
      }
      at += came;
      if (came > 0) continue;
      // The chunk is larger than the window, or the top, which is free and ends the chain.
      const word = reader.u64(at + 8);
      const size = word - (word % 8);
      const next = reader.u64(at + size + 8);
      if (!(at + size + 16 <= chain.end) || Number.isNaN(next)) {
        sums.freeChunks += 1;
        sums.freeChunkBytes += chain.end - at;
        break;
      }
      if (next % 2 === 1) {
        const wrote = kernel.blockObject({
          plan,
          block: window + 16,
          address: BigInt(at + 16),
          capacity: BigInt(size - 8),
          tally,
          to: room,
        });
        keepRecords(crew, room, wrote, found);
        sums.chunks += 1;
        sums.chunkBytes += size;
        if (wrote > 0) {
          sums.objectChunks += 1;
          sums.chunkObjectBytes += size;
        }
      } else {
        sums.freeChunks += 1;
        sums.freeChunkBytes += size;
      }
      at += size;
    }
  }
  const own = new BigUint64Array(memory.buffer, sumsAt, BLOCK_SUMS.CHUNK_SUMS_BYTES / 8);
  const sum = (offset: number) => Number(own[offset / 8] ?? 0n);
  sums.chunks += sum(BLOCK_SUMS.CHUNKS);
  sums.chunkBytes += sum(BLOCK_SUMS.CHUNK_BYTES);
  sums.chunkObjectBytes += sum(BLOCK_SUMS.CHUNK_OBJECT_BYTES);
  sums.freeChunks += sum(BLOCK_SUMS.FREE_CHUNKS);
  sums.freeChunkBytes += sum(BLOCK_SUMS.FREE_CHUNK_BYTES);
  return { found, spans: [...spans, ...chains] };
}

function savedEnd(image: Image, at: number): number {
  const segment = image.segmentAt(BigInt(at));
  return segment === null ? at : Number(segment.start) + segment.extent.bytes;
}
