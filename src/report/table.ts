import { formatCount } from "../terms/index.ts";
import { type Element, element, type Given } from "./element.ts";
import { bytesFigure, changeFigure } from "./figures.ts";

/** A column of a table on the page. The same in the file and in the browser, which sorts and searches by `of`. */
export interface PageColumn<Row> {
  readonly key: string;
  readonly title: string;
  readonly kind: "bytes" | "change" | "count" | "difference" | "text" | "code";
  /** What it is sorted by; null comes last. */
  of(row: Row): number | string | null;
  /** The cell, where it says more than the value. */
  cell?(row: Row): Given;
}

/** A table of the page. */
export interface PageTable<Row> {
  readonly name: string;
  /** What its rows are. */
  readonly noun: string;
  readonly caption: string;
  readonly columns: readonly PageColumn<Row>[];
  /** The column that rows come by, biggest first. */
  readonly sorted: string;
}

/** Rows that stand in the file as a table; the rest is data, which the page's program shows. */
export const STATIC_ROWS = 50;

/** The table with its first rows. `foot` is lines below: what is in no row, and the total. */
export function tableOf<Row>(
  table: PageTable<Row>,
  rows: readonly Row[],
  foot: readonly (readonly Given[])[] = [],
): Element {
  return element(
    "div",
    { class: "scroll", role: "region", "aria-label": table.caption, tabindex: 0 },
    element(
      "table",
      { "data-table": table.name },
      element("caption", {}, table.caption),
      element("thead", {}, element("tr", {}, table.columns.map(header(table)))),
      element(
        "tbody",
        {},
        rows.slice(0, STATIC_ROWS).map((row) => rowOf(table, row)),
      ),
      foot.length > 0 &&
        element(
          "tfoot",
          {},
          foot.map((cells) =>
            element(
              "tr",
              {},
              table.columns.map((column, index) =>
                element("td", isNumber(column) ? { class: "number" } : {}, cells[index] ?? null),
              ),
            ),
          ),
        ),
    ),
  );
}

function header<Row>({ sorted }: PageTable<Row>): (column: PageColumn<Row>) => Element {
  return (column) =>
    element(
      "th",
      {
        scope: "col",
        "data-key": column.key,
        class: isNumber(column) ? "number" : null,
        "aria-sort": column.key === sorted ? "descending" : null,
      },
      column.title,
    );
}

/** A row; its first cell is its header. */
export function rowOf<Row>({ columns }: PageTable<Row>, row: Row): Element {
  return element(
    "tr",
    {},
    columns.map((column, index) =>
      element(
        index === 0 ? "th" : "td",
        {
          ...(index === 0 ? { scope: "row" } : {}),
          ...(isNumber(column) ? { class: "number" } : column.kind === "code" ? { class: "code" } : {}),
        },
        column.cell === undefined ? figureOf(column, row) : column.cell(row),
      ),
    ),
  );
}

export function isNumber({ kind }: Pick<PageColumn<unknown>, "kind">): boolean {
  return kind !== "text" && kind !== "code";
}

function figureOf<Row>(column: PageColumn<Row>, row: Row): Given {
  const value = column.of(row);
  if (value === null || typeof value === "string") return value;
  if (column.kind === "bytes") return bytesFigure(value);
  if (column.kind === "change") return changeFigure(value);
  if (column.kind === "difference") return `${value < 0 ? "−" : "+"}${formatCount(Math.abs(value))}`;
  return formatCount(value);
}
