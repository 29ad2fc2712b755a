import {
  type BlockList,
  Crew,
  type Group,
  type Progress,
  readSteps,
  type Spill,
  takeSpill,
  writePlace,
} from "../kernel/index.ts";
import { CoregramError, formatBytes } from "../terms/index.ts";
import { type Counts, TOP_LIMIT } from "./count.ts";
import { type Counted, compareCounted } from "./counted.ts";
import { Histogram } from "./histogram.ts";
import { openSpill } from "./open-spill.ts";
import { RunMerger, type WordCounts } from "./run-merger.ts";

/** What was counted somewhere else: different words, ascending throughout, in groups that are read one at a time. */
export interface SortedCounts {
  /** Rows of each group. */
  readonly groups: readonly number[];
  /** The rows of a group, valid for as long as they are kept. */
  read(group: number): Promise<WordCounts>;
}

export interface MergeOptions {
  /** Rows wanted; Infinity for all. */
  readonly limit: number;
  /** The least count wanted, at least 1. */
  readonly least: number;
  /** True where rows will be left out by their word: then all are needed to find the first `limit`. */
  readonly filtered: boolean;
  /** Bytes that may be taken before spilling. */
  readonly memory: number;
  readonly temporaryFolder: string;
  /** Rows read, of all. */
  readonly progress?: Progress;
}

/** A row as it waits in memory: a word and its count. */
const ROW_BYTES = 16;
/** `orderByCount`'s digits. */
const DIGIT_BYTES = 8192;
/** Kept of the kernel's memory for the rows as they are printed. */
const PRINTED_BYTES = 2 ** 20;
/** Rows between two turns of timers and signals are those of a group; this many before the progress is told. */
const TOLD_ROWS = 2 ** 18;

/**
 * Adds up what was counted in parts: the same rows as `countWords` would have found in all of it. From each part one group
 * is in memory; up to the least of their last words all counts are known, so these are merged and done with.
 * @throws CoregramError `limit` where memory or disk run out, and what `read` throws
 */
export async function mergeCounts(parts: readonly SortedCounts[], options: MergeOptions): Promise<Counts> {
  const room = parts.reduce((sum, { groups }) => sum + groups.reduce((a, b) => Math.max(a, b), 0), 0);
  // As they were read, twice to be merged, and a step for each at the most.
  const taken = RunMerger.bytes(room) + 2 * room * ROW_BYTES;
  if (taken > options.memory)
    throw new CoregramError(
      "limit",
      `${parts.length} parts take ${formatBytes(taken)} to be merged: set --memory to more`,
    );
  const crew = new Crew(1);
  try {
    const merger = new RunMerger(crew, room);
    const isTop = !options.filtered && options.limit <= TOP_LIMIT;
    const sink = isTop
      ? new TopSink(merger, options)
      : new HistogramSink(crew, room, options.memory - room * ROW_BYTES, options.temporaryFolder);
    await mergeInto(parts, merger, sink, options.progress);
    const counts = sink.finish();
    if (counts.kind === "top") await crew.close();
    return counts;
  } catch (error) {
    await crew.close();
    throw error;
  }
}

/** Rows that are done: greater and greater words, each time the greatest first. */
interface Sink {
  take(run: { readonly at: number; readonly rows: number; readonly spare: number }): void | Promise<void>;
  finish(): Counts;
}

/** Where a part is. */
interface Cursor {
  readonly part: SortedCounts;
  group: number;
  rows: WordCounts;
  at: number;
}

async function mergeInto(
  parts: readonly SortedCounts[],
  merger: RunMerger,
  sink: Sink,
  progress?: Progress,
): Promise<void> {
  const all = parts.reduce((sum, { groups }) => sum + groups.reduce((a, b) => a + b, 0), 0);
  let open: Cursor[] = [];
  for (const part of parts) {
    const cursor = { part, group: -1, rows: NO_ROWS, at: 0 };
    if (await advance(cursor)) open.push(cursor);
  }
  let read = 0;
  let told = 0;
  while (open.length > 0) {
    let bound = open[0]?.rows.words.at(-1) ?? 0n;
    for (const { rows } of open) {
      const last = rows.words.at(-1) ?? 0n;
      if (last < bound) bound = last;
    }
    let isUsedUp = false;
    for (const cursor of open) {
      const end = firstAbove(cursor.rows.words, cursor.at, bound);
      if (end > cursor.at) merger.addAscending(cursor.rows, cursor.at, end);
      read += end - cursor.at;
      cursor.at = end;
      isUsedUp ||= end === cursor.rows.words.length;
    }
    await sink.take(merger.merge());
    if (isUsedUp) {
      const left: Cursor[] = [];
      for (const cursor of open)
        if (cursor.at < cursor.rows.words.length || (await advance(cursor))) left.push(cursor);
      open = left;
    }
    if (read - told < TOLD_ROWS) continue;
    told = read;
    progress?.(read, all);
    // Timers, signals and the progress line get their turn.
    await new Promise(setImmediate);
  }
}

