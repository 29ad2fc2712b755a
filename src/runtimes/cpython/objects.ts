import {
  findChunkChains,
  findMappedChunks,
  type MemoryReader,
  pieceRoom,
  type Span,
  type Survey,
} from "../../blocks/index.ts";
import type { Image } from "../../image/index.ts";
import { type Crew, cutPieces, readPiece, type SavedRange } from "../../kernel/index.ts";
import { KIND, type TypePlan } from "./kinds.ts";
import type { StaticData } from "./plan.ts";
import { liveStatics, type StaticObject, type StaticSpans } from "./statics.ts";

/** Bytes of a record in the kernel's memory, see its `putRecord`. */
export const RECORD_BYTES = 16;

/** Records that lie one behind the other, sorted by address. */
export interface RecordRange {
  readonly at: number;
  readonly bytes: number;
}

/** What was found in blocks of all kinds; all in bytes where not said otherwise. */
export interface BlockSums {
  poolBlocks: number;
  poolBytes: number;
  poolObjectBytes: number;
  poolFreeBlocks: number;
  poolFreeBytes: number;
  /** Pools' headers, and what is not carved yet. */
  poolRestBytes: number;
  chunks: number;
  chunkBytes: number;
  chunkObjectBytes: number;
  freeChunks: number;
  freeChunkBytes: number;
  /** Of chains whose rest made no sense. */
  lostChunkBytes: number;
  mappedBytes: number;
  mappedObjectBytes: number;
  staticBytes: number;
}

/** All live objects as records in the kernel's memory, and a tally per type. */
export interface Records {
  readonly pools: readonly RecordRange[];
  readonly outside: readonly RecordRange[];
  /** Per type: live, live bytes, freed, freed bytes. Objects that object-size.ts sizes count with their own struct alone. */
  readonly tally: Float64Array;
  readonly sums: BlockSums;
}

/** Where static objects may be, and the marks for those of the interpreter. */
export interface Statics {
  readonly spans: StaticSpans;
  readonly data: StaticData;
}

/** Where each part of the work puts its results. */
interface Places {
  readonly crew: Crew;
  readonly plan: number;
  readonly tally: number;
}

/** Finds all objects: in pools, in malloc's chunks, mapped on their own, and static ones in `statics`. */
export async function findObjects(
  crew: Crew,
  image: Image,
  reader: MemoryReader,
  survey: Survey,
  plan: number,
  plans: readonly TypePlan[],
  statics: Statics,
): Promise<Records> {
  const { arena } = crew;
  const typeCount = plans.length;
  const tallies = Array.from({ length: crew.threads }, () => arena.place(typeCount * 32));
  const places: Places = { crew, plan, tally: tallies[0] ?? 0 };
  const sums = emptySums();
  const pools = await inPools(places, survey, tallies, statics, sums);
  const outside = [
    ...inStatics(places, image, reader, plans, statics, sums),
    ...inChunks(places, image, reader, survey, statics.spans.all, sums),
  ];
  const tally = new Float64Array(typeCount * 4);
  for (const at of tallies)
    new BigUint64Array(arena.memory.buffer, at, typeCount * 4).forEach((value, i) => {
      tally[i] = (tally[i] ?? 0) + Number(value);
    });
  return { pools, outside, tally, sums };
}

