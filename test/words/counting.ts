import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Chunk, Chunks, type Spill } from "../../src/kernel/index.ts";
import type { Extent, WordShape } from "../../src/terms/index.ts";
import { type Counted, type CountOptions, countWords, type Histogram } from "../../src/words/index.ts";
import { makeScratch } from "../bytes/scratch.ts";

/** What to count, and how; the rest is one thread, plenty of memory and all rows. */
export interface Counting extends Partial<CountOptions> {
  readonly bytes: Uint8Array;
  readonly extents?: readonly Extent[];
  readonly shape?: WordShape;
  readonly chunkBytes?: number;
}

/** Rows as text, and by which way they were found. */
export interface Found {
  readonly kind: "top" | "all";
  readonly rows: string[];
  /** Bytes of the spill file, 0 where there is none. */
  readonly spilled: number;
  /** Most rounds that a part took, less one. */
  readonly rounds: number;
}

export const LITTLE: WordShape = { bytes: 8, endian: "little" };

/** A counter of words in files in a scratch folder of its own. */
export function makeCounter(): { folder: string; count(what: Counting): Promise<Found> } {
  const { folder } = makeScratch();
  const path = join(folder, "input");
  return {
    folder,
    async count({
      bytes,
      extents = [{ offset: 0, bytes: bytes.length }],
      shape = LITTLE,
      chunkBytes,
      ...options
    }) {
      writeFileSync(path, bytes);
      const fd = openSync(path, "r");
      try {
        return await countIn(new Chunks({ name: path, fd }, extents, shape, chunkBytes), {
          temporaryFolder: folder,
          ...options,
        });
      } finally {
        closeSync(fd);
      }
    },
  };
}

/** Counts what `chunks` holds; checks what a histogram says of itself against its rows. */
export async function countIn(chunks: Chunks, options: Partial<CountOptions>): Promise<Found> {
  const counts = await countWords(chunks, {
    limit: Number.POSITIVE_INFINITY,
    least: 1,
    filtered: false,
    threads: 1,
    memory: 2 ** 28,
    temporaryFolder: "/nonexistent",
    ...options,
  });
  if (counts.kind === "top") return { kind: "top", rows: counts.rows.map(rowText), spilled: 0, rounds: 0 };
  const { histogram } = counts;
  try {
    const rows = Array.from(histogram.rows(), rowText);
    const again = rowsOfPieces(histogram);
    if (again.join() !== rows.join()) throw new Error("rows() and pieces() differ");
    if (histogram.distinct !== rows.length)
      throw new Error(`${histogram.distinct} distinct, ${rows.length} rows`);
    if (histogram.words !== chunks.words) throw new Error(`${histogram.words} words of ${chunks.words}`);
    // How it was done shows nowhere outside: that is the point of it.
    const spill: Spill | null = Reflect.get(histogram, "spill");
    const groups: { round: number }[] = Reflect.get(histogram, "groups");
    const rounds = groups.reduce((most, { round }) => Math.max(most, round), 0);
    if (spill) closeSync(spill.fd);
    return { kind: "all", rows, spilled: Number(spill?.bytes[0] ?? 0n), rounds };
  } finally {
    await histogram.crew.close();
  }
}

function rowsOfPieces(histogram: Histogram): string[] {
  const found: string[] = [];
  for (const { count, rows, at } of histogram.pieces())
    for (const word of new BigUint64Array(histogram.crew.arena.memory.buffer, at, rows))
      found.push(rowText({ count, word }));
  return found;
}

function rowText({ count, word }: Counted): string {
  return `${count} ${word.toString(16)}`;
}

/** The rows by the plainest means there are: a Map and a sort. */
export function naiveRows({
  bytes,
  extents = [{ offset: 0, bytes: bytes.length }],
  shape = LITTLE,
  limit = Number.POSITIVE_INFINITY,
  least = 1,
}: Pick<Counting, "bytes" | "extents" | "shape" | "limit" | "least">): string[] {
  const counts = new Map<bigint, number>();
  for (const extent of extents) {
    const whole = Buffer.alloc(Math.ceil(extent.bytes / shape.bytes) * shape.bytes);
    whole.set(bytes.subarray(extent.offset, extent.offset + extent.bytes));
    for (let at = 0; at < whole.length; at += shape.bytes) {
      const word = readWord(whole, at, shape);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count >= least)
    .sort(([a, x], [b, y]) => y - x || (a < b ? 1 : -1))
    .slice(0, limit)
    .map(([word, count]) => rowText({ word, count }));
}

function readWord(whole: Buffer, at: number, { bytes, endian }: WordShape): bigint {
  if (bytes === 8) return endian === "big" ? whole.readBigUInt64BE(at) : whole.readBigUInt64LE(at);
  return BigInt(endian === "big" ? whole.readUInt32BE(at) : whole.readUInt32LE(at));
}

/** Every chunk of `chunks`. */
export function allChunks(chunks: Chunks): Chunk[] {
  return Array.from({ length: chunks.count }, (_, i) => chunks.at(i));
}
