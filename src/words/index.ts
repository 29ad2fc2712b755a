// Counting words: the proven top N, the full histogram, spilling past a memory budget.
// in: parts of a file as chunks
// out: (word, count) in the order of the rows: by count, then by word, descending
export { countsByWord } from "./by-word.ts";
export { type CountOptions, type Counts, countWords } from "./count.ts";
export { countGiven } from "./count-given.ts";
export type { Counted } from "./counted.ts";
export type { Histogram, RowBatch } from "./histogram.ts";
export { type MergeOptions, mergeCounts, type SortedCounts } from "./merge-counts.ts";
export { RowText } from "./row-text.ts";
export type { WordCounts } from "./run-merger.ts";
export { LEAST_MEMORY } from "./workspace.ts";
