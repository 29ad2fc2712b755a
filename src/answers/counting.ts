import type { Chunks } from "../kernel/index.ts";
import type { Names } from "../symbols/index.ts";
import { CoregramError, formatBytes, type Listener } from "../terms/index.ts";
import { type Counted, type Counts, countWords, LEAST_MEMORY } from "../words/index.ts";
import { DEFAULT_LIMIT, memoryOf, type ResourceOptions, temporaryFolderOf, threadsOf } from "./options.ts";
import { chunkProgress } from "./progress.ts";

/** Which rows of words are wanted. */
export interface RowOptions {
  /** Rows at the most, 10 by default; Infinity for all. */
  readonly limit?: number | undefined;
  /** The least count of a row, 1 by default. */
  readonly least?: number | undefined;
}

/** The same, decided. */
export interface Wanted {
  readonly limit: number;
  readonly least: number;
  /** Only words with a name. */
  readonly resolved: boolean;
  /** Only words that it is true of; null for all. */
  readonly only: ((word: bigint) => boolean) | null;
  /** All different words are counted, to tell how many there are. */
  readonly distinct: boolean;
}

export function wantedOf(
  { limit, least }: RowOptions,
  {
    resolved = false,
    distinct = false,
    only = null,
  }: Partial<Pick<Wanted, "resolved" | "distinct" | "only">> = {},
): Wanted {
  return { limit: limit ?? DEFAULT_LIMIT, least: least ?? 1, resolved, distinct, only };
}

/** @throws CoregramError `usage` where the memory that may be taken is too little for anything */
export function checkMemory(options: ResourceOptions): void {
  if (memoryOf(options) < LEAST_MEMORY)
    throw new CoregramError("usage", `--memory is ${formatBytes(LEAST_MEMORY)} at the least`);
}

/** Counts what is wanted of the words in scope. The crew of `kind: "all"` is the caller's to close. */
export function count(
  chunks: Chunks,
  wanted: Wanted,
  options: ResourceOptions,
  listener: Listener,
): Promise<Counts> {
  const { name: target } = chunks.from;
  return countWords(chunks, {
    limit: wanted.distinct ? Number.POSITIVE_INFINITY : wanted.limit,
    // The total of different words has those below the least count among them.
    least: wanted.distinct ? 1 : wanted.least,
    filtered: wanted.resolved || wanted.only !== null,
    threads: threadsOf(options),
    memory: memoryOf(options),
    temporaryFolder: temporaryFolderOf(options),
    progress: chunkProgress(listener, chunks),
    sorting: (done, all) => listener({ kind: "progress", target, stage: "sorting", done, all, bytes: null }),
  });
}

/** Ends the threads that the counts were left with, and closes their temporary file. */
export async function closeCounts(counts: Counts): Promise<void> {
  if (counts.kind === "all") await counts.histogram.crew.close();
}

/** The wanted rows, in order. Filters come before the limit. */
export function* selectRows(
  counts: Counts,
  { limit, least, resolved, only }: Wanted,
  names: Names | null,
): Generator<Counted> {
  let left = limit;
  for (const row of countedRows(counts)) {
    if (left === 0 || row.count < least) return;
    if (only !== null && !only(row.word)) continue;
    if (resolved && names?.find(row.word) === null) continue;
    yield row;
    --left;
  }
}

/** All that was counted, by count. */
export function countedRows(counts: Counts): Iterable<Counted> {
  return counts.kind === "top" ? counts.rows : counts.histogram.rows();
}