async function inPools(
  { crew, plan }: Places,
  survey: Survey,
  tallies: readonly number[],
  { data }: Statics,
  sums: BlockSums,
): Promise<RecordRange[]> {
  const { arena } = crew;
  const { pieces } = survey;
  const used = new Uint32Array(arena.memory.buffer, survey.sums, pieces.count * 3);
  const order: number[] = [];
  const places: number[] = [];
  let records = 0;
  for (let piece = 0; piece < pieces.count; piece += 1) {
    // Pieces without a pool are read as well: they may point to static objects. Those are not read for themselves.
    const start = pieces.starts[piece] ?? 0;
    if (start >= data.start && start + (pieces.bytes[piece] ?? 0) <= data.start + data.bytes) continue;
    order.push(piece);
    places.push(records * RECORD_BYTES);
    records += used[piece * 3] ?? 0;
  }
  const base = arena.place(records * RECORD_BYTES);
  const wrote = arena.place(order.length * 4);
  const threads = tallies.map((tally) => ({
    tally,
    buffer: arena.place(pieceRoom),
    marks: arena.place(2048),
    sums: arena.place(48),
  }));
  const shared = {
    pieces,
    order: Uint32Array.from(order),
    places: Float64Array.from(places, (place) => base + place),
    plan,
    wrote,
    pages: survey.pages,
  };
  await crew.run("poolObjects", order.length, (thread) => ({
    ...shared,
    ...(threads[thread] ?? { tally: 0, buffer: 0, marks: 0, sums: 0 }),
  }));
  const { buffer } = arena.memory;
  for (const thread of threads) {
    const [blocks, bytes, objects, freeBlocks, freeBytes, rest] = Array.from(
      new BigUint64Array(buffer, thread.sums, 6),
      Number,
    );
    sums.poolBlocks += blocks ?? 0;
    sums.poolBytes += bytes ?? 0;
    sums.poolObjectBytes += objects ?? 0;
    sums.poolFreeBlocks += freeBlocks ?? 0;
    sums.poolFreeBytes += freeBytes ?? 0;
    sums.poolRestBytes += rest ?? 0;
  }
  const lengths = new Uint32Array(buffer, wrote, order.length);
  return places.map((place, item) => ({ at: base + place, bytes: lengths[item] ?? 0 }));
}

function inStatics(
  { crew, plan, tally }: Places,
  image: Image,
  reader: MemoryReader,
  plans: readonly TypePlan[],
  { spans, data }: Statics,
  sums: BlockSums,
): RecordRange[] {
  const { arena } = crew;
  const ranges: SavedRange[] = [];
  for (const { start } of spans.all) {
    const segment = image.segmentAt(BigInt(start));
    if (segment === null) continue;
    ranges.push({ start: segment.start, ...segment.extent });
    sums.staticBytes += segment.extent.bytes;
  }
  const pieces = cutPieces(image.source, ranges);
  const buffer = arena.place(pieceRoom);
  const room = arena.place(pieceRoom * 2);
  // What is found is tallied once it is known to count.
  const scratch = arena.place(plans.length * 32);
  const found: StaticObject[] = [];
  for (let piece = 0; piece < pieces.count; piece += 1) {
    readPiece(pieces, piece, arena.memory, buffer);
    const bytes = crew.kernel.staticObjects(
      plan,
      buffer,
      pieces.bytes[piece] ?? 0,
      pieces.tails[piece] ?? 0,
      BigInt(pieces.starts[piece] ?? 0),
      scratch,
      room,
    );
    const words = new Uint32Array(arena.memory.buffer, room, bytes / 4);
    for (let at = 0; at < words.length; at += 4) {
      const address = (words[at] ?? 0) + ((words[at + 1] ?? 0) & 0xffff) * 2 ** 32;
      found.push({
        address,
        index: words[at + 2] ?? 0,
        bytes: words[at + 3] ?? 0,
        upper: words[at + 1] ?? 0,
      });
    }
  }
  const live = liveStatics(arena, reader, plans, data, found);
  const at = arena.place(live.size * RECORD_BYTES, 16);
  const words = new Uint32Array(arena.memory.buffer, at, live.size * 4);
  const tallies = new BigUint64Array(arena.memory.buffer, tally, plans.length * 4);
  let next = 0;
  for (const object of live) {
    words.set([object.address % 2 ** 32, object.upper, object.index, object.bytes], next);
    next += 4;
    tallies[object.index * 4] = (tallies[object.index * 4] ?? 0n) + 1n;
    if (plans[object.index]?.kind !== KIND.dict)
      tallies[object.index * 4 + 1] = (tallies[object.index * 4 + 1] ?? 0n) + BigInt(object.bytes);
  }
  return [{ at, bytes: live.size * RECORD_BYTES }];
}

const WINDOW_BYTES = 262_144;

