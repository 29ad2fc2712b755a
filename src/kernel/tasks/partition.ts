import { CoregramError } from "../../terms/index.ts";
import { Chunks } from "../chunks.ts";
import type { Take, Thread } from "../thread.ts";
import { type KeyTable, TABLE } from "./key-table.ts";
import { type Spill, takeSpill, writePlace } from "./spill.ts";

/** Blocks that all threads take from; plain data. */
export interface Pool {
  readonly blockBytes: number;
  /** [start, end), multiples of blockBytes. */
  readonly start: number;
  readonly end: number;
  /** One cell, shared: the blocks taken so far, or more than there are. */
  readonly taken: Int32Array;
}

/** Where a thread's parts are, and how they are made. Items are chunks. */
export interface PartitionArgs {
  readonly chunks: Chunks;
  readonly buffer: number;
  readonly table: KeyTable;
  readonly tableAt: number;
  /** Others and equals a slot; only the equals are counted here. */
  readonly totals: number;
  readonly foldAfter: number;
  /** 2^levels - 1 splitters in heap order from index 1. */
  readonly tree: number;
  readonly levels: number;
  /** Words at this place are scattered first, by the main thread alone: each key once, for all its occurrences. */
  readonly first: { readonly at: number; readonly words: number };
  /** A u32 a part. */
  readonly cursors: number;
  /** A stack: how many blocks are free, the address of each, u32; room for all of the pool. This thread's. */
  readonly free: number;
  /** A u32 for each blockBytes of the whole memory, shared by all threads. */
  readonly owners: number;
  /** The blocks, which threads take as they need them. */
  readonly pool: Pool;
  /**
   * Blocks that this thread may take, all of them where all words fit. Else no thread may leave another, which
   * may start later, without any.
   */
  readonly share: number;
  /** Where the blocks go when none is free; null where all are known to fit. */
  readonly spill: Spill | null;
}

/** Blocks that a thread has filled: in memory, or in the spill file. Parallel arrays. */
export interface Directory {
  readonly part: Uint32Array;
  readonly words: Uint32Array;
  /** In memory or in the spill file, as `Spill` has them. */
  readonly place: Float64Array;
}

/** Splits the words, less the keys, which it counts, into parts by value. */
export function* partition(thread: Thread, args: PartitionArgs, take: Take): Generator<void, Directory[]> {
  const { kernel, memory } = thread;
  const { buffer, table, tableAt } = args;
  const { blockBytes } = args.pool;
  const chunks = Chunks.revive(args.chunks);
  const shift = TABLE.shift(table);
  const parts = 2 ** args.levels;
  const blocks = new Blocks(thread, args, parts);
  const fold = () => kernel.fold(tableAt, 2 ** table.bits, args.totals);
  const scatter = (at: number, words: number) => {
    blocks.reserve(parts + Math.ceil(words / (blockBytes / 8)));
    kernel.scatter({
      chunk: at,
      words,
      tree: args.tree,
      levels: args.levels,
      cursors: args.cursors,
      blockBytes,
      free: args.free,
      owners: args.owners,
    });
  };
  if (thread.index === 0) scatter(args.first.at, args.first.words);
  let unfolded = 0;
  for (let item = take(); item !== null; item = take()) {
    const words = chunks.read(chunks.at(item), kernel, memory, buffer);
    if (unfolded + words > args.foldAfter) {
      fold();
      unfolded = 0;
    }
    unfolded += words;
    scatter(
      buffer,
      kernel.sift({ chunk: buffer, words, table: tableAt, multiplier: table.multiplier, shift, to: buffer }),
    );
    yield;
  }
  fold();
  return blocks.finish();
}

/** Blocks that a thread takes at once: 1 MiB of 8 KiB blocks. */
const BLOCKS_AT_ONCE = 128;

// A thread's blocks: taken from the pool, opened by the kernel, and when the pool is empty written to the spill
// file and used again.
class Blocks {
  private readonly cursors: Uint32Array;
  private readonly free: Uint32Array;
  private readonly owners: Uint32Array;
  /** Addresses of all blocks taken from the pool, ascending. */
  private readonly mine: number[] = [];
  private readonly directories: Directory[] = [];

