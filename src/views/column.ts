import type { Column, JsonValue } from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import type { TableColumn } from "./view.ts";

/**
 * A table's column as its descriptor has it: the title; numbers to the right, bytes with their unit, counts with
 * separators, a difference with its sign, empty where it is null.
 * @param cell where the cell says more, or less, than that
 */
export function tableColumn<Key extends string, Line extends { readonly [K in Key]: JsonValue }>(
  columns: { readonly [K in Key]: Column },
  key: Key,
  cell?: (line: Line) => string,
): TableColumn<Line> {
  const column: Column = columns[key];
  return {
    header: column.title ?? key,
    align: NUMBERS.has(column.kind) ? "right" : "left",
    cell: cell ?? ((line) => formatValue(column, line[key])),
  };
}

const NUMBERS: ReadonlySet<Column["kind"]> = new Set(["count", "bytes", "number", "real"] as const);

function formatValue(column: Column, value: JsonValue): string {
  if (value === null) return "";
  if (typeof value !== "number") return String(value);
  if (column.kind !== "count" && column.kind !== "bytes") return String(value);
  const format = column.kind === "bytes" ? formatBytes : formatCount;
  return column.signed ? signed(value, format) : format(value);
}

/** A difference: never without its sign, + for none. */
export function signed(value: number, format: (value: number) => string): string {
  return `${value < 0 ? "-" : "+"}${format(Math.abs(value))}`;
}

/** Columns of the plain format that hold a count of objects, or bytes; what is wider makes the row wider. */
const COUNT_WIDTH = 9;
const BYTES_WIDTH = 12;

export function plainCount(count: number | string): string {
  return String(count).padStart(COUNT_WIDTH);
}

export function plainBytes(bytes: number | string): string {
  return String(bytes).padStart(BYTES_WIDTH);
}

/** What is compared, and what a word is called, as the histogram has it. */
export function nameWithSymbol({
  name,
  symbol,
}: {
  readonly name: string;
  readonly symbol: string | null;
}): string {
  return symbol === null ? name : `${name}  ${symbol}`;
}
