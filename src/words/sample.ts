import { Arena, Chunks, type Crew } from "../kernel/index.ts";

/** Bytes of each piece of the sample: a system call's worth, and few enough of many places. */
const PIECE_BYTES = 2048;

/** Pieces in a sample: 1 MiB. A range that is a hundredth of the file is missed once in e^5 times. */
const PIECES = 512;

/** Words from places all over the input, sorted, with their counts. */
export interface Sample {
  /** Words in all. */
  readonly words: number;
  /** Different words, greatest first, and how often each was seen. */
  readonly distinct: BigUint64Array;
  readonly counts: Uint32Array;
  /** All that were seen at least `least` times, most frequent first, at most `most`. */
  likely(least: number, most: number): bigint[];
}

/**
 * Reads the sample: a few milliseconds from the page cache. Of a small input it is all of it.
 *
 * One piece of each of 512 stretches, at a place that `random` ([0, 1)) picks, so that nobody can make a file that
 * shows the sample something else than what it holds. Only the speed depends on the sample, never the rows.
 */
export function takeSample(crew: Crew, chunks: Chunks, random: () => number = Math.random): Sample {
  const { arena, kernel } = crew;
  const pieces = new Chunks(chunks, chunks.extents, chunks.shape, PIECE_BYTES);
  const taken = Math.min(PIECES, pieces.count);
  const pieceWords = PIECE_BYTES / 8;
  const front = arena.place(taken * PIECE_BYTES);
  const back = arena.place(taken * PIECE_BYTES);
  const runs = arena.place(taken * PIECE_BYTES * 2);
  const histogram = arena.place(8192);
  const once = arena.place(8);
  let words = 0;
  for (let i = 0; i < taken; ++i) {
    const piece = pieces.at(Math.floor(((i + random()) * pieces.count) / taken));
    words += pieces.read(piece, kernel, arena.memory, front + words * 8);
  }
  if (words > taken * pieceWords) throw new RangeError("sample overran");
  const sorted = kernel.sortDescending(front, back, words, histogram) >>> 0;
  const found = kernel.countRuns(sorted, words, 0, 0, runs, 0, once) >>> 0;
  const pairs = new BigUint64Array(arena.memory.buffer, runs, 2 * found);
  const halves = new Uint32Array(arena.memory.buffer, runs, 4 * found);
  const distinct = new BigUint64Array(found);
  const counts = new Uint32Array(found);
  for (let i = 0; i < found; ++i) {
    distinct[i] = pairs[2 * i] ?? 0n;
    counts[i] = Arena.count(halves, 2 * i + 1);
  }
  return {
    words,
    distinct,
    counts,
    likely(least, most) {
      const places: number[] = [];
      counts.forEach((count, i) => {
        if (count >= least) places.push(i);
      });
      // The sort is stable, so that equals stay in the order of the words.
      places.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
      return places.slice(0, most).map((i) => distinct[i] ?? 0n);
    },
  };
}
