// Exact counts of a few likely words and upper bounds for all others, in one sequential pass.
import { EQUAL_WORDS, KEY, OTHER_WORDS, SLOT_BITS } from "../abi/key-slot";
import { slotOf } from "./slot";

// One word into its slot: the equal or the other counter, picked without a branch.
// @ts-ignore: a decorator on a function
@inline
function add(word: u64, slot: usize): void {
  const counter = slot + (usize(load<u64>(slot, KEY) == word) << 2);
  store<u32>(counter, load<u32>(counter, OTHER_WORDS) + 1, OTHER_WORDS);
}

/**
 * Adds `words` words at `chunk` to the key table. Four words in flight hide the latency of the hash and of the
 * table, which has to fit the L2 cache.
 */
export function sketch(chunk: usize, words: usize, table: usize, multiplier: u64, shift: u64): void {
  const end = chunk + (words << 3);
  const bulk = chunk + ((words & ~3) << 3);
  for (; chunk < bulk; chunk += 32) {
    const a = load<u64>(chunk);
    const b = load<u64>(chunk, 8);
    const c = load<u64>(chunk, 16);
    const d = load<u64>(chunk, 24);
    const slotA = slotOf(a, table, multiplier, shift);
    const slotB = slotOf(b, table, multiplier, shift);
    const slotC = slotOf(c, table, multiplier, shift);
    const slotD = slotOf(d, table, multiplier, shift);
    add(a, slotA);
    add(b, slotB);
    add(c, slotC);
    add(d, slotD);
  }
  for (; chunk < end; chunk += 8) {
    const word = load<u64>(chunk);
    add(word, slotOf(word, table, multiplier, shift));
  }
}

/** Moves the 32-bit counters of `slots` slots into 64-bit ones: at `totals`, others (u64) and equals (u64) a slot. */
export function fold(table: usize, slots: usize, totals: usize): void {
  const end = table + (slots << SLOT_BITS);
  for (; table < end; table += 1 << SLOT_BITS, totals += 16) {
    store<u64>(totals, load<u64>(totals) + <u64>load<u32>(table, OTHER_WORDS));
    store<u64>(totals, load<u64>(totals, 8) + <u64>load<u32>(table, EQUAL_WORDS), 8);
    store<u64>(table, 0, OTHER_WORDS);
  }
}

/** Longest walk from a word's place in the tally; words made to collide must not make it quadratic. */
const PROBES: i32 = 64;

/**
 * Counts, in an open-addressed table of (word u64, count u64), the words whose slot is marked in `hot` (a byte a
 * slot) and that are not their slot's key. `counts` has `mask + 1` places.
 * Returns how many words found no place within PROBES.
 */
export function tally(
  chunk: usize,
  words: usize,
  table: usize,
  multiplier: u64,
  shift: u64,
  hot: usize,
  counts: usize,
  mask: usize,
): usize {
  const end = chunk + (words << 3);
  let lost: usize = 0;
  for (; chunk < end; chunk += 8) {
    const word = load<u64>(chunk);
    const hash = word * multiplier;
    const slot = <usize>(hash >> shift);
    if (!load<u8>(hot + slot) || load<u64>(table + (slot << SLOT_BITS)) == word) continue;
    // The top bits are the slot, alike for all words that come here together: take those below, mixed.
    let place = <usize>((hash ^ (hash >> 29)) >> 8) & mask;
    let probes = PROBES;
    for (; probes > 0; --probes) {
      const entry = counts + (place << 4);
      const count = load<u64>(entry, 8);
      if (count == 0) store<u64>(entry, word);
      if (count == 0 || load<u64>(entry) == word) {
        store<u64>(entry, count + 1, 8);
        break;
      }
      place = (place + 1) & mask;
    }
    if (probes == 0) ++lost;
  }
  return lost;
}
