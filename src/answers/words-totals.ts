import type { Names } from "../symbols/index.ts";
import type { Counts } from "../words/index.ts";
import { selectRows, type Wanted } from "./counting.ts";
import type { WordsTotals } from "./results/index.ts";

/**
 * The totals of a histogram. `restCount` takes a walk over the rows, which is made when it is first read: who prints
 * millions of rows without totals need not pay for it.
 */
export function wordsTotals(
  { bytes, words }: { readonly bytes: number; readonly words: number },
  counts: Counts,
  wanted: Wanted,
  names: Names | null,
): WordsTotals {
  let restCount: number | null = null;
  return {
    bytes,
    words,
    distinct: wanted.distinct ? distinctOf(counts) : null,
    get restCount() {
      restCount ??= words - shownWords(counts, wanted, names);
      return restCount;
    },
  };
}

function shownWords(counts: Counts, wanted: Wanted, names: Names | null): number {
  let shown = 0;
  for (const { count } of selectRows(counts, wanted, names)) shown += count;
  return shown;
}

// Only where all words were counted: few of them may have come out as a top N that is long enough.
function distinctOf(counts: Counts): number {
  return counts.kind === "all" ? counts.histogram.distinct : counts.rows.length;
}
