import { GRAPH, type KernelMemory } from "../../../kernel/index.ts";
import { enterRegion } from "../objects/object-index.ts";

const REGION_BYTES = 2 ** GRAPH.REGION_BITS;
const CELL_BYTES = 2 ** GRAPH.CELL_BITS;
const CELLS = REGION_BYTES / CELL_BYTES;

/** Blocks of memory that are disjoint, in the order of their addresses. */
export interface Blocks {
  readonly count: number;
  readonly starts: Float64Array;
  readonly bytes: Float64Array;
}

/** Where in the kernel's memory the block that an address lies in is looked up. */
export interface BlockIndex {
  readonly blocks: number;
  readonly hash: number;
  readonly hashMask: number;
  readonly cells: number;
}

/** As `indexObjects`, but each region that a block reaches into is there, and each cell knows what begins before it. */
export function indexBlocks(memory: KernelMemory, { count, starts, bytes }: Blocks): BlockIndex {
  const regions = regionsOf({ count, starts, bytes });
  const slots = 2 ** Math.ceil(Math.log2(2 * regions.length + 2));
  const hash = memory.place(slots * 8);
  const cells = memory.place(Math.max(1, regions.length) * CELLS * 2 ** GRAPH.CELL_RECORD_BITS);
  const blocks = memory.place(Math.max(1, count) * 16);
  const entries = new BigUint64Array(memory.buffer, blocks, count * 2);
  for (let block = 0; block < count; block += 1) {
    entries[block * 2] = BigInt(starts[block] ?? 0);
    entries[block * 2 + 1] = BigInt(bytes[block] ?? 0);
  }
  const hashes = new Uint32Array(memory.buffer, hash, slots * 2);
  const words = new Uint32Array(memory.buffer, cells, regions.length * CELLS * 4);
  let block = 0;
  regions.forEach((region, number) => {
    enterRegion(hashes, slots - 1, region + 1, number);
    for (let cell = 0; cell < CELLS; cell += 1) {
      const at = (number * CELLS + cell) * 4;
      const from = region * REGION_BYTES + cell * CELL_BYTES;
      words[at + 2] = block;
      for (; block < count && (starts[block] ?? 0) < from + CELL_BYTES; block += 1) {
        const bit = ((starts[block] ?? 0) - from) >>> 3;
        words[at + (bit >>> 5)] = ((words[at + (bit >>> 5)] ?? 0) | (1 << (bit & 31))) >>> 0;
      }
    }
  });
  return { blocks, hash, hashMask: slots - 1, cells };
}

/** Regions that blocks lie in, ascending. */
function regionsOf({ count, starts, bytes }: Blocks): number[] {
  const regions: number[] = [];
  let next = 0;
  for (let block = 0; block < count; block += 1) {
    const start = starts[block] ?? 0;
    const end = start + (bytes[block] ?? 0);
    for (
      let region = Math.max(next, Math.floor(start / REGION_BYTES));
      region * REGION_BYTES < end;
      region += 1
    ) {
      regions.push(region);
      next = region + 1;
    }
  }
  return regions;
}

/** The block that has the address, or -1. */
export function blockAt({ count, starts, bytes }: Blocks, address: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  const block = low - 1;
  return block >= 0 && address - (starts[block] ?? 0) < (bytes[block] ?? 0) ? block : -1;
}
