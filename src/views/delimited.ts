import type { JsonValue } from "../answers/results/index.ts";
import { printable } from "../terms/index.ts";
import { gatherLines } from "./chunks.ts";
import type { TextFormat } from "./format.ts";
import { delimitedColumns, type View } from "./view.ts";

/** RFC 4180, but with LF line ends, which is what every tool in a pipe expects. */
export const csv: TextFormat = {
  name: "csv",
  render: (view) => gatherLines(delimitedLines(view, ",", quoteCell)),
};

/**
 * Tab-separated, nothing quoted: cut, awk and `sort -t` know no quotes. No quotes are needed either:
 * printable cells hold no tab and no line end (IANA text/tab-separated-values forbids them in a cell).
 */
export const tsv: TextFormat = {
  name: "tsv",
  render: (view) => gatherLines(delimitedLines(view, "\t", (cell) => cell)),
};

function* delimitedLines(view: View, delimiter: string, quote: (cell: string) => string): Generator<string> {
  const { columns, lines } = delimitedColumns(view);
  const keys = Object.keys(columns);
  yield keys.map(quote).join(delimiter);
  for (const line of lines) yield keys.map((key) => quote(formatCell(line[key] ?? null))).join(delimiter);
}

/**
 * A spreadsheet runs a cell that begins with one of these as a formula, quoted or not (OWASP, "CSV
 * injection"), and names come from files that may be hostile. Such a name starts with an escape like those
 * of `printable`: `\x3dHYPERLINK(…)`. Numbers are ours, and -1 stays -1; JSON has every name unchanged.
 */
const FORMULA_START = /^[=+\-@]/;

function formatCell(value: JsonValue): string {
  if (value === null) return "";
  if (typeof value === "string") {
    return printable(value).replace(FORMULA_START, (start) => `\\x${start.charCodeAt(0).toString(16)}`);
  }
  return typeof value === "object" ? printable(JSON.stringify(value)) : String(value);
}

/** RFC 4180, section 2, rules 5 to 7. */
function quoteCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
