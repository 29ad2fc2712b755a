// One part's words sorted, its equal words counted, its rows put into the order of the output.

/** Digits of at most 11 bits: 2,048 counters and as many write positions stay in the L1 cache. */
const DIGIT_BITS: u32 = 11;

// Counting pass of a least-significant-digit radix sort, digits descending: `histogram` ends as the start
// position of each digit. Returns false where all elements have the same digit and nothing needs to move.
function startsDescending(
  from: usize,
  count: usize,
  stride: usize,
  key: usize,
  shift: u64,
  mask: u64,
  histogram: usize,
): bool {
  memory.fill(histogram, 0, (<usize>mask + 1) << 2);
  const end = from + count * stride;
  for (let at = from; at < end; at += stride) {
    const counter = histogram + ((<usize>((load<u64>(at + key) >> shift) & mask)) << 2);
    store<u32>(counter, load<u32>(counter) + 1);
  }
  const first = histogram + ((<usize>((load<u64>(from + key) >> shift) & mask)) << 2);
  if (<usize>load<u32>(first) == count) return false;
  let start: u32 = 0;
  for (let digit = histogram + ((<usize>mask) << 2); digit >= histogram; digit -= 4) {
    const here = load<u32>(digit);
    store<u32>(digit, start);
    start += here;
  }
  return true;
}

/**
 * Sorts `count` words at `words`, greatest first, with `spare` (as large) to move between: a radix sort of the
 * bits in which they differ. `histogram` is 8 KiB. Returns where the sorted words are: `words` or `spare`.
 */
export function sortDescending(words: usize, spare: usize, count: usize, histogram: usize): usize {
  if (count < 2) return words;
  const first = load<u64>(words);
  let differ: u64 = 0;
  for (let at = words, end = words + (count << 3); at < end; at += 8) differ |= load<u64>(at) ^ first;
  if (differ == 0) return words;
  const low = <u32>ctz<u64>(differ);
  const high = 64 - <u32>clz<u64>(differ);
  const passes: u32 = (high - low + DIGIT_BITS - 1) / DIGIT_BITS;
  const bits: u32 = (high - low + passes - 1) / passes;
  const mask: u64 = ((<u64>1) << bits) - 1;
  for (let pass = <u32>0; pass < passes; ++pass) {
    const shift = <u64>(low + pass * bits);
    if (!startsDescending(words, count, 8, 0, shift, mask, histogram)) continue;
    for (let at = words, end = words + (count << 3); at < end; at += 8) {
      const word = load<u64>(at);
      const cursor = histogram + ((<usize>((word >> shift) & mask)) << 2);
      const place = load<u32>(cursor);
      store<u32>(cursor, place + 1);
      store<u64>(spare + ((<usize>place) << 3), word);
    }
    const sorted = spare;
    spare = words;
    words = sorted;
  }
  return words;
}

/**
 * Counts the runs of equal words in sorted order. With `apart`, words that occur once move to the front of
 * `words` and all others are written to `runs` as (word u64, count u64), at most count / 2 + knownCount of them;
 * without, all are written to `runs`. `known` holds `knownCount` more (word, count), greatest first, of words
 * that each stand once among `words` for all their occurrences. Returns how many are in `runs`, and stores the
 * number of words left at the front of `words` as a u32 at `once`.
 */
export function countRuns(
  words: usize,
  count: usize,
  known: usize,
  knownCount: usize,
  runs: usize,
  apart: bool,
  once: usize,
): usize {
  const end = words + (count << 3);
  const knownEnd = known + (knownCount << 4);
  const start = runs;
  const front = words;
  let single = words;
  while (words < end) {
    const word = load<u64>(words);
    const first = words;
    do words += 8;
    while (words < end && load<u64>(words) == word);
    let times = <u64>((words - first) >> 3);
    if (known < knownEnd && load<u64>(known) == word) {
      times += load<u64>(known, 8) - 1;
      known += 16;
    }
    if (apart && times == 1) {
      store<u64>(single, word);
      single += 8;
    } else {
      store<u64>(runs, word);
      store<u64>(runs, times, 8);
      runs += 16;
    }
  }
  store<u32>(once, <u32>((single - front) >> 3));
  return (runs - start) >> 4;
}

/** Copies the words in [low, high] to `to` (which may be `words`), in order. Returns how many. */
export function between(words: usize, count: usize, low: u64, high: u64, to: usize): usize {
  const end = words + (count << 3);
  const start = to;
  for (; words < end; words += 8) {
    const word = load<u64>(words);
    store<u64>(to, word);
    to += usize(word >= low && word <= high) << 3;
  }
  return (to - start) >> 3;
}

/**
 * Merges two sorted lists of (word, count), greatest word first, adding the counts of equal words, into `to`.
 * Returns how many came out.
 */
export function mergeRuns(a: usize, aCount: usize, b: usize, bCount: usize, to: usize): usize {
  const aEnd = a + (aCount << 4);
  const bEnd = b + (bCount << 4);
  const start = to;
  while (a < aEnd || b < bEnd) {
    const takeA = a < aEnd && (b >= bEnd || load<u64>(a) >= load<u64>(b));
    const takeB = b < bEnd && (a >= aEnd || load<u64>(b) >= load<u64>(a));
    store<u64>(to, takeA ? load<u64>(a) : load<u64>(b));
    store<u64>(to, (takeA ? load<u64>(a, 8) : 0) + (takeB ? load<u64>(b, 8) : 0), 8);
    if (takeA) a += 16;
    if (takeB) b += 16;
    to += 16;
  }
  return (to - start) >> 4;
}

/**
 * Puts `count` (word, count) runs at `runs` into the order of the rows, the greatest count first and the order
 * they came in among equals; then writes their words alone to `words`, and at `steps` a (count u64, rows u64)
 * for each different count. `spare` is as large as `runs`; `words` may be `runs`, `steps` must be apart.
 * Returns how many steps.
 */
export function orderByCount(
  runs: usize,
  count: usize,
  spare: usize,
  histogram: usize,
  words: usize,
  steps: usize,
): usize {
  if (count == 0) return 0;
  let differ: u64 = 0;
  const first = load<u64>(runs, 8);
  for (let at = runs, end = runs + (count << 4); at < end; at += 16) differ |= load<u64>(at, 8) ^ first;
  const mask: u64 = (1 << DIGIT_BITS) - 1;
  for (let shift: u64 = 0; shift < 64 && differ >> shift != 0; shift += DIGIT_BITS) {
    if (!startsDescending(runs, count, 16, 8, shift, mask, histogram)) continue;
    for (let at = runs, end = runs + (count << 4); at < end; at += 16) {
      const cursor = histogram + ((<usize>((load<u64>(at, 8) >> shift) & mask)) << 2);
      const place = load<u32>(cursor);
      store<u32>(cursor, place + 1);
      v128.store(spare + ((<usize>place) << 4), v128.load(at));
    }
    const sorted = spare;
    spare = runs;
    runs = sorted;
  }
  const start = steps;
  let current = load<u64>(runs, 8);
  let rows: u64 = 0;
  for (let at = runs, end = runs + (count << 4); at < end; at += 16) {
    const word = load<u64>(at);
    const times = load<u64>(at, 8);
    if (times != current) {
      store<u64>(steps, current);
      store<u64>(steps, rows, 8);
      steps += 16;
      current = times;
      rows = 0;
    }
    ++rows;
    store<u64>(words, word);
    words += 8;
  }
  store<u64>(steps, current);
  store<u64>(steps, rows, 8);
  return (steps + 16 - start) >> 4;
}
