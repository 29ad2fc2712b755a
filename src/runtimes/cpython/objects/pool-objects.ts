import type { Survey } from "../../../blocks/index.ts";
import { BLOCK_SUMS, PAGE_SUMS, PIECE_BUFFER_BYTES, RECORD } from "../../../kernel/index.ts";
import type { StaticData } from "./plan.ts";
import type { BlockSums, Places, RecordRange } from "./records.ts";

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
  const used = new Uint32Array(memory.buffer, survey.sums, (pieces.count * PAGE_SUMS.SUMS_BYTES) / 4);
  const order: number[] = [];
  const places: number[] = [];
  let records = 0;
  for (let piece = 0; piece < pieces.count; piece += 1) {
    // Pieces without a pool are read as well: they may point to static objects. Those are not read for themselves.
    const start = pieces.starts[piece] ?? 0;
    if (start >= data.start && start + (pieces.bytes[piece] ?? 0) <= data.start + data.bytes) continue;
    order.push(piece);
    places.push(records * RECORD.RECORD_BYTES);
    records += used[(piece * PAGE_SUMS.SUMS_BYTES + PAGE_SUMS.BLOCKS_IN_USE) / 4] ?? 0;
  }
  const base = memory.place(records * RECORD.RECORD_BYTES);
  const wrote = memory.place(order.length * 4);
  const threads = tallies.map((tally) => ({
    tally,
    buffer: memory.place(PIECE_BUFFER_BYTES),
    marks: memory.place(2048),
    sums: memory.place(BLOCK_SUMS.POOL_SUMS_BYTES),
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
    const own = new BigUint64Array(buffer, thread.sums, BLOCK_SUMS.POOL_SUMS_BYTES / 8);
    const sum = (offset: number) => Number(own[offset / 8] ?? 0n);
    sums.poolBytes += sum(BLOCK_SUMS.POOL_BYTES);
    sums.poolObjectBytes += sum(BLOCK_SUMS.POOL_OBJECT_BYTES);
    sums.poolFreeBytes += sum(BLOCK_SUMS.POOL_FREE_BYTES);
    sums.poolUncarvedBytes += sum(BLOCK_SUMS.POOL_UNCARVED_BYTES);
    sums.poolHeaderBytes += sum(BLOCK_SUMS.POOL_HEADER_BYTES);
    sums.freePoolBytes += sum(BLOCK_SUMS.FREE_POOL_BYTES);
  }
  const lengths = new Uint32Array(buffer, wrote, order.length);
  return places.map((place, item) => ({ at: base + place, bytes: lengths[item] ?? 0 }));
}