const NO_ROWS: WordCounts = { words: new BigUint64Array(0), counts: new BigUint64Array(0) };

/** Reads the next group that has rows; false where there is none. */
async function advance(cursor: Cursor): Promise<boolean> {
  const { groups } = cursor.part;
  do cursor.group += 1;
  while (groups[cursor.group] === 0);
  if (cursor.group >= groups.length) return false;
  cursor.rows = await cursor.part.read(cursor.group);
  cursor.at = 0;
  return true;
}

/** Of words that ascend, the first from `from` on that is greater than `bound`. */
function firstAbove(words: BigUint64Array, from: number, bound: bigint): number {
  let low = from;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] ?? 0n) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first `limit` rows. */
class TopSink implements Sink {
  readonly #merger: RunMerger;
  readonly #limit: number;
  #rows: Counted[] = [];
  #least: number;

  constructor(merger: RunMerger, { limit, least }: MergeOptions) {
    this.#merger = merger;
    this.#limit = limit;
    this.#least = least;
  }

  take(run: { readonly at: number; readonly rows: number }): void {
    this.#merger.scan(
      run,
      () => this.#least,
      (word, count) => {
        this.#rows.push({ word, count });
        if (this.#rows.length >= 2 * this.#limit + TOP_LIMIT) this.#trim();
      },
    );
    this.#trim();
  }

  /** What is as frequent as the last may still come before it, by its word. */
  #trim(): void {
    if (this.#rows.length <= this.#limit) return;
    this.#rows.sort(compareCounted);
    this.#rows.length = this.#limit;
    this.#least = Math.max(this.#least, this.#rows.at(-1)?.count ?? 1);
  }

  finish(): Counts {
    return { kind: "top", rows: this.#rows.sort(compareCounted) };
  }
}

/** All rows: a group of a histogram each time, in the kernel's memory, then in a temporary file. */
class HistogramSink implements Sink {
  readonly #crew: Crew;
  readonly #budget: number;
  readonly #temporaryFolder: string;
  readonly #histogram: number;
  readonly #steps: number;
  readonly #groups: Omit<Group, "part">[] = [];
  #spill: Spill | null = null;

  constructor(crew: Crew, room: number, budget: number, temporaryFolder: string) {
    this.#crew = crew;
    this.#budget = budget;
    this.#temporaryFolder = temporaryFolder;
    this.#histogram = crew.memory.place(DIGIT_BYTES);
    this.#steps = crew.memory.place((room + 1) * ROW_BYTES);
  }

  async take(run: { readonly at: number; readonly rows: number; readonly spare: number }): Promise<void> {
    const { kernel, memory } = this.#crew;
    const { at, rows, spare } = run;
    if (rows === 0) return;
    const place = await this.#place(rows * 8);
    // The words stand where the runs were, or where they were moved to.
    const steps = kernel.orderByCount({
      runs: at,
      count: rows,
      spare,
      histogram: this.#histogram,
      words: at,
      steps: this.#steps,
    });
    writePlace(memory.wasm, this.#spill, place, at, rows * 8);
    this.#groups.push({ round: 0, place, steps: readSteps(memory.wasm, this.#steps, steps, 0) });
  }

  async #place(bytes: number): Promise<number> {
    const { memory } = this.#crew;
    const left = Math.min(this.#budget - memory.bytes, memory.free - PRINTED_BYTES);
    if (bytes < left) return memory.place(bytes, 8);
    this.#spill ??= await openSpill(this.#crew, this.#temporaryFolder);
    return takeSpill(this.#spill, bytes);
  }

  /** Parts are counted from the greatest words on. */
  finish(): Counts {
    const groups = this.#groups.map((group, index) => ({ ...group, part: this.#groups.length - 1 - index }));
    return { kind: "all", histogram: new Histogram(this.#crew, groups, NO_BLOCKS, this.#spill) };
  }
}

/** All groups have places of their own. */
const NO_BLOCKS: BlockList = {
  firsts: new Uint32Array(1),
  words: new Uint32Array(0),
  place: new Float64Array(0),
};
