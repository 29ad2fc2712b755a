import { Chunks, type Crew, KernelMemory } from "../kernel/index.ts";
import type { Counted } from "./counted.ts";

/** Bytes of each probe of the sample: a system call's worth, and few enough of many places. */
const PROBE_BYTES = 2048;

/** Probes in a sample: 1 MiB. A range that is a hundredth of the file is missed once in e^5 times. */
const PROBES = 512;

/** Words from places all over the input, sorted, with their counts. */
export interface Sample {
  /** Words in all. */
  readonly words: number;
  /** Different words, greatest first, and how often each was seen. */
  readonly distinct: BigUint64Array;
  readonly counts: Uint32Array;
  /** All that were seen at least `least` times, most frequent first, at most `most`. */
  likely(least: number, most: number): bigint[];
  /** The same with their counts: where the sample is all of the input, its first rows. */
  top(limit: number, least: number): Counted[];
}

/**
 * Reads the sample: a few milliseconds from the page cache. Of a small input it is all of it.
 *
 * One probe of each of 512 stretches, at a place that `random` ([0, 1)) picks, so that nobody can make a file that
 * shows the sample something else than what it holds. Only the speed depends on the sample, never the rows.
 */
export function takeSample(
  crew: Crew,
  chunks: Chunks,
  random: () => number = Math.random,
  most = PROBES,
): Sample {
  const { memory, kernel } = crew;
  const probes = new Chunks(chunks.from, chunks.extents, chunks.shape, PROBE_BYTES);
  const taken = Math.min(most, probes.count);
  const probeWords = PROBE_BYTES / 8;
  const front = memory.place(taken * PROBE_BYTES);
  const back = memory.place(taken * PROBE_BYTES);
  const runs = memory.place(taken * PROBE_BYTES * 2);
  const histogram = memory.place(8192);
  const once = memory.place(8);
  let words = 0;
  for (let i = 0; i < taken; ++i) {
    const probe = probes.at(Math.floor(((i + random()) * probes.count) / taken));
    words += probes.read(probe, kernel, memory.wasm, front + words * 8);
  }
  if (words > taken * probeWords) throw new RangeError("sample overran");
  const sorted = kernel.sortDescending(front, back, words, histogram);
  const found = kernel.countRuns({
    words: sorted,
    count: words,
    known: 0,
    knownCount: 0,
    runs,
    apart: 0,
    once,
  });
  const pairs = new BigUint64Array(memory.buffer, runs, 2 * found);
  const halves = new Uint32Array(memory.buffer, runs, 4 * found);
  const distinct = new BigUint64Array(found);
  const counts = new Uint32Array(found);
  for (let i = 0; i < found; ++i) {
    distinct[i] = pairs[2 * i] ?? 0n;
    counts[i] = KernelMemory.count(halves, 2 * i + 1);
  }
  return {
    words,
    distinct,
    counts,
    likely(least, most) {
      return mostFrequent(counts, least, most).map((i) => distinct[i] ?? 0n);
    },
    top(limit, least) {
      return mostFrequent(counts, least, limit).map((i) => ({
        word: distinct[i] ?? 0n,
        count: counts[i] ?? 0,
      }));
    },
  };
}

/** Counts from here on are few enough in a sample to be sorted. */
const MANY = 256;

// The indices of the `most` greatest counts of at least `least`, greatest first, equals in their order. A sample has a
// hundred thousand words that it saw once: those are not sorted, only taken in order until there are enough.
function mostFrequent(counts: Uint32Array, least: number, most: number): number[] {
  const tally = new Uint32Array(MANY + 1);
  for (const count of counts) {
    const at = Math.min(count, MANY);
    tally[at] = (tally[at] ?? 0) + 1;
  }
  // The greatest count that enough words reach; what reaches MANY is not told apart by it.
  let bar = MANY;
  for (let reach = tally[MANY] ?? 0; bar > least && reach < most; reach += tally[bar] ?? 0) --bar;
  const above: number[] = [];
  const equal: number[] = [];
  counts.forEach((count, i) => {
    if (count > bar || count >= MANY) above.push(i);
    else if (count === bar && equal.length < most) equal.push(i);
  });
  // The sort is stable.
  above.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
  return [...above, ...equal].slice(0, most).filter((i) => (counts[i] ?? 0) >= least);
}