  constructor(
    private readonly thread: Thread,
    private readonly args: PartitionArgs,
    private readonly parts: number,
  ) {
    const { buffer } = thread.memory;
    const { start, end, blockBytes } = args.pool;
    this.cursors = new Uint32Array(buffer, args.cursors, parts);
    this.free = new Uint32Array(buffer, args.free, 1 + (end - start) / blockBytes);
    this.owners = new Uint32Array(buffer, args.owners, end / blockBytes);
    this.open();
  }

  /** Sees to it that the kernel can open `blocks` blocks. */
  reserve(blocks: number): void {
    if (this.take(blocks)) return;
    this.spill();
    if (!this.take(blocks))
      throw new CoregramError("limit", "too little memory to split the words: set --memory to more");
  }

  /** A first block for every part. */
  private open(): void {
    if (!this.take(this.parts))
      throw new CoregramError("limit", "too little memory to split the words: set --memory to more");
    for (let part = 0; part < this.parts; ++part) {
      const left = (this.free[0] ?? 0) - 1;
      this.free[0] = left;
      const at = this.free[1 + left] ?? 0;
      this.cursors[part] = at;
      this.owners[at / this.args.pool.blockBytes] = part;
    }
  }

  /** Makes `blocks` blocks free, from the pool where need be. */
  private take(blocks: number): boolean {
    const { start, end, blockBytes, taken } = this.args.pool;
    const all = (end - start) / blockBytes;
    for (let free = this.free[0] ?? 0; free < blocks; ) {
      const wanted = Math.min(BLOCKS_AT_ONCE, this.args.share - this.mine.length);
      if (wanted <= 0) return false;
      const first = Atomics.add(taken, 0, wanted);
      const last = Math.min(first + wanted, all);
      if (first >= last) {
        Atomics.sub(taken, 0, wanted);
        return false;
      }
      // The top of the stack is the lowest address, so that blocks are opened in the order of the memory.
      for (let block = last - 1; block >= first; --block) {
        this.free[++free] = start + block * blockBytes;
      }
      for (let block = first; block < last; ++block) this.mine.push(start + block * blockBytes);
      this.free[0] = free;
    }
    return true;
  }

  /** Opened blocks and the words in each. */
  private used(): { at: number; words: number }[] {
    const { blockBytes } = this.args.pool;
    const free = new Set(this.free.subarray(1, 1 + (this.free[0] ?? 0)));
    const fill = new Map<number, number>();
    // A cursor never stands at the end of a block: a full one is followed by a new one at once.
    for (const cursor of this.cursors)
      fill.set(Math.floor(cursor / blockBytes) * blockBytes, (cursor % blockBytes) / 8);
    return this.mine
      .filter((at) => !free.has(at))
      .map((at) => ({ at, words: fill.get(at) ?? blockBytes / 8 }));
  }

  /** Writes all opened blocks to the spill file, and begins anew. */
  private spill(): void {
    const { spill, pool } = this.args;
    if (!spill) throw new CoregramError("limit", "the words take more memory than was planned");
    const used = this.used();
    const place = takeSpill(spill, used.length * pool.blockBytes);
    this.record(used, (i) => place + i * pool.blockBytes);
    for (let first = 0; first < used.length; ) {
      const from = used[first]?.at ?? 0;
      let last = first + 1;
      while (used[last]?.at === from + (last - first) * pool.blockBytes) ++last;
      const bytes = (last - first) * pool.blockBytes;
      writePlace(this.thread.memory, spill, place + first * pool.blockBytes, from, bytes);
      first = last;
    }
    this.free[0] = this.mine.length;
    this.mine.forEach((at, i) => {
      this.free[this.mine.length - i] = at;
    });
    this.open();
  }

  private record(used: readonly { at: number; words: number }[], place: (i: number) => number): void {
    const { blockBytes } = this.args.pool;
    this.directories.push({
      part: Uint32Array.from(used, ({ at }) => this.owners[at / blockBytes] ?? 0),
      words: Uint32Array.from(used, ({ words }) => words),
      place: Float64Array.from(used, (_, i) => place(i)),
    });
  }

  finish(): Directory[] {
    const used = this.used();
    this.record(used, (i) => used[i]?.at ?? 0);
    return this.directories;
  }
}
