import { Crew } from "../kernel/index.ts";
import type { Counts } from "./count.ts";
import type { Histogram } from "./histogram.ts";
import { RunMerger, type WordCounts } from "./run-merger.ts";

/** All that was counted, the least word first, in pieces. */
export async function* countsByWord(counts: Counts): AsyncGenerator<WordCounts, void, undefined> {
  if (counts.kind === "all") {
    yield* histogramByWord(counts.histogram);
    return;
  }
  const rows = [...counts.rows].sort((a, b) => (a.word < b.word ? -1 : 1));
  yield {
    words: BigUint64Array.from(rows, ({ word }) => word),
    counts: BigUint64Array.from(rows, ({ count }) => BigInt(count)),
  };
}

/** What has one count in a part descends, and is a run: a part's words are in order once its runs are merged. */
async function* histogramByWord(histogram: Histogram): AsyncGenerator<WordCounts, void, undefined> {
  const parts = histogram.parts.toReversed();
  const most = parts.reduce((most, part) => Math.max(most, histogram.rowsOf(part)), 0);
  // Memory of its own: the histogram's may be full.
  const crew = new Crew(1);
  try {
    const merger = new RunMerger(crew, most);
    for (const part of parts) {
      for (const batch of histogram.batchesOf(part)) merger.addEqual(histogram.wordsOf(batch), batch.count);
      yield merger.ascending(merger.merge());
    }
  } finally {
    await crew.close();
  }
}