function inChunks(
  places: Places,
  image: Image,
  reader: MemoryReader,
  survey: Survey,
  statics: readonly Span[],
  sums: BlockSums,
): RecordRange[] {
  const { crew, plan, tally } = places;
  const { arena, kernel } = crew;
  const isStatic = (at: number) => statics.some(({ start, end }) => at >= start && at < end);
  const window = arena.place(pieceRoom);
  const room = arena.place(WINDOW_BYTES);
  const sumsAt = arena.place(64);
  const found: RecordRange[] = [];
  const chains = findChunkChains(image, reader, isStatic);
  const isChained = (at: number) => chains.some(({ start, end }) => at >= start && at < end);
  for (const chunk of findMappedChunks(arena, image, reader, survey, (at) => isStatic(at) || isChained(at))) {
    const size = chunk.end - chunk.start;
    image.read(BigInt(chunk.start), new Uint8Array(arena.memory.buffer, window, 4096));
    const wrote = kernel.blockObject(
      plan,
      window + 16,
      BigInt(chunk.start + 16),
      BigInt(size - 16),
      tally,
      room,
    );
    keep(crew, room, wrote, found);
    sums.mappedBytes += size;
    if (wrote > 0) sums.mappedObjectBytes += size;
  }
  for (const chain of chains) {
    let at = chain.start;
    while (at + 16 <= chain.end) {
      const bytes = new Uint8Array(arena.memory.buffer, window, WINDOW_BYTES);
      const got = image.read(BigInt(at), bytes.subarray(0, Math.min(WINDOW_BYTES, chain.end - at)));
      const came = kernel.chunkObjects(
        plan,
        window,
        got,
        BigInt(at),
        tally,
        sumsAt,
        room,
        room + WINDOW_BYTES / 2,
        sumsAt + 56,
      );
      keep(crew, room, new Uint32Array(arena.memory.buffer, sumsAt + 56, 1)[0] ?? 0, found);
      if (new BigUint64Array(arena.memory.buffer, sumsAt, 6)[5] !== 0n) {
        sums.lostChunkBytes += chain.end - at - came;
        new BigUint64Array(arena.memory.buffer, sumsAt, 6)[5] = 0n;
        break;
      }
      at += came;
      if (came > 0) continue;
      // The chunk is larger than the window, or the top, which is free and ends the chain.
      const word = reader.u64(at + 8);
      const size = word - (word % 8);
      const next = reader.u64(at + size + 8);
      if (!(at + size + 16 <= chain.end) || Number.isNaN(next)) {
        sums.freeChunkBytes += chain.end - at;
        break;
      }
      if (next % 2 === 1) {
        const wrote = kernel.blockObject(plan, window + 16, BigInt(at + 16), BigInt(size - 8), tally, room);
        keep(crew, room, wrote, found);
        sums.chunks += 1;
        sums.chunkBytes += size;
        if (wrote > 0) sums.chunkObjectBytes += size;
      } else {
        sums.freeChunks += 1;
        sums.freeChunkBytes += size;
      }
      at += size;
    }
  }
  const [chunks, bytes, objects, free, freeBytes] = Array.from(
    new BigUint64Array(arena.memory.buffer, sumsAt, 5),
    Number,
  );
  sums.chunks += chunks ?? 0;
  sums.chunkBytes += bytes ?? 0;
  sums.chunkObjectBytes += objects ?? 0;
  sums.freeChunks += free ?? 0;
  sums.freeChunkBytes += freeBytes ?? 0;
  return found;
}

/** Copies records out of a room that is used again. */
function keep(crew: Crew, room: number, bytes: number, to: RecordRange[]): void {
  if (bytes === 0) return;
  const at = crew.arena.place(bytes, 16);
  new Uint8Array(crew.arena.memory.buffer).copyWithin(at, room, room + bytes);
  to.push({ at, bytes });
}

function emptySums(): BlockSums {
  return {
    poolBlocks: 0,
    poolBytes: 0,
    poolObjectBytes: 0,
    poolFreeBlocks: 0,
    poolFreeBytes: 0,
    poolRestBytes: 0,
    chunks: 0,
    chunkBytes: 0,
    chunkObjectBytes: 0,
    freeChunks: 0,
    freeChunkBytes: 0,
    lostChunkBytes: 0,
    mappedBytes: 0,
    mappedObjectBytes: 0,
    staticBytes: 0,
  };
}
