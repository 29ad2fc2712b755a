import {
  CHUNK_BYTES,
  type Chunks,
  type Crew,
  KernelMemory,
  type KeyTable,
  type Progress,
  TABLE,
} from "../kernel/index.ts";
import { type Counted, compareCounted } from "./counted.ts";
import type { Sample } from "./sample.ts";
import { addTotals } from "./totals.ts";

/** What to find: at most `limit` words that occur at least `least` times. */
export interface TopWanted {
  readonly limit: number;
  readonly least: number;
}

/** 2^18 words of 16 bytes: more hot words than that are cheaper to sort. */
const TALLY_BITS = 18;

/** Of all words, the part that may have to be tallied before sorting everything is the better way. */
const HOT_SHARE = 1 / 8;

/**
 * The most frequent words, proven, or null where sorting all words is cheaper than the proof.
 *
 * One pass counts the sample's frequent words exactly, each in a slot of its own of a table that fits the L2
 * cache, and per slot the sum of all other words, which bounds the count of each of them. No word that was not
 * counted can be among the top N where all sums are below the N-th count. Where some are not, a second pass
 * counts just the words of those slots.
 */
export async function topWords(
  crew: Crew,
  chunks: Chunks,
  sample: Sample,
  wanted: TopWanted,
  foldAfter: number,
  progress?: Progress,
): Promise<Counted[] | null> {
  const bits = wanted.limit <= 64 ? 14 : 16;
  const likely = sample.likely(2, Math.min(4 * wanted.limit + 64, 2 ** bits / 8));
  const { table, keys } = TABLE.choose(likely, bits);
  const { memory } = crew;
  const threads = Array.from({ length: crew.threads }, () => ({
    buffer: memory.place(CHUNK_BYTES),
    tableAt: memory.place(TABLE.bytes(bits)),
    totals: memory.place(TABLE.bytes(bits)),
  }));
  for (const { tableAt } of threads) TABLE.write(memory.wasm, tableAt, table, keys);
  const at = (thread: number) => threads[thread] ?? { buffer: 0, tableAt: 0, totals: 0 };
  await crew.run("sketch", chunks.count, (thread) => ({ chunks, table, foldAfter, ...at(thread) }), progress);
  const { others, equals } = addTotals(
    memory,
    threads.map(({ totals }) => totals),
    bits,
  );
  const exact: Counted[] = [];
  for (const [slot, word] of keys) {
    const count = equals[slot] ?? 0;
    if (count >= wanted.least) exact.push({ word, count });
  }
  exact.sort(compareCounted);
  const bar = Math.max(exact[wanted.limit - 1]?.count ?? 1, wanted.least);
  const hot = new Uint8Array(others.length);
  let hotWords = 0;
  others.forEach((sum, slot) => {
    if (sum < bar) return;
    hot[slot] = 1;
    hotWords += sum;
  });
  if (hotWords > 0) {
    if (hotWords > chunks.words * HOT_SHARE) return null;
    const tallied = await tallyHot(crew, chunks, table, hot, at, wanted.least, progress);
    if (!tallied) return null;
    exact.push(...tallied);
    exact.sort(compareCounted);
  }
  return exact.slice(0, wanted.limit);
}

async function tallyHot(
  crew: Crew,
  chunks: Chunks,
  table: KeyTable,
  hot: Uint8Array,
  at: (thread: number) => { buffer: number; tableAt: number },
  least: number,
  progress?: Progress,
): Promise<Counted[] | null> {
  const { memory } = crew;
  const hotAt = memory.place(hot.length);
  const entries = 2 ** TALLY_BITS;
  const counts = Array.from({ length: crew.threads }, () => memory.place(entries * 16));
  new Uint8Array(memory.buffer).set(hot, hotAt);
  const lost = await crew.run(
    "tally",
    chunks.count,
    (thread) => {
      const { buffer, tableAt } = at(thread);
      return {
        chunks,
        table,
        buffer,
        tableAt,
        hot: hotAt,
        counts: counts[thread] ?? 0,
        countsBits: TALLY_BITS,
      };
    },
    progress,
  );
  if (lost.some((words) => words > 0)) return null;
  const sums = new Map<bigint, number>();
  for (const start of counts) {
    const halves = new Uint32Array(memory.buffer, start, 4 * entries);
    const words = new BigUint64Array(memory.buffer, start, 2 * entries);
    for (let entry = 0; entry < entries; ++entry) {
      const count = KernelMemory.count(halves, 2 * entry + 1);
      if (count === 0) continue;
      const word = words[2 * entry] ?? 0n;
      sums.set(word, (sums.get(word) ?? 0) + count);
    }
  }
  const tallied: Counted[] = [];
  for (const [word, count] of sums) if (count >= least) tallied.push({ word, count });
  return tallied;
}
