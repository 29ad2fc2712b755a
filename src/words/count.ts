import { type Chunks, Crew, type Progress } from "../kernel/index.ts";
import type { Counted } from "./counted.ts";
import type { Histogram } from "./histogram.ts";
import { takeSample } from "./sample.ts";
import { sortWords } from "./sort-words.ts";
import { topWords } from "./top.ts";
import { FOLD_AFTER } from "./totals.ts";

/** Above this many wanted rows the proof of the top N costs more than sorting everything. */
export const TOP_LIMIT = 5000;

/** A worker takes 30 ms to start: it is worth it where there is more than that to do. */
const WORKER_BYTES = 64 * 2 ** 20;

/** What a thread needs for its tables, its buffers and its share of the blocks. */
const THREAD_MEMORY = 16 * 2 ** 20;

export interface CountOptions {
  /** Rows wanted; Infinity for all. */
  readonly limit: number;
  /** The least count wanted, at least 1. */
  readonly least: number;
  /** True where rows will be left out by their word: then all are needed to find the first `limit`. */
  readonly filtered: boolean;
  /** Threads, the main one included. */
  readonly threads: number;
  /** Bytes that may be taken before spilling. */
  readonly memory: number;
  /** Where the unlinked temporary files are made. */
  readonly temporaryFolder: string;
  /** Words after which 32-bit counters are emptied; for tests of that alone. */
  readonly foldAfter?: number;
  /** Bytes from which on more than one thread is worth it; for tests of the threads alone. */
  readonly workerBytes?: number;
  /** [0, 1), where in each stretch the sample looks; for tests of a sample that misses things. */
  readonly random?: () => number;
  /** Probes that the sample takes at most; for tests of small inputs that it does not hold all of. */
  readonly sampleProbes?: number;
  readonly progress?: Progress;
  /** How far the sort of the parts is, once all words are read. */
  readonly sorting?: Progress;
}

/** The first rows, or all of them. */
export type Counts =
  | { readonly kind: "top"; readonly rows: readonly Counted[] }
  | { readonly kind: "all"; readonly histogram: Histogram };

/**
 * Counts the words of `chunks`, exactly. The same rows come out whatever the threads and the memory.
 * @throws CoregramError `changed` or `io` where the input cannot be read, `limit` where memory or disk run out
 */
export async function countWords(chunks: Chunks, options: CountOptions): Promise<Counts> {
  const crew = new Crew(threadsFor(chunks, options));
  try {
    const counts = await countWith(crew, chunks, options);
    if (counts.kind === "top") await crew.close();
    return counts;
  } catch (error) {
    // Nothing may go on reading or spilling once the caller knows.
    await crew.close();
    throw error;
  }
}

function threadsFor(chunks: Chunks, { threads, memory, workerBytes = WORKER_BYTES }: CountOptions): number {
  if (chunks.bytes < workerBytes) return 1;
  return Math.max(1, Math.min(threads, Math.floor(memory / THREAD_MEMORY)));
}

async function countWith(crew: Crew, chunks: Chunks, options: CountOptions): Promise<Counts> {
  const foldAfter = options.foldAfter ?? FOLD_AFTER;
  const sample = takeSample(crew, chunks, options.random, options.sampleProbes);
  if (!options.filtered && (options.limit <= TOP_LIMIT || options.least > chunks.words / TOP_LIMIT)) {
    const wanted = { limit: Math.min(options.limit, TOP_LIMIT), least: options.least };
    if (sample.words === chunks.words) return { kind: "top", rows: sample.top(wanted.limit, wanted.least) };
    const rows = await topWords(crew, chunks, sample, wanted, foldAfter, options.progress);
    if (rows) return { kind: "top", rows };
  }
  return { kind: "all", histogram: await sortWords(crew, chunks, sample, { ...options, foldAfter }) };
}
