import { POOL } from "../kernel/index.ts";
import type { MemoryReader } from "./reader.ts";

/** A pool of pymalloc that adds up: its blocks follow its header. */
export interface Pool {
  readonly start: number;
  readonly bytes: number;
  /** Of each of its blocks. */
  readonly blockBytes: number;
  /** Blocks that were ever handed out; those behind them are free as well. */
  readonly carved: number;
  /** Where the freed ones begin. */
  readonly free: ReadonlySet<number>;
}

/** A size of 16 KiB is looked for first: what is in its blocks may look like a pool of 4 KiB. */
const SIZES = [POOL.LARGE_POOL_BYTES, POOL.SMALL_POOL_BYTES] as const;
/** Sizes of blocks are multiples of this; up to 3.7 of the lesser one. */
const ALIGNMENTS = [16, 8] as const;

/** The pool that has the address; null where there is none. */
export function poolAt(reader: MemoryReader, at: number): Pool | null {
  for (const size of SIZES) {
    const pool = readPool(reader, at - (at % size), size);
    if (pool !== null) return pool;
  }
  return null;
}

/**
 * The pool of that size at the address; null where there is no such pool, or one that does not add up: see the
 * kernel's `poolBytes` and `markFree`, which say the same of all memory.
 */
function readPool(reader: MemoryReader, start: number, bytes: number): Pool | null {
  const block = bytes - reader.u32(start + POOL.LAST_OFFSET);
  const classes = reader.u32(start + POOL.SIZE_CLASS) + 1;
  const isClass = ALIGNMENTS.some((alignment) => block === classes * alignment);
  if (!(isClass && block > 0 && block <= POOL.MOST_BLOCK_BYTES)) return null;
  const carved = (reader.u32(start + POOL.NEXT_OFFSET) - POOL.HEADER_BYTES) / block;
  const room = bytes - POOL.HEADER_BYTES;
  if (!(carved > 0 && Number.isInteger(carved) && carved * block <= room)) return null;
  const free = new Set<number>();
  for (let at = reader.u64(start + POOL.FREE_BLOCK); at !== 0; at = reader.u64(at)) {
    const index = (at - start - POOL.HEADER_BYTES) / block;
    if (!(index >= 0 && index < carved && Number.isInteger(index)) || free.has(at)) return null;
    free.add(at);
  }
  const used = reader.u32(start + POOL.USED_BLOCKS);
  return carved - free.size === used ? { start, bytes, blockBytes: block, carved, free } : null;
}
