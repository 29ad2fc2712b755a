import type { SchemaName } from "../answers/index.ts";
import { printable } from "../terms/index.ts";
import { gatherLines } from "./chunks.ts";
import type { Format } from "./format.ts";
import type { Result, Table } from "./result.ts";

/** Entries whose cells decide how wide the columns are; later ones may run over. */
const MEASURED_ENTRIES = 1000;
/** A cell wider than this runs over instead of pushing the column off the screen for everyone. */
const WIDEST_CELL = 64;
const GAP = "  ";

/** Select Graphic Rendition (ECMA-48, 8.3.117): bold, faint, and back. */
const BOLD = "\x1b[1m";
const FAINT = "\x1b[2m";
const RESET = "\x1b[0m";

/** For people: a header, units, thousands separators, aligned columns, and what adds up to the total. */
export const table: Format = {
  name: "table",
  render: (result, options) => gatherLines(tableLines(result, options.color)),
};

function* tableLines<Name extends SchemaName, Entry>(
  result: Result<Name, Entry>,
  color: boolean,
): Generator<string> {
  const { columns, foot } = result.table;
  const measured: string[][] = [];
  let widths: number[] | null = null;
  for (const entry of result.entries) {
    const cells = columns.map((column) => printable(column.cell(entry)));
    if (widths) {
      yield alignCells(cells, widths, result.table);
      continue;
    }
    measured.push(cells);
    if (measured.length < MEASURED_ENTRIES) continue;
    widths = measureColumns(measured, result.table);
    yield* startTable(measured, widths, result.table, color);
  }
  if (!widths) {
    widths = measureColumns(measured, result.table);
    yield* startTable(measured, widths, result.table, color);
  }
  for (const cells of foot) {
    yield paint(FAINT, alignCells(cells.map(printable), widths, result.table), color);
  }
}

/** The header and the entries that were held back to be measured. */
function* startTable<Entry>(
  measured: readonly string[][],
  widths: readonly number[],
  table: Table<Entry>,
  color: boolean,
): Generator<string> {
  yield paint(BOLD, alignCells(headerCells(table), widths, table), color);
  for (const cells of measured) yield alignCells(cells, widths, table);
}

function headerCells<Entry>(table: Table<Entry>): string[] {
  return table.columns.map((column) => column.header);
}

function paint(style: string, line: string, color: boolean): string {
  return color ? `${style}${line}${RESET}` : line;
}

/** The widest cell of each column but WIDEST_CELL; the text that ends a foot line does not count. */
function measureColumns<Entry>(measured: readonly string[][], table: Table<Entry>): number[] {
  const widths = headerCells(table).map((header) => header.length);
  for (const cells of [...measured, ...table.foot.map((line) => line.slice(0, -1))]) {
    for (const [index, cell] of cells.entries()) {
      if (cell.length <= WIDEST_CELL) widths[index] = Math.max(widths[index] ?? 0, cell.length);
    }
  }
  return widths;
}

/** One line; nothing is padded behind its last cell. */
function alignCells<Entry>(
  cells: readonly string[],
  widths: readonly number[],
  { columns }: Table<Entry>,
): string {
  const padded = cells.map((cell, index) => {
    const width = widths[index] ?? 0;
    if (columns[index]?.align === "right") return cell.padStart(width);
    return index === cells.length - 1 ? cell : cell.padEnd(width);
  });
  return padded.join(GAP).trimEnd();
}
