import { GRAPH, type KernelMemory, type Pieces } from "../../../kernel/index.ts";
import { partitionPoint } from "../../../terms/index.ts";
import type { ObjectTable } from "./object-table.ts";
import { RECORD_WORDS, recordHigh, recordLow } from "./record-words.ts";

const REGION_BYTES = 2 ** GRAPH.REGION_BITS;
const CELL_BYTES = 2 ** GRAPH.CELL_BITS;
const CELLS = REGION_BYTES / CELL_BYTES;

/** Where in the kernel's memory the number of the object at an address is looked up. */
export interface ObjectIndex {
  readonly hash: number;
  readonly hashMask: number;
  readonly cells: number;
}

/** The first object of each piece, or behind it where it has none; one more entry holds all. */
export function firstObjects(
  { starts, count }: Pick<Pieces, "starts" | "count">,
  table: Pick<ObjectTable, "count" | "address">,
): Uint32Array {
  const firsts = new Uint32Array(count + 1).fill(table.count);
  for (let piece = 0; piece < count; piece += 1) {
    const start = starts[piece] ?? 0;
    firsts[piece] = partitionPoint(0, table.count, (object) => table.address(object) < start);
  }
  return firsts;
}

/**
 * A bit for each aligned word at which an object begins, and how many begin before each 64 of them: a rank gives the
 * object's number. 16 bytes for each 512 of the regions of 256 KiB that have objects, by a hash of those.
 * @param table objects by number, whose records lie at `place` in the order of their addresses
 */
export function indexObjects(
  memory: KernelMemory,
  { count, place }: Pick<ObjectTable, "count" | "place">,
): ObjectIndex {
  // Of all loops over all objects one that runs always: on halves of addresses, which are no floating-point numbers.
  let records = new Uint32Array(memory.buffer, place, count * RECORD_WORDS);
  let regions = 0;
  let last = -1;
  for (let at = 0; at < records.length; at += RECORD_WORDS) {
    const region = recordRegion(records, at);
    if (region !== last) regions += 1;
    last = region;
  }
  const slots = 2 ** Math.ceil(Math.log2(2 * regions + 2));
  const hash = memory.place(slots * 8);
  const cells = memory.place(regions * CELLS * 2 ** GRAPH.CELL_RECORD_BITS);
  records = new Uint32Array(memory.buffer, place, count * RECORD_WORDS);
  const hashes = new Uint32Array(memory.buffer, hash, slots * 2);
  const words = new Uint32Array(memory.buffer, cells, regions * CELLS * 4);
  last = -1;
  let base = 0;
  let counted = 0;
  for (let object = 0, at = 0; object < count; object += 1, at += RECORD_WORDS) {
    const region = recordRegion(records, at);
    if (region !== last) {
      if (last >= 0) base += CELLS * 4;
      counted = base;
      last = region;
      enterRegion(hashes, slots - 1, region + 1, base / (CELLS * 4));
      words[base + 2] = object;
    }
    const low = recordLow(records, at);
    const cell = base + ((low >>> GRAPH.CELL_BITS) & (CELLS - 1)) * 4;
    // Cells without an object keep no count: nothing is looked up in them.
    if (cell !== counted) words[cell + 2] = object;
    counted = cell;
    const bit = (low >>> 3) & 63;
    const half = cell + (bit >>> 5);
    words[half] = ((words[half] ?? 0) | (1 << (bit & 31))) >>> 0;
  }
  return { hash, hashMask: slots - 1, cells };
}

/** The number of the region that the record's object begins in: 30 bits, as addresses have 48. */
function recordRegion(records: Uint32Array, at: number): number {
  const low = recordLow(records, at) >>> GRAPH.REGION_BITS;
  return (recordHigh(records, at) << (32 - GRAPH.REGION_BITS)) | low;
}

export function enterRegion(hashes: Uint32Array, mask: number, key: number, region: number): void {
  let slot = (Math.imul(key, GRAPH.REGION_MULTIPLIER) & mask) >>> 0;
  while (hashes[slot * 2] !== 0) slot = (slot + 1) & mask;
  hashes[slot * 2] = key;
  hashes[slot * 2 + 1] = region;
}
