import { Spool } from "../bytes/index.ts";
import {
  type BlockList,
  CHUNK_BYTES,
  type Chunks,
  type Crew,
  type Directory,
  type Progress,
  type Spill,
  TABLE,
} from "../kernel/index.ts";
import { CoregramError, formatBytes, printable } from "../terms/index.ts";
import { Histogram } from "./histogram.ts";
import type { Sample } from "./sample.ts";
import { partWords, type Splitters, splitters } from "./splitters.ts";
import { addTotals } from "./totals.ts";

export interface SortOptions {
  readonly memory: number;
  readonly temporaryFolder: string;
  readonly foldAfter: number;
  readonly progress?: Progress;
}

/** A power of two; 2,048 parts with a block each for two threads are 32 MiB. */
const BLOCK_BYTES = 8192;

/** Keys that are counted as they come and take no further part: 2,048 of them in 2^14 slots fit the L2 cache. */
const KEYS = 2048;
const KEY_BITS = 14;

/** The sort's own digits: 2,048 u32 counters. */
const HISTOGRAM_BYTES = 8192;

/** Least memory that can sort anything: buffers, and four blocks for each of a few parts and threads. */
export const LEAST_MEMORY = 32 * 2 ** 20;

/**
 * The full histogram: a sample sort in two steps. All words are split by value into parts, by a tree of
 * splitters drawn from the sample, the sample's frequent words counted on the way; then each part is sorted in the
 * cache and its equal words counted. Parts that outgrow the memory are spilled to an unlinked temporary file.
 */
export async function sortWords(
  crew: Crew,
  chunks: Chunks,
  sample: Sample,
  options: SortOptions,
): Promise<Histogram> {
  const { arena } = crew;
  const keys = TABLE.choose(sample.likely(3, KEYS), KEY_BITS);
  const keyWords = [...keys.keys.values()].sort((a, b) => (a < b ? 1 : -1));
  const budget = Math.min(options.memory, arena.bytes + arena.free) - arena.bytes;
  const most = Math.floor(budget / crew.threads / 16 / BLOCK_BYTES);
  const split = splitters(sample, new Set(keyWords), chunks.words, most);
  const parts = 2 ** split.levels;
  const known = placeKnown(crew, keyWords, split);
  const tree = arena.place(split.tree.byteLength);
  new BigUint64Array(arena.memory.buffer, tree, split.tree.length).set(split.tree);
  const threads = Array.from({ length: crew.threads }, () => ({
    buffer: arena.place(CHUNK_BYTES),
    tableAt: arena.place(TABLE.bytes(KEY_BITS)),
    totals: arena.place(TABLE.bytes(KEY_BITS)),
    cursors: arena.place(parts * 4),
    histogram: arena.place(HISTOGRAM_BYTES),
    once: arena.place(8),
    free: arena.place(4 + (budget / BLOCK_BYTES) * 4),
  }));
  for (const { tableAt } of threads) TABLE.write(arena.memory, tableAt, keys.table, keys.keys);
  const of = (thread: number) => {
    const places = threads[thread];
    if (!places) throw new RangeError(`thread ${thread}`);
    return places;
  };
  // Indexed by address / BLOCK_BYTES, whatever the addresses will be.
  const owners = arena.place((2 ** 32 / BLOCK_BYTES) * 4);
  // Four times the expected part: places that the sample missed make some larger.
  const expected = partWords(chunks.words, split);
  const room = Math.max(4096, Math.min(4 * expected, Math.floor(budget / 4 / crew.threads / 16)));
  const buffers = crewBuffers(crew, room, keyWords.length);
  const left = options.memory - arena.bytes;
  // Placed after the pool, and known only then: the steps of each thread, the buffer of the rows.
  const later = 2 ** 20 + crew.threads * stepBytes(chunks.words, keyWords.length);
  const pool = {
    blockBytes: BLOCK_BYTES,
    ...placeBlocks(crew, Math.min(left, arena.free - later)),
    taken: new Int32Array(new SharedArrayBuffer(4)),
  };
  // Each thread has a block open for every part, and as many free before each chunk.
  const most8 = chunks.words * 8 + (2 * parts + CHUNK_BYTES / BLOCK_BYTES + 256) * crew.threads * BLOCK_BYTES;
  let spill = most8 > pool.end - pool.start ? await openSpill(options.temporaryFolder) : null;
  const directories = await crew.run(
    "partition",
    chunks.count,
    (thread) => ({
      ...of(thread),
      chunks,
      table: keys.table,
      foldAfter: options.foldAfter,
      tree,
      levels: split.levels,
      first: known.first,
      owners,
      pool,
      share: spill ? Math.floor(blocksIn(pool) / crew.threads) : blocksIn(pool),
      spill,
    }),
    options.progress,
  );
  known.write(
    addTotals(
      arena,
      threads.map(({ totals }) => totals),
      KEY_BITS,
    ).equals,
    (word) => TABLE.slot(word, keys.table),
  );
  const blocks = listBlocks(directories.flat(), parts);
  const largest = largestPart(blocks, parts);
  // What the pool did not use can make the buffers larger; only then are rounds needed.
  const unused = pool.end - Math.min(pool.end, pool.start + Atomics.load(pool.taken, 0) * BLOCK_BYTES);
  const grown = unused / crew.threads / 16 - keyWords.length - 64;
  const fits = largest <= room || largest > grown ? buffers : null;
  const roomier = fits ? room : largest;
  if (largest > roomier) spill ??= await openSpill(options.temporaryFolder);
  const wide = (roomier + keyWords.length + 8) * 8;
  const stepsAt = threads.map(() => arena.place(stepBytes(largest, keyWords.length)));
  const groups = await crew.run("group", parts, (thread) => ({
    blocks,
    buffers: fits?.[thread] ?? [pool.end - (2 * thread + 2) * wide, pool.end - (2 * thread + 1) * wide],
    room: roomier,
    known: { at: known.at, firsts: known.firsts, slack: keyWords.length },
    histogram: of(thread).histogram,
    once: of(thread).once,
    steps: stepsAt[thread] ?? 0,
    spill,
  }));
  const histogram = new Histogram(crew, groups.flat(), blocks, spill);
  if (histogram.words !== chunks.words)
    throw new CoregramError(
      "changed",
      `${printable(chunks.name)}: changed while it was read: ${chunks.words} words at first, ${histogram.words} counted`,
    );
  return histogram;
}

