import { type BlockList, CHUNK_BYTES, type Chunks, type Crew, type Pool, TABLE } from "../kernel/index.ts";
import { CoregramError, formatBytes } from "../terms/index.ts";
import { KEY_BITS, type Keys } from "./keys.ts";
import { largestPart } from "./part-blocks.ts";
import { partWords, type Splitters } from "./splitters.ts";

/** A power of two; 2,048 parts with a block each for two threads are 32 MiB. */
const BLOCK_BYTES = 8192;

/** The sort's own digits: 2,048 u32 counters. */
const DIGIT_BYTES = 8192;

/** Least memory that can sort anything: buffers, and four blocks for each of a few parts and threads. */
export const LEAST_MEMORY = 32 * 2 ** 20;

/** Room that is kept for what is placed last: the buffer in which rows are read and printed. */
const ROWS_BYTES = 2 ** 20;

/** What a thread sorts a part with. */
export interface Buffers {
  /** Two, of `room` words and the keys' slack. */
  readonly pair: readonly [number, number];
  readonly steps: number;
}

/** All places that a sort needs in the kernel's memory, within the budget that the user gave. */
export class Workspace {
  readonly tree: number;
  readonly first: { readonly at: number; readonly words: number };
  readonly known: number;
  readonly owners: number;
  readonly pool: Pool;
  private readonly threads;
  private readonly crew: Crew;
  private readonly keys: Keys;
  private readonly room: number;
  private readonly pairs: readonly (readonly [number, number])[];

  /** @throws CoregramError `limit` where the memory is too little for anything */
  constructor(crew: Crew, chunks: Chunks, keys: Keys, split: Splitters, budget: number) {
    const { memory } = crew;
    const left = memoryLeft(crew, budget);
    this.crew = crew;
    this.keys = keys;
    this.first = { at: keys.place(memory), words: keys.words.length };
    this.known = memory.place(keys.words.length * 16);
    this.tree = memory.place(split.tree.byteLength);
    new BigUint64Array(memory.buffer, this.tree, split.tree.length).set(split.tree);
    this.threads = Array.from({ length: crew.threads }, () => ({
      buffer: memory.place(CHUNK_BYTES),
      tableAt: memory.place(TABLE.bytes(KEY_BITS)),
      totals: memory.place(TABLE.bytes(KEY_BITS)),
      cursors: memory.place(4 * 2 ** split.levels),
      histogram: memory.place(DIGIT_BYTES),
      once: memory.place(8),
      free: memory.place(4 + (left / BLOCK_BYTES) * 4),
    }));
    for (const { tableAt } of this.threads) TABLE.write(memory.wasm, tableAt, keys.table, keys.slots);
    // Indexed by address / BLOCK_BYTES, whatever the addresses will be.
    this.owners = memory.place((2 ** 32 / BLOCK_BYTES) * 4);
    // Four times the expected part: places that the sample missed make some larger.
    const expected = partWords(chunks.words, split);
    this.room = Math.max(4096, Math.min(4 * expected, Math.floor(left / 4 / crew.threads / 16)));
    this.pairs = this.threads.map(() => [this.placeBuffer(this.room), this.placeBuffer(this.room)]);
    const later = ROWS_BYTES + crew.threads * this.stepBytes(chunks.words);
    this.pool = placePool(crew, Math.min(budget - memory.bytes, memory.free - later));
  }

  /** The places of one thread. */
  of(thread: number) {
    const places = this.threads[thread];
    if (!places) throw new RangeError(`thread ${thread} of ${this.threads.length}`);
    return places;
  }

  /** Where the threads' counts of the keys are. */
  get totals(): number[] {
    return this.threads.map(({ totals }) => totals);
  }

  get poolBlocks(): number {
    return (this.pool.end - this.pool.start) / BLOCK_BYTES;
  }

  /** Whether all words fit the pool whatever they are: a block open and one free for every part and thread. */
  holds(words: number, parts: number): boolean {
    const open = (2 * parts + CHUNK_BYTES / BLOCK_BYTES + 256) * this.threads.length;
    return words * 8 + open * BLOCK_BYTES <= this.pool.end - this.pool.start;
  }

  /**
   * Buffers to sort the parts with. Where some are larger than planned, what the pool did not use makes larger
   * ones; only where that is too little do parts stay larger than `room`, and take rounds.
   */
  buffersFor(blocks: BlockList): { room: number; of: (thread: number) => Buffers; largest: number } {
    const largest = largestPart(blocks);
    const { start, end, taken } = this.pool;
    const used = Math.min(end, start + Atomics.load(taken, 0) * BLOCK_BYTES);
    const grows = largest > this.room && 2 * this.threads.length * this.bufferBytes(largest) <= end - used;
    const steps = this.threads.map(() => this.crew.memory.place(this.stepBytes(largest)));
    const pairOf = (thread: number): readonly [number, number] => {
      const bytes = this.bufferBytes(largest);
      if (grows) return [end - (2 * thread + 2) * bytes, end - (2 * thread + 1) * bytes];
      return this.pairs[thread] ?? [0, 0];
    };
    return {
      largest,
      room: grows ? largest : this.room,
      of: (thread) => ({ pair: pairOf(thread), steps: steps[thread] ?? 0 }),
    };
  }

  // A key stands once among a part's words, and takes a pair of words once it is counted.
  private bufferBytes(room: number): number {
    return (room + this.keys.words.length + 8) * 8;
  }

  private placeBuffer(room: number): number {
    return this.crew.memory.place(this.bufferBytes(room));
  }

  // k different counts take at least 1 + 2 + … + k words; those of the keys come on top.
  private stepBytes(words: number): number {
    return (Math.ceil(Math.sqrt(2 * words)) + this.keys.words.length + 2) * 16;
  }
}

/** What `budget` bytes leave to place, and how many parts that allows: 16 blocks a part and thread. */
function memoryLeft({ memory }: Crew, budget: number): number {
  return Math.min(budget - memory.bytes, memory.free);
}

export function mostParts(crew: Crew, budget: number): number {
  return Math.floor(memoryLeft(crew, budget) / crew.threads / 16 / BLOCK_BYTES);
}

function placePool(crew: Crew, bytes: number): Pool {
  const blocks = Math.floor(bytes / BLOCK_BYTES);
  if (blocks < 1) throw new CoregramError("limit", `--memory is at least ${formatBytes(LEAST_MEMORY)}`);
  const start = crew.memory.place(blocks * BLOCK_BYTES, BLOCK_BYTES);
  return {
    blockBytes: BLOCK_BYTES,
    start,
    end: start + blocks * BLOCK_BYTES,
    taken: new Int32Array(new SharedArrayBuffer(4)),
  };
}
