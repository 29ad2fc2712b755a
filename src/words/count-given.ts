import { CHUNK_BYTES, type Chunks, Crew, type Progress, TABLE } from "../kernel/index.ts";
import { addTotals, FOLD_AFTER } from "./totals.ts";

/** 2^12 slots of 16 bytes: in the L1 cache, and a thousand words still find slots of their own. */
const BITS = 12;

/**
 * How often each of the given words occurs, in one pass over the input, two where two of them share a slot.
 * @throws CoregramError `changed` or `io` where the input cannot be read
 */
export async function countGiven(
  chunks: Chunks,
  words: readonly bigint[],
  threads: number,
  progress?: Progress,
): Promise<Map<bigint, number>> {
  const counts = new Map<bigint, number>();
  const crew = new Crew(threads);
  try {
    const { memory } = crew;
    const places = Array.from({ length: threads }, () => ({
      buffer: memory.place(CHUNK_BYTES),
      tableAt: memory.place(TABLE.bytes(BITS)),
      totals: memory.place(TABLE.bytes(BITS)),
    }));
    for (let left = [...new Set(words)]; left.length > 0; ) {
      const { table, keys } = TABLE.choose(left, BITS);
      for (const { tableAt, totals } of places) {
        TABLE.write(memory.wasm, tableAt, table, keys);
        new Uint8Array(memory.buffer, totals, TABLE.bytes(BITS)).fill(0);
      }
      const at = (thread: number) => places[thread] ?? { buffer: 0, tableAt: 0, totals: 0 };
      const args = (thread: number) => ({ chunks, table, foldAfter: FOLD_AFTER, ...at(thread) });
      await crew.run("sketch", chunks.count, args, progress);
      const { equals } = addTotals(
        memory,
        places.map(({ totals }) => totals),
        BITS,
      );
      for (const [slot, word] of keys) counts.set(word, equals[slot] ?? 0);
      left = left.filter((word) => !counts.has(word));
    }
    return counts;
  } finally {
    await crew.close();
  }
}
