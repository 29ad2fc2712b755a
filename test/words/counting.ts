import { createHash } from "node:crypto";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Chunks, type Spill } from "../../src/kernel/index.ts";
import type { Extent, WordShape } from "../../src/terms/index.ts";
import { type Counted, type CountOptions, countWords, type Histogram } from "../../src/words/index.ts";
import { makeScratch } from "../bytes/scratch.ts";

/** What to count, and how; the rest is one thread, plenty of memory and all rows. */
export interface Counting extends Partial<CountOptions> {
  readonly bytes: Uint8Array;
  readonly extents?: readonly Extent[];
  readonly shape?: WordShape;
  readonly chunkBytes?: number;
  /** For millions of rows: a digest of them in their place, as `digestOf` makes it. */
  readonly asDigest?: boolean;
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
          // In the middle of each stretch, so that inputs can be made that the sample misses.
          random: () => 0.5,
          ...options,
        });
      } finally {
        closeSync(fd);
      }
    },
  };
}

/** Counts what `chunks` holds; checks what a histogram says of itself against its rows. */
export async function countIn(
  chunks: Chunks,
  { asDigest = false, ...options }: Partial<CountOptions> & { asDigest?: boolean },
): Promise<Found> {
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
    const rows = asDigest ? [digestOf(piecesOf(histogram))] : Array.from(histogram.rows(), rowText);
    if (!asDigest) {
      const again = [...piecesOf(histogram)].flatMap(({ count, words }) =>
        Array.from(words, (word) => rowText({ count, word })),
      );
      if (again.join() !== rows.join()) throw new Error("rows() and pieces() differ");
      if (histogram.distinct !== rows.length)
        throw new Error(`${histogram.distinct}, but ${rows.length} rows`);
    }
    if (histogram.words !== chunks.words) throw new Error(`${histogram.words} words of ${chunks.words}`);
    // How it was done shows nowhere outside: that is the point of it.
    const spill: Spill | null = Reflect.get(histogram, "spill");
    const groups: { round: number }[] = Reflect.get(histogram, "groups");
    const rounds = groups.reduce((most, { round }) => Math.max(most, round), 0);
    return { kind: "all", rows, spilled: Number(spill?.bytes[0] ?? 0n), rounds };
  } finally {
    await histogram.crew.close();
  }
}

/** Words that have one count, in the order of the rows. */
interface Words {
  readonly count: number;
  readonly words: BigUint64Array;
}

function* piecesOf(histogram: Histogram): Generator<Words> {
  const { buffer } = histogram.crew.memory.wasm;
  for (const { count, rows, at } of histogram.batches())
    yield { count, words: new BigUint64Array(buffer, at, rows) };
}

/** How many rows, and a digest of their words and counts, however they are cut into pieces. */
function digestOf(pieces: Iterable<Words>): string {
  const hash = createHash("sha1");
  const steps = new Map<number, number>();
  let rows = 0;
  for (const { count, words } of pieces) {
    hash.update(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
    steps.set(count, (steps.get(count) ?? 0) + words.length);
    rows += words.length;
  }
  return `${rows} rows ${hash.update([...steps].join()).digest("hex")}`;
}

/** The digest by a sort of all words: naive still, and quick enough for millions of whole words. */
export function naiveDigest(bytes: Buffer): string {
  const sorted = new BigUint64Array(bytes.length / 8);
  Buffer.from(sorted.buffer).set(bytes);
  sorted.sort().reverse();
  const byCount = new Map<number, bigint[]>();
  for (let i = 0, next = 0; i < sorted.length; i = next) {
    while (next < sorted.length && sorted[next] === sorted[i]) ++next;
    const words = byCount.get(next - i) ?? [];
    words.push(sorted[i] ?? 0n);
    byCount.set(next - i, words);
  }
  const counts = [...byCount.keys()].sort((a, b) => b - a);
  return digestOf(counts.map((count) => ({ count, words: BigUint64Array.from(byCount.get(count) ?? []) })));
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
