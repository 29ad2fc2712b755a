import { type Result, WORDS, type WordRow, type WordsTotals } from "../answers/results/index.ts";
import { formatBytes, formatCount, formatUniqCount, type WordShape } from "../terms/index.ts";
import { tableColumn } from "./column.ts";
import type { Presentation, TableColumn } from "./view.ts";

/**
 * The word histogram.
 * @param options `names: false` (`--no-names`) takes the name column out of the table
 */
export function presentWords(
  { input, totals, rows }: Result<"coregram/words@1">,
  options: { readonly names?: boolean },
): Presentation<WordRow> {
  return {
    lines: rows,
    plain: plainWord,
    table: {
      columns: tableColumns(totals, options.names !== false, input.endian),
      // Only where a table is printed: what is in no row takes a walk over millions of them.
      get foot() {
        return tableFoot(totals);
      },
    },
  };
}

/** `uniq -c`'s row, byte for byte, and behind it two spaces and the name where there is one. */
function plainWord(row: WordRow): string {
  const line = `${formatUniqCount(row.count)} ${row.word}`;
  const name = nameOf(row);
  return name === null ? line : `${line}  ${name}`;
}

/** Maps and modules come before what the core says of its own types. */
function nameOf(row: WordRow): string | null {
  return row.symbol ?? (row.type === null ? null : `type ${row.type}`);
}

/** `'xxxxxxxx'` of a word that is printable ASCII throughout, in the order of memory; else empty. */
function textOf(word: string, endian: WordShape["endian"]): string {
  const bytes = (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  if (!bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return "";
  return `'${String.fromCharCode(...(endian === "little" ? bytes.reverse() : bytes))}'`;
}

function tableColumns(
  totals: WordsTotals,
  names: boolean,
  endian: WordShape["endian"],
): TableColumn<WordRow>[] {
  const columns: TableColumn<WordRow>[] = [
    tableColumn(WORDS.row, "count"),
    { header: "Share", align: "right", cell: (row) => formatShare(row.count, totals.words) },
    tableColumn(WORDS.row, "word"),
  ];
  if (names)
    columns.push({ header: "Name", align: "left", cell: (row) => nameOf(row) ?? textOf(row.word, endian) });
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
