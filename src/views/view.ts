import type { Columns, JsonObject, ResultColumns } from "../answers/results/index.ts";

/**
 * What a format is given: a result with its descriptor, and how its lines look.
 *
 * json and ndjson iterate `rows`; plain and table iterate `lines`. For most results both are the same iterable; one
 * whose row is no line (info: one row with lists in it) has lines of its own. csv and tsv have the rows, or those lines
 * where the descriptor has columns for them. Only one of the two is iterated, and once, so either may be a generator
 * over millions; nothing may keep them.
 */
export interface View extends Presentation<unknown> {
  readonly columns: ResultColumns;
  /** What was taken out of it; null where nothing was. */
  readonly redacted: JsonObject | null;
  readonly input: JsonObject;
  readonly totals: JsonObject;
  readonly rows: Iterable<JsonObject>;
  /** Ready text of the plain format; null where it is made of the lines. */
  readonly plainChunks: (() => Iterable<Uint8Array>) | null;
}

/**
 * How a result's lines look. Its functions are methods, which TypeScript lets take `unknown` where all kinds of lines
 * stand in one list: lines and functions come from one place and fit each other.
 */
export interface Presentation<Line> {
  readonly lines: Iterable<Line>;
  /** What csv and tsv have in place of the lines: all that a screen has no room for. The lines where undefined. */
  readonly records?: Iterable<JsonObject>;
  /** Weights of what the rows are about, by where that is: for `--format flamegraph`, which else there is not. */
  readonly stacks?: Iterable<FoldedStack>;
  /** The lines of `--format pyspy`, which else there is not. */
  readonly dump?: Iterable<string>;
  /** For `--format dot`, which else there is not. */
  readonly graph?: PathGraph;
  /** The line of `--format plain`, without its LF. The format makes it printable. */
  plain(line: Line): string;
  readonly table: Table<Line>;
}

/** From the root on, and a whole number: bytes, or threads. */
export interface FoldedStack {
  readonly frames: readonly string[];
  readonly weight: number;
}

/** Objects, as lines of text, and what leads from one to another, by their places. A guess may be no reference. */
export interface PathGraph {
  readonly nodes: readonly (readonly string[])[];
  readonly edges: readonly {
    readonly from: number;
    readonly to: number;
    readonly label: string;
    readonly isGuess: boolean;
  }[];
}

/** The lines as people read them. */
export interface Table<Line = unknown> {
  readonly columns: readonly TableColumn<Line>[];
  /**
   * Lines below (the rest, the total), each the cells of the first columns. The last cell of a line is text that may run
   * over the columns right of it.
   */
  readonly foot: readonly (readonly string[])[];
}

export interface TableColumn<Line> {
  readonly header: string;
  readonly align: "left" | "right";
  /** The cell, with units and separators. The format makes it printable. */
  cell(line: Line): string;
}

/** The columns of csv and tsv, and what has them. */
export function delimitedColumns(view: View): { columns: Columns; lines: Iterable<JsonObject> } {
  const { row, lines } = view.columns;
  // The lines of such a result are made to these columns.
  if (lines) return { columns: lines, lines: view.records ?? (view.lines as Iterable<JsonObject>) };
  return { columns: row, lines: view.rows };
}
