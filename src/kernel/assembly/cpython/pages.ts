// mimalloc's pages (CPython's build without the GIL, Include/internal/mimalloc/mimalloc/types.h): runs of blocks of one size.
import { FREE_BLOCKS, OTHER_BYTES, RECORDS_BYTES } from "../../abi/mimalloc-page";
import { countFreed, findObject } from "./objects";
import { putBlock } from "./native";

/** Lists of free blocks that a page has: to hand out next, freed by its own thread, freed by others. */
const LISTS = 3;

/**
 * Finds the objects in the page whose `capacity` blocks of `block` bytes lie at `at`, at `address`; 128 bytes behind them can be read.
 * At `heads`, three u64: where its lists of free blocks begin. At `marks` there is room for a byte a block. Of a page of
 * memory that is no object's (`hasObjects` 0) blocks are only told apart. Writes records to `to`, and to `others` the blocks in
 * use that hold no object, each with room for one a block; at `wrote` the numbers of mimalloc-page.ts. Returns 0 where the
 * lists make no sense, or do not add up with `used`.
 */
export function pageObjects(
  plan: usize,
  at: usize,
  address: u64,
  block: usize,
  capacity: u32,
  used: u32,
  hasObjects: u32,
  heads: usize,
  marks: usize,
  tally: usize,
  to: usize,
  others: usize,
  wrote: usize,
): u32 {
  const start = to;
  const othersStart = others;
  memory.fill(marks, 0, <usize>capacity);
  let free: u32 = 0;
  let byOthers: u32 = 0;
  for (let list = 0; list < LISTS; ++list) {
    const before = free;
    let place = load<u64>(heads + (<usize>list << 3));
    while (place != 0) {
      const offset = place - address;
      if (offset >= <u64>capacity * <u64>block || offset % <u64>block != 0) return 0;
      const mark = marks + <usize>(offset / <u64>block);
      if (load<u8>(mark) != 0) return 0;
      store<u8>(mark, 1);
      ++free;
      place = load<u64>(at + <usize>offset);
    }
    byOthers = free - before;
  }
  // What other threads have freed still counts as used.
  if (used < byOthers || used - byOthers != capacity - free) return 0;
  for (let index: u32 = 0; index < capacity; ++index) {
    const offset = <usize>index * block;
    const here = address + <u64>offset;
    if (load<u8>(marks + index) != 0) {
      if (hasObjects != 0) countFreed(plan, at + offset, <u64>block, tally);
      continue;
    }
    const found = hasObjects != 0 ? findObject(plan, at + offset, here, <u64>block, tally, to) : 0;
    to += found;
    if (found == 0) others = putBlock(here, <u64>block, others);
  }
  store<u32>(wrote, <u32>(to - start), RECORDS_BYTES);
  store<u32>(wrote, <u32>(others - othersStart), OTHER_BYTES);
  store<u32>(wrote, free, FREE_BLOCKS);
  return 1;
}
