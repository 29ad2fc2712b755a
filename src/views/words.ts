import type { WordRow, WordsInput, WordsTotals } from "../answers/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import type { Result, TableColumn } from "./result.ts";

/** Columns that `sort | uniq -c` gives a count; wider counts make the row wider. */
const PLAIN_COUNT_WIDTH = 7;

/**
 * The word histogram as a result. `totals` must be final before the rows are iterated.
 * `names: false` (`--no-names`) takes the name column out of the table; csv, tsv and JSON keep their keys,
 * empty or null, so that no reader sees another shape.
 */
export function wordsResult(
  input: WordsInput,
  totals: WordsTotals,
  rows: Iterable<WordRow>,
  options: { readonly names: boolean },
): Result<"coregram/words@1"> {
  return {
    schema: "coregram/words@1",
    input,
    totals,
    rows,
    entries: rows,
    plain: plainWord,
    fields: [
      { key: "count", value: (row) => row.count },
      { key: "word", value: (row) => row.word },
      { key: "symbol", value: (row) => row.symbol },
      { key: "type", value: (row) => row.type },
    ],
    table: { columns: tableColumns(totals, options.names), foot: tableFoot(totals) },
  };
}

/** A count as `uniq -c` prints it. */
export function plainCount(count: number): string {
  return String(count).padStart(PLAIN_COUNT_WIDTH);
}

/** `uniq -c`'s row, byte for byte, and behind it two spaces and the name where there is one. */
function plainWord(row: WordRow): string {
  const line = `${plainCount(row.count)} ${row.word}`;
  const name = nameOf(row);
  return name === null ? line : `${line}  ${name}`;
}

/** Maps and modules come before what the core says of its own types. */
function nameOf(row: WordRow): string | null {
  return row.symbol ?? (row.type === null ? null : `type ${row.type}`);
}

function tableColumns(totals: WordsTotals, names: boolean): TableColumn<WordRow>[] {
  const columns: TableColumn<WordRow>[] = [
    { header: "Count", align: "right", cell: (row) => formatCount(row.count) },
    { header: "Share", align: "right", cell: (row) => formatShare(row.count, totals.words) },
    { header: "Word", align: "left", cell: (row) => row.word },
  ];
  if (names) columns.push({ header: "Name", align: "left", cell: (row) => nameOf(row) ?? "" });
  return columns;
}

/** The rest, unless it is empty, and the total: rows and rest add up to it. */
function tableFoot(totals: WordsTotals): string[][] {
  const { bytes, words, distinct, restCount } = totals;
  const foot: string[][] = [];
  if (restCount > 0) {
    foot.push([formatCount(restCount), formatShare(restCount, words), "… more words, in no row"]);
  }
  const different = distinct === null ? "" : `, ${formatCount(distinct)} distinct`;
  foot.push([
    formatCount(words),
    formatShare(words, words),
    `words in all${different}, ${formatBytes(bytes)}`,
  ]);
  return foot;
}

/** `24.9 %` of the whole; `<0.1 %` where one decimal would say that it is nothing. */
function formatShare(count: number, whole: number): string {
  if (whole === 0) return "";
  const percent = (100 * count) / whole;
  return percent > 0 && percent < 0.05 ? "<0.1 %" : `${percent.toFixed(1)} %`;
}
