// Words split by value into parts of about equal size, each a chain of blocks: the first half of a sample sort.
import { slotOf } from "./slot";

/**
 * Counts the words that are their slot's key and moves all others, in order, to `to` (which may be `chunk`).
 * Returns how many it moved. No branch depends on the data: a quarter of a core's words are zero, scattered.
 */
export function sift(
  chunk: usize,
  words: usize,
  table: usize,
  multiplier: u64,
  shift: u64,
  to: usize,
): usize {
  const end = chunk + (words << 3);
  const start = to;
  for (; chunk < end; chunk += 8) {
    const word = load<u64>(chunk);
    const slot = slotOf(word, table, multiplier, shift);
    const equal = usize(load<u64>(slot) == word);
    store<u32>(slot, load<u32>(slot, 12) + <u32>equal, 12);
    store<u64>(to, word);
    to += (equal ^ 1) << 3;
  }
  return (to - start) >> 3;
}

// One step down the tree of splitters (Sanders and Winkel, Super Scalar Sample Sort, 2004): the children of
// node i are 2i and 2i + 1, and the comparison is arithmetic, not a branch. Greater words go left.
// @ts-ignore: a decorator on a function
@inline
function descend(node: usize, word: u64, tree: usize): usize {
  return (node << 1) + usize(word < load<u64>(tree + (node << 3)));
}

// Appends the word to part `part`, and opens a free block where that filled one.
// @ts-ignore: a decorator on a function
@inline
function append(part: usize, word: u64, cursors: usize, blockBytes: usize, free: usize, owners: usize): void {
  const at = <usize>load<u32>(cursors + (part << 2));
  store<u64>(at, word);
  let after = at + 8;
  if ((after & (blockBytes - 1)) == 0) {
    const left = load<u32>(free) - 1;
    store<u32>(free, left);
    after = <usize>load<u32>(free + (<usize>left << 2), 4);
    // Blocks lie at multiples of their size, so the owner's index needs no base.
    store<u32>(owners + ((after / blockBytes) << 2), <u32>part);
  }
  store<u32>(cursors + (part << 2), <u32>after);
}

/**
 * Appends each of `words` words to its part: part 0 holds the greatest. `tree` is 2^levels - 1 splitters in
 * heap order from index 1. `cursors` is a u32 address a part, `free` a stack of free blocks (how many, then the
 * address of each, u32), `owners` a u32 part for each block, indexed by its address / blockBytes. The caller
 * has seen to it that words / (blockBytes / 8) + parts blocks are free.
 */
export function scatter(
  chunk: usize,
  words: usize,
  tree: usize,
  levels: u32,
  cursors: usize,
  blockBytes: usize,
  free: usize,
  owners: usize,
): void {
  const end = chunk + (words << 3);
  const bulk = chunk + ((words & ~3) << 3);
  const parts: usize = 1 << levels;
  for (; chunk < bulk; chunk += 32) {
    const a = load<u64>(chunk);
    const b = load<u64>(chunk, 8);
    const c = load<u64>(chunk, 16);
    const d = load<u64>(chunk, 24);
    let nodeA: usize = 1;
    let nodeB: usize = 1;
    let nodeC: usize = 1;
    let nodeD: usize = 1;
    for (let level = levels; level > 0; --level) {
      nodeA = descend(nodeA, a, tree);
      nodeB = descend(nodeB, b, tree);
      nodeC = descend(nodeC, c, tree);
      nodeD = descend(nodeD, d, tree);
    }
    append(nodeA - parts, a, cursors, blockBytes, free, owners);
    append(nodeB - parts, b, cursors, blockBytes, free, owners);
    append(nodeC - parts, c, cursors, blockBytes, free, owners);
    append(nodeD - parts, d, cursors, blockBytes, free, owners);
  }
  for (; chunk < end; chunk += 8) {
    const word = load<u64>(chunk);
    let node: usize = 1;
    for (let level = levels; level > 0; --level) node = descend(node, word, tree);
    append(node - parts, word, cursors, blockBytes, free, owners);
  }
}
