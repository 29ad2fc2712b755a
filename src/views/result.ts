import type { JsonValue, SchemaName, Schemas } from "../answers/index.ts";

/**
 * What a command hands to a format: the frame of its schema, and how the line formats show it.
 *
 * json and ndjson iterate `rows`; plain, table, csv and tsv iterate `entries`, a line each. For most
 * commands both are the same iterable. A command whose row is no line (info: one row with lists in it)
 * gives the lines of it as entries. Only one of the two is iterated, and once, so either may be a generator
 * over millions of rows; nothing may keep them.
 */
export interface Result<Name extends SchemaName, Entry = Schemas[Name]["row"]> {
  readonly schema: Name;
  readonly input: Schemas[Name]["input"];
  readonly totals: Schemas[Name]["totals"];
  readonly rows: Iterable<Schemas[Name]["row"]>;
  readonly entries: Iterable<Entry>;
  /** The entry's line of `--format plain`, without its LF. The format makes it printable. */
  readonly plain: (entry: Entry) => string;
  /** The cells of csv and tsv. */
  readonly fields: readonly Field<Entry>[];
  readonly table: Table<Entry>;
}

/** A column of csv and tsv. */
export interface Field<Entry> {
  /** The JSON key. */
  readonly key: string;
  /** Null is an empty cell; a list or an object is its JSON. */
  readonly value: (entry: Entry) => JsonValue;
}

/** The entries as people read them. */
export interface Table<Entry> {
  readonly columns: readonly TableColumn<Entry>[];
  /**
   * Lines below the entries (the rest, the total), each the cells of the first columns. The last cell of a
   * line is text that may run over the columns right of it.
   */
  readonly foot: readonly (readonly string[])[];
}

export interface TableColumn<Entry> {
  readonly header: string;
  readonly align: "left" | "right";
  /** The cell, with units and separators. The format makes it printable. */
  readonly cell: (entry: Entry) => string;
}