// Two buffers of `room` words and a known word's worth of slack for each key, a pair a thread.
function crewBuffers(crew: Crew, room: number, keys: number): [number, number][] {
  const bytes = (room + keys + 8) * 8;
  return Array.from({ length: crew.threads }, () => [crew.arena.place(bytes), crew.arena.place(bytes)]);
}

function placeBlocks(crew: Crew, bytes: number): { start: number; end: number } {
  const blocks = Math.floor(bytes / BLOCK_BYTES);
  if (blocks < 1) throw new CoregramError("limit", `--memory is at least ${formatBytes(LEAST_MEMORY)}`);
  const start = crew.arena.place(blocks * BLOCK_BYTES, BLOCK_BYTES);
  return { start, end: start + blocks * BLOCK_BYTES };
}

// k different counts take at least 1 + 2 + … + k words; those of the keys come on top.
function stepBytes(words: number, keys: number): number {
  return (Math.ceil(Math.sqrt(2 * words)) + keys + 2) * 16;
}

function blocksIn(pool: { readonly start: number; readonly end: number }): number {
  return (pool.end - pool.start) / BLOCK_BYTES;
}

async function openSpill(folder: string): Promise<Spill> {
  const file = await (await Spool.create(folder, 0)).finish("temporary file");
  return { fd: file.fd, folder, bytes: new BigInt64Array(new SharedArrayBuffer(8)) };
}

// The keys for the kernel: their words alone, to be scattered once each, and with their counts for `countRuns`.
function placeKnown(crew: Crew, words: readonly bigint[], split: Splitters) {
  const { arena } = crew;
  const first = { at: arena.place(words.length * 8), words: words.length };
  const at = arena.place(words.length * 16);
  new BigUint64Array(arena.memory.buffer, first.at, words.length).set(words);
  const firsts = new Uint32Array(new SharedArrayBuffer(4 * (2 ** split.levels + 1)));
  for (const word of words) {
    const part = split.partOf(word);
    firsts[part + 1] = (firsts[part + 1] ?? 0) + 1;
  }
  for (let part = 1; part < firsts.length; ++part)
    firsts[part] = (firsts[part] ?? 0) + (firsts[part - 1] ?? 0);
  return {
    first,
    at,
    firsts,
    write(equals: Float64Array, slot: (word: bigint) => number): void {
      const pairs = new BigUint64Array(arena.memory.buffer, at, 2 * words.length);
      words.forEach((word, i) => {
        pairs[2 * i] = word;
        pairs[2 * i + 1] = BigInt(equals[slot(word)] ?? 0);
      });
    },
  };
}

// The blocks of each part together, parts in order; shared, so that no thread gets a copy.
function listBlocks(directories: readonly Directory[], parts: number): BlockList {
  const count = directories.reduce((sum, { part }) => sum + part.length, 0);
  const firsts = new Uint32Array(new SharedArrayBuffer(4 * (parts + 1)));
  for (const { part } of directories) for (const p of part) firsts[p + 1] = (firsts[p + 1] ?? 0) + 1;
  for (let p = 1; p <= parts; ++p) firsts[p] = (firsts[p] ?? 0) + (firsts[p - 1] ?? 0);
  const words = new Uint32Array(new SharedArrayBuffer(4 * count));
  const place = new Float64Array(new SharedArrayBuffer(8 * count));
  const next = firsts.slice(0, parts);
  for (const directory of directories)
    directory.part.forEach((p, i) => {
      const block = next[p] ?? 0;
      next[p] = block + 1;
      words[block] = directory.words[i] ?? 0;
      place[block] = directory.place[i] ?? 0;
    });
  return { firsts, words, place };
}

function largestPart({ firsts, words }: BlockList, parts: number): number {
  let largest = 0;
  for (let part = 0; part < parts; ++part) {
    let here = 0;
    const end = firsts[part + 1] ?? 0;
    for (let block = firsts[part] ?? 0; block < end; ++block) here += words[block] ?? 0;
    largest = Math.max(largest, here);
  }
  return largest;
}
