import { isPlain, printable } from "../terms/index.ts";
import { gatherLines } from "./chunks.ts";
import type { TextFormat } from "./format.ts";
import { textWidth } from "./text-width.ts";
import type { Table, View } from "./view.ts";

/** Lines whose cells decide how wide the columns are; later ones may run over. */
const MEASURED_LINES = 1000;
/** A cell of more columns than this runs over instead of pushing the column off the screen for everyone. */
const WIDEST_CELL = 64;
const GAP = "  ";

/** Select Graphic Rendition (ECMA-48, 8.3.117): bold, faint, and back. */
const BOLD = "\x1b[1m";
const FAINT = "\x1b[2m";
const RESET = "\x1b[0m";

/** For people: a header, units, thousands separators, aligned columns, and what adds up to the total. */
export const table: TextFormat = {
  name: "table",
  render: (view, options) => gatherLines(tableLines(view, options.color)),
};

function* tableLines({ lines, table }: View, color: boolean): Generator<string> {
  const { columns, foot } = table;
  const measured: string[][] = [];
  let widths: number[] | null = null;
  for (const line of lines) {
    const cells = columns.map((column) => column.cell(line));
    if (widths) {
      yield alignLine(cells, widths, table);
      continue;
    }
    measured.push(cells.map(printable));
    if (measured.length < MEASURED_LINES) continue;
    widths = measureColumns(measured, table);
    yield* startTable(measured, widths, table, color);
  }
  if (!widths) {
    widths = measureColumns(measured, table);
    yield* startTable(measured, widths, table, color);
  }
  for (const cells of foot) {
    yield paint(FAINT, alignCells(cells.map(printable), widths, table).trimEnd(), color);
  }
}

/** The header and the lines that were held back to be measured. */
function* startTable(
  measured: readonly string[][],
  widths: readonly number[],
  table: Table,
  color: boolean,
): Generator<string> {
  yield paint(BOLD, alignCells(headerCells(table), widths, table).trimEnd(), color);
  for (const cells of measured) yield alignCells(cells, widths, table).trimEnd();
}

function headerCells(table: Table): string[] {
  return table.columns.map((column) => column.header);
}

function paint(style: string, line: string, color: boolean): string {
  return color ? `${style}${line}${RESET}` : line;
}

/** The widest cell of each column but WIDEST_CELL; the text that ends a foot line does not count. */
function measureColumns(measured: readonly string[][], table: Table): number[] {
  const widths = headerCells(table).map(textWidth);
  for (const cells of [...measured, ...table.foot.map((line) => line.slice(0, -1))]) {
    for (const [index, cell] of cells.entries()) {
      const width = textWidth(cell);
      if (width <= WIDEST_CELL) widths[index] = Math.max(widths[index] ?? 0, width);
    }
  }
  return widths;
}

/** One line of cells that need not be printable. */
function alignLine(cells: readonly string[], widths: readonly number[], table: Table): string {
  // Nearly all lines are plain ASCII, and one look at the whole is cheaper than two at each cell.
  const line = alignCells(cells, widths, table, (text) => text.length);
  return (isPlain(line) ? line : alignCells(cells.map(printable), widths, table)).trimEnd();
}

/** Nothing is padded behind the last cell, but a gap may end the line. */
function alignCells(
  cells: readonly string[],
  widths: readonly number[],
  { columns }: Table,
  widthOf: (text: string) => number = textWidth,
): string {
  let line = "";
  for (let index = 0; index < cells.length; ++index) {
    const cell = cells[index] ?? "";
    if (index > 0) line += GAP;
    const isRight = columns[index]?.align === "right";
    if (!isRight && index === cells.length - 1) return line + cell;
    const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)));
    line += isRight ? padding + cell : cell + padding;
  }
  return line;
}
