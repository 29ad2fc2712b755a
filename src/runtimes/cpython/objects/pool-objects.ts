import { pieceRoom, type Survey } from "../../../blocks/index.ts";
import type { StaticData } from "./plan.ts";
import { type BlockSums, type Places, RECORD_BYTES, type RecordRange } from "./records.ts";

/** Finds the objects in pools, and marks the interpreter's static data that anything outside of it points to. */
export async function findInPools(
  { crew, plan }: Places,
  survey: Survey,
  tallies: readonly number[],
  data: StaticData,
  sums: BlockSums,
): Promise<RecordRange[]> {
  const { memory } = crew;
  const { pieces } = survey;
  const used = new Uint32Array(memory.buffer, survey.sums, pieces.count * 3);
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
  const base = memory.place(records * RECORD_BYTES);
  const wrote = memory.place(order.length * 4);
  const threads = tallies.map((tally) => ({
    tally,
    buffer: memory.place(pieceRoom),
    marks: memory.place(2048),
    sums: memory.place(64),
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
  const { buffer } = memory.wasm;
  for (const thread of threads) {
    const [blocks, bytes, objects, freeBlocks, freeBytes, uncarved, headers, freePools] = Array.from(
      new BigUint64Array(buffer, thread.sums, 8),
      Number,
    );
    sums.poolBlocks += blocks ?? 0;
    sums.poolBytes += bytes ?? 0;
    sums.poolObjectBytes += objects ?? 0;
    sums.poolFreeBlocks += freeBlocks ?? 0;
    sums.poolFreeBytes += freeBytes ?? 0;
    sums.poolUncarvedBytes += uncarved ?? 0;
    sums.poolHeaderBytes += headers ?? 0;
    sums.freePoolBytes += freePools ?? 0;
  }
  const lengths = new Uint32Array(buffer, wrote, order.length);
  return places.map((place, item) => ({ at: base + place, bytes: lengths[item] ?? 0 }));
}
